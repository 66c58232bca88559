// @ts-check
/**
 * Keeps the shop's figures live: asks every few seconds (304 while nothing changed), and once the page is idle opens a
 * socket that is faster. Where WebSockets are blocked, asking goes on alone.
 */
import { ask } from "./net.js";

const POLL_MS = 5000;
const POLL_BESIDE_SOCKET_MS = 15_000;
const SLOWEST_MS = 60_000;
const STALE_MS = 20_000;
const SOCKET_PATIENCE_MS = 10_000;
const SOCKET_AGAIN_MS = 120_000;

/**
 * @typedef {object} Hearing
 * @property {(shop: any) => void} shop a new `/public/shop`
 * @property {(stock: {items: Record<string, {available: number}>}) => void} stock
 * @property {(sku: string | null) => void} onAir
 * @property {(poll: any) => void} poll
 * @property {(stale: boolean) => void} stale
 */

/**
 * @param {string} address of the shop's JSON
 * @param {Hearing} hearing
 */
export function keepLive(address, hearing) {
  let etag = "";
  let heardMs = Date.now();
  let failures = 0;
  let asking = false;
  let socketLive = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function heard() {
    heardMs = Date.now();
    failures = 0;
    hearing.stale(false);
  }

  async function look() {
    clearTimeout(timer);
    if (asking || document.hidden) return;
    asking = true;
    try {
      const response = await ask(address, { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} });
      if (response.ok) {
        etag = response.headers.get("ETag") ?? "";
        hearing.shop(await response.json());
      }
      if (response.ok || response.status === 304) heard();
      else failures += 1;
    } catch {
      failures += 1;
    }
    asking = false;
    if (Date.now() - heardMs > STALE_MS || failures > 1) hearing.stale(!socketLive);
    const usual = socketLive ? POLL_BESIDE_SOCKET_MS : POLL_MS;
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(SLOWEST_MS, usual * 2 ** Math.min(failures, 4)));
  }

  async function openSocket() {
    if (document.hidden) return;
    const { connect } = await import("../socket.js");
    const link = connect({ page: "shop" });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let patience;
    link.on("stock", (value) => value && hearing.stock(value));
    link.on("product", (value) => hearing.onAir(value?.sku ?? null));
    link.on("poll", hearing.poll);
    link.status((state) => {
      socketLive = state === "live";
      clearTimeout(patience);
      if (socketLive) return heard();
      patience = setTimeout(() => {
        link.close(); // blocked or refused: asking goes on alone, and this is tried again later
        setTimeout(openSocket, SOCKET_AGAIN_MS);
      }, SOCKET_PATIENCE_MS);
      look();
    });
  }

  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  timer = setTimeout(look, POLL_MS);
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 3000));
  window.addEventListener("load", () => idle(() => openSocket().catch(() => undefined)), { once: true });
  return { look };
}
