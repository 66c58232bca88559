// @ts-check
/**
 * Calls of a buyer's page: with the page's CSRF token, patient on slow lines. No newer engine than Chromium 93 or
 * Safari 15.4 is asked for, so no AbortSignal.timeout.
 */
import { t } from "../i18n.js";

const ROOT = "/api/v1/public";
const TIMEOUT_MS = 20_000;

/** A refused or unanswered call. `code` as in studio/errors.py, "offline" when no answer came. */
export class Problem extends Error {
  /**
   * @param {number} status 0 without an answer
   * @param {string} code
   * @param {string} detail for people
   * @param {Record<string, any>} document the server's problem document
   */
  constructor(status, code, detail, document = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.document = document;
  }
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Response>}
 * @throws {Problem} without an answer
 */
export async function ask(address, options = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(address, { credentials: "same-origin", signal: limit.signal, ...options });
    await response.clone().text(); // the limit holds for the whole answer
    return response;
  } catch {
    throw new Problem(0, "offline", t("网络不通，请稍后再试"));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} method
 * @param {string} path below /api/v1/public
 * @param {object | FormData} [body]
 * @param {Record<string, string>} [more] headers
 * @returns {Promise<any>} the answer's JSON, null when there is none
 * @throws {Problem}
 */
export async function call(method, path, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json, application/problem+json", "X-CSRF-Token": token(), ...more };
  const form = body instanceof FormData;
  if (body && !form) headers["Content-Type"] = "application/json";
  const response = await ask(ROOT + path, { method, headers, body: form ? body : body && JSON.stringify(body) });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const document = answer && typeof answer === "object" ? answer : {};
  const detail = String(document.detail || t("没有办成，请稍后再试"));
  throw new Problem(response.status, String(document.code || "http"), detail, document);
}

/** A fresh idempotency key. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID wants https
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function token() {
  return document.querySelector("meta[name=csrf]")?.getAttribute("content") ?? "";
}
