// @ts-check
/** Says once a second that this page lives, and how many frames it has painted: a blank one in OBS is found by its silence. */
import { BUILD } from "../socket.js";

const BEAT_MS = 1000;

/**
 * OBS's browser source puts `obsstudio` into the window.
 * @typedef {Window & {obsstudio?: unknown}} ObsWindow
 */

/** @param {import("../socket.js").Link} link */
export function startHeartbeat(link) {
  let frames = 0;
  let shown = true;
  const count = () => {
    frames++;
    requestAnimationFrame(count);
  };
  const options = new URLSearchParams(location.search);
  options.delete("token");
  const beat = () =>
    link.send("beat", {
      address: `${location.pathname}?${options}`,
      in_obs: /** @type {ObsWindow} */ (window).obsstudio !== undefined,
      visible: shown && document.visibilityState === "visible",
      frames,
      build: BUILD,
    });
  requestAnimationFrame(count);
  link.hello(beat);
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("obsSourceVisibleChanged", (event) => {
    shown = /** @type {CustomEvent<{visible: boolean}>} */ (event).detail?.visible !== false;
    beat();
  });
}
