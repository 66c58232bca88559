// @ts-check
/** Double presses: after the first one another step, or another order, stands at the same place. */

const DOUBLE_MS = 450;
const NEAR_PX = 24;

let last = { x: 0, y: 0, at: -Infinity };
let second = false;

document.addEventListener(
  "click",
  ({ detail, clientX: x, clientY: y }) => {
    const at = performance.now();
    // a click without a count came by keyboard
    second = detail > 0 && at - last.at < DOUBLE_MS && Math.hypot(x - last.x, y - last.y) < NEAR_PX;
    last = { x, y, at };
  },
  { capture: true },
);

/** Whether the click that is being handled follows another one so soon and so near that it was not meant for what stands there now. */
export function isSecondPress() {
  return second;
}
