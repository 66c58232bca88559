// @ts-check
/**
 * The live link of a page: subscribe to topics, get whole values, survive everything.
 *
 * @example
 * const link = connect({ page: "control" });
 * link.status((state) => { light.dataset.state = state; });
 * link.on("stock", (value) => renderStock(value));
 *
 * `render` is called with the snapshot, then with every changed value, never twice with an equal one. While the link is
 * down the page keeps its last values; after 2 s `<html data-link>` becomes "stale" so that CSS can grey out what may be old.
 *
 * @module socket
 */
import { io } from "../vendor/socket.io.esm.min.js";

/** @typedef {{build: string, epoch: string | number, role: string, now: number, seat?: string}} Hello */
/**
 * "connecting" until the first answer, then "live"; "stale" after 2 s without a link; "refused" when the server does not
 * accept the token or the session (it is asked again every 5 s).
 *
 * @typedef {"connecting" | "live" | "stale" | "refused"} LinkState
 */
/**
 * @typedef {object} Link
 * @property {(topic: string, render: (value: any) => void) => void} on subscribe; several renders may share a topic
 * @property {(topic: string) => void} off unsubscribe: for what costs something while it is watched (meters)
 * @property {(callback: (state: LinkState) => void) => void} status called now and on every change
 * @property {(callback: (hello: Hello) => void) => void} hello called on every connection
 * @property {(event: string, payload: unknown) => void} send what this page has to say; without a link it is not kept for later
 * @property {() => number} now the server's clock, UTC milliseconds (this PC's until the first hello)
 * @property {() => void} close
 */

const STALE_AFTER_MS = 2000;
const REFUSED_RETRY_MS = 5000;
const PROBE_MIN_MS = 100;
const PROBE_MAX_MS = 250;
const PROBE_TIMEOUT_MS = 1000;
const RELOADED_FOR = "linli.reloaded-for";

/** Build of this page: its scripts live under /assets/{build}/. */
export const BUILD = /\/assets\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "";

/**
 * @param {{page: string, token?: string}} auth page: name shown to the operator (its overlay or page name);
 *   token: of an overlay's URL, absent for operators, who have the session cookie
 * @returns {Link}
 */
