// @ts-check
/** Double presses: after the first one another step, or another order, stands at the same place. */

const DOUBLE_MS = 450;
const NEAR_PX = 24;

let last = { x: 0, y: 0, at: -Infinity };

/**
 * Whether this press follows another one so soon and so near that it was not meant for what stands there now.
 * @param {MouseEvent} event
 */
export function isSecondPress({ detail, clientX: x, clientY: y }) {
  if (!detail) return false; // by keyboard
  const at = performance.now();
  const second = at - last.at < DOUBLE_MS && Math.hypot(x - last.x, y - last.y) < NEAR_PX;
  last = { x, y, at };
  return second;
}
