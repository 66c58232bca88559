// @ts-check
/**
 * The JSON API of the studio (`/api/v1`): commands go this way, facts come back by socket.
 *
 * @module api
 */
import { t } from "./i18n.js";

const ROOT = "/api/v1";

/**
 * A refused or failed call: the server's RFC 9457 problem document, or `code: "offline"` when no answer came.
 * `detail` is meant for people, in the page's language.
 */
export class Problem extends Error {
  /**
   * @param {number} status HTTP status, 0 without an answer
   * @param {string} code machine-readable, as in studio/errors.py, or "offline", "http"
   * @param {string} detail what happened and what to do
   * @param {Record<string, unknown>} document the whole problem document
   */
  constructor(status, code, detail, document = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.document = document;
  }
}

/**
 * @typedef {object} CallOptions
 * @property {string} [idempotencyKey] makes a repeated POST harmless; take one from `newKey()` per intention, not per try
 * @property {string} [ifMatch] the revision that was seen: 412 (`code: "stale"`) when it is another one by now
 * @property {AbortSignal} [signal]
 * @property {number} [timeoutMs] 10 000 unless given
 * @property {string} [token] of the page's address, where there is no session
 */

/**
 * @param {string} method
 * @param {string} path below /api/v1, starting with "/"
 * @param {unknown} [body] JSON, or a Blob that is sent as it is with its type
 * @param {CallOptions} [options]
 * @returns {Promise<any>} the JSON answer, or null when there is none
 * @throws {Problem}
 */
async function call(method, path, body, { idempotencyKey, ifMatch, signal, token, timeoutMs = 10_000 } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json, application/problem+json" };
  const raw = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = raw ? body.type : "application/json";
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  if (ifMatch) headers["If-Match"] = `"${ifMatch}"`;
  const { seat } = document.documentElement.dataset;
  if (seat && method !== "GET") headers["X-Seat"] = seat; // others see who did it
  if (token) headers.Authorization = `Bearer ${token}`;
  const limit = AbortSignal.timeout(timeoutMs);
  /** @type {Response} */
  let response;
  let text = "";
  try {
    response = await fetch(ROOT + path, {
      method,
      headers,
      body: body === undefined || raw ? body : JSON.stringify(body),
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "offline", t("连不上直播间，请看运行它的窗口是否还开着"));
  }
  const answer = parse(text);
  if (response.ok) return answer;
  const problem = answer && typeof answer === "object" ? answer : {};
  const detail = String(
    problem.detail || problem.title || t("直播间没有办成（{status}）", { status: response.status }),
  );
  throw new Problem(response.status, String(problem.code || "http"), detail, problem);
}

/**
 * @param {string} text
 * @returns {any}
 */
function parse(text) {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's HTML error page: the status tells enough
  }
}

/** A fresh idempotency key. */
export function newKey() {
  // randomUUID exists only in secure contexts, and a LAN address over http is none
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @example
 * await api.post(`/shows/${id}/take`, { item_id });
 * try { … } catch (error) { if (error instanceof Problem) notice(error.detail); else throw error; }
 */
export const api = {
  /** @param {string} path @param {CallOptions} [options] */
  get: (path, options) => call("GET", path, undefined, options),
  /** @param {string} path @param {unknown} [body] @param {CallOptions} [options] */
  post: (path, body = {}, options = {}) => call("POST", path, body, options),
  /** @param {string} path @param {unknown} body @param {CallOptions} [options] */
  put: (path, body, options) => call("PUT", path, body, options),
  /** @param {string} path @param {CallOptions} [options] */
  delete: (path, options) => call("DELETE", path, undefined, options),
};
