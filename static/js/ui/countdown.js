// @ts-check
/** Counts the time down that something is good for. */

import { write } from "./element.js";

/**
 * Writes what is left into `element` once a second, "4:59" and at last "", until it is over or the element is gone.
 * @param {Element} element
 * @param {number} leftMs
 * @param {(time: string) => string} say
 * @param {() => void} [over]
 */
export function countDown(element, leftMs, say, over) {
  const end = performance.now() + leftMs;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    write(element, say(seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : ""));
    if (seconds && element.isConnected) return;
    clearInterval(timer);
    if (!seconds) over?.();
  };
  const timer = setInterval(tick, 1000);
  tick();
}
