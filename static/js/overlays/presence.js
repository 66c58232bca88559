// @ts-check
/** When a part is on screen: it enters and leaves with motion, except that what is there when the page opens stands. */
import { enter, leave } from "./motion.js";

/** @typedef {import("../socket.js").Link} Link */

/**
 * @param {HTMLElement} root
 * @returns {(visible: boolean) => void}
 */
export function presence(root) {
  let first = true;
  return (visible) => {
    if (!visible) leave(root);
    else if (root.hidden || root.classList.contains("leaving")) enter(root, first ? Number.POSITIVE_INFINITY : 0);
    first = false;
  };
}

/**
 * A trust panel: alone on its page whenever it has something to say, in the composite only when the operators chose it.
 *
 * @template T
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{name: string, topic: string, page: string, draw: (value: T) => boolean, shown?: () => void}} options draw fills
 *   the panel and tells whether there is anything to show; shown runs when it can be measured
 */
export function mountPanel(root, link, { name, topic, page, draw, shown }) {
  const show = presence(root);
  let chosen = page !== "composite";
  let full = false;
  let known = false;
  const render = () => {
    if (!known) return;
    show(chosen && full);
    if (chosen && full) shown?.();
  };
  if (!chosen)
    link.on("panel", (/** @type {string | null} */ value) => {
      chosen = value === name;
      render();
    });
  link.on(topic, (/** @type {T | null} */ value) => {
    // what leaves keeps its words until it is gone
    full = value !== null && draw(value);
    known = true;
    render();
  });
}
