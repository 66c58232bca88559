// @ts-check
/**
 * A custom pack in its frame: it has no token, no network and no origin; what it may know is posted to it
 * (docs/packs.md).
 */

/** @typedef {import("../socket.js").Link} Link */

const READY_WITHIN_MS = 3000;

/**
 * @param {HTMLElement} root the frame
 * @param {Link} link
 */
export function mountPack(root, link) {
  const frame = /** @type {HTMLIFrameElement} */ (root);
  const topics = /** @type {string[]} */ (JSON.parse(frame.dataset.topics ?? "[]"));
  /** @type {Map<string, unknown>} */
  const values = new Map();
  let ready = false;
  /** @type {import("../socket.js").LinkState} */
  let state = "connecting";
  const post = (/** @type {unknown} */ message) => {
    // a sandboxed frame has no origin to name
    if (ready) frame.contentWindow?.postMessage(message, "*");
  };
  const hello = () => {
    const { orientation, theme, motion } = document.documentElement.dataset;
    const style = getComputedStyle(document.documentElement);
    const safe = ["top", "right", "bottom", "left"].map(
      (side) => Number.parseFloat(style.getPropertyValue(`--safe-${side}`)) || 0,
    );
    const lang = document.documentElement.lang;
    post({ type: "hello", orientation, theme, motion, lang, safe, now: link.now() });
  };
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.data?.type !== "ready") return;
    ready = true;
    hello();
    for (const [topic, value] of values) post({ type: "topic", topic, value });
    post({ type: "link", state });
  });
  link.on("theme", hello);
  link.status((next) => {
    state = next;
    post({ type: "link", state });
  });
  for (const topic of topics)
    link.on(topic, (value) => {
      values.set(topic, value);
      post({ type: "topic", topic, value });
    });
  const hint = document.querySelector(".pack-silent"); // in previews: buyers are not told
  if (hint instanceof HTMLElement)
    setInterval(() => {
      hint.hidden = ready;
    }, READY_WITHIN_MS);
  frame.src = frame.dataset.src ?? "about:blank";
}