export function connect({ page, token }) {
  /** @type {Map<string, Array<(value: any) => void>>} */
  const renders = new Map();
  /** @type {Map<string, number>} revisions of this connection; a snapshot starts them anew */
  const revisions = new Map();
  /** @type {Map<string, {value: any, json: string}>} */
  const values = new Map();
  /** @type {Array<(state: LinkState) => void>} */
  const statusCallbacks = [];
  /** @type {Array<(hello: Hello) => void>} */
  const helloCallbacks = [];
  /** @type {LinkState} */
  let state = "connecting";
  let clockOffset = 0;
  let closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let staleTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let probeTimer;

  // No reconnection by socket.io: Chromium throttles WebSockets that fail often (after some 30 failures each waits 1 to 5 s,
  // services/network/websocket_throttler.cc), so a server that is away for long would be found late. We ask /healthz by
  // fetch, which is not throttled, and open a WebSocket only when somebody answers.
  const socket = io({
    path: "/socket.io",
    transports: ["websocket"],
    reconnection: false,
    autoConnect: false,
    timeout: 2000,
    auth: token ? { page, token } : { page },
  });

  /** @param {LinkState} next */
  function become(next) {
    if (next === state) return;
    state = next;
    document.documentElement.dataset.link = next;
    for (const callback of statusCallbacks) attempt(callback, next);
  }

  function lost() {
    if (closed) return;
    staleTimer ??= setTimeout(() => become("stale"), STALE_AFTER_MS);
    clearTimeout(probeTimer);
    probe();
  }

  async function probe() {
    probeTimer = undefined;
    if (closed || socket.connected) return;
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      if (closed || socket.connected) return;
      if (answer.ok || answer.status === 503) {
        socket.connect();
        return;
      }
    } catch {
      // nobody there yet
    }
    if (closed) return;
    probeTimer = setTimeout(probe, PROBE_MIN_MS + Math.random() * (PROBE_MAX_MS - PROBE_MIN_MS));
  }

  /** @param {string[]} topics */
  function subscribe(topics) {
    if (!topics.length) return;
    socket.emit("subscribe", topics, (/** @type {Record<string, {rev: number, value: any}>} */ snapshot) => {
      for (const [topic, entry] of Object.entries(snapshot)) accept(topic, entry.rev, entry.value);
    });
  }

  /** @param {string} topic @param {number} rev @param {any} value */
  function accept(topic, rev, value) {
    const known = revisions.get(topic);
    if (known !== undefined && rev <= known) return;
    revisions.set(topic, rev);
    const json = JSON.stringify(value);
    if (values.get(topic)?.json === json) return;
    values.set(topic, { value, json });
    for (const render of renders.get(topic) ?? []) attempt(render, value);
  }

  socket.on("connect", () => {
    clearTimeout(staleTimer);
    staleTimer = undefined;
    revisions.clear();
    become("live");
    subscribe([...renders.keys()]);
  });
  socket.on("disconnect", lost);
  socket.on("connect_error", (/** @type {Error & {data?: unknown}} */ error) => {
    // A middleware of the server said no: the transport works, but the token does not.
    if (error.data !== undefined || isRefusal(error)) {
      clearTimeout(staleTimer);
      staleTimer = undefined;
      become("refused");
      clearTimeout(probeTimer);
      probeTimer = setTimeout(probe, REFUSED_RETRY_MS);
    } else {
      staleTimer ??= setTimeout(() => become("stale"), STALE_AFTER_MS);
      clearTimeout(probeTimer);
      probeTimer = setTimeout(probe, PROBE_MAX_MS);
    }
  });
  socket.on("hello", (/** @type {Hello} */ hello) => {
    clockOffset = hello.now - Date.now();
    if (hello.seat) document.documentElement.dataset.seat = hello.seat;
    if (BUILD && hello.build !== BUILD && reloadOnce(hello.build)) return;
    for (const callback of helloCallbacks) attempt(callback, hello);
  });
  socket.on("topic", (/** @type {{topic: string, rev: number, value: any}} */ message) =>
    accept(message.topic, message.rev, message.value),
  );
  // A hidden page's timers run once a second or less; do not let a host wait who comes back to the tab.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !socket.connected && probeTimer !== undefined) {
      clearTimeout(probeTimer);
      probe();
    }
  });

  document.documentElement.dataset.link = state;
  staleTimer = setTimeout(() => become("stale"), STALE_AFTER_MS);
  socket.connect();

  return {
    on(topic, render) {
      const known = renders.get(topic);
      if (known) {
        known.push(render);
        const entry = values.get(topic);
        if (entry) attempt(render, entry.value);
        return;
      }
      renders.set(topic, [render]);
      if (socket.connected) subscribe([topic]);
    },
    off(topic) {
      renders.delete(topic);
      revisions.delete(topic);
      values.delete(topic);
      if (socket.connected) socket.emit("unsubscribe", [topic]);
    },
    status(callback) {
      statusCallbacks.push(callback);
      attempt(callback, state);
    },
    hello(callback) {
      helloCallbacks.push(callback);
    },
    send(event, payload) {
      if (socket.connected) socket.emit(event, payload);
    },
    now: () => Date.now() + clockOffset,
    close() {
      closed = true;
      clearTimeout(staleTimer);
      clearTimeout(probeTimer);
      socket.disconnect();
    },
  };
}

/**
 * socket.io reports a refusal of the server and a failed transport by the same event; the transport's errors have a `type`.
 *
 * @param {Error} error
 */
function isRefusal(error) {
  return !("type" in error) && error.message !== "timeout";
}

/**
 * A callback that fails must not stop the others, nor the link.
 *
 * @template T
 * @param {(value: T) => void} callback
 * @param {T} value
 */
function attempt(callback, value) {
  try {
    callback(value);
  } catch (error) {
    console.error("render failed", error);
  }
}

/**
 * Reload for the server's build, once per build: a proxy that serves old pages must not make a loop.
 *
 * @param {string} build
 * @returns {boolean} whether the page is reloading
 */
function reloadOnce(build) {
  try {
    if (sessionStorage.getItem(RELOADED_FOR) === build) return false;
    sessionStorage.setItem(RELOADED_FOR, build);
  } catch {
    return false; // no storage, no guard
  }
  location.reload();
  return true;
}
