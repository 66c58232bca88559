// @ts-check
/** What belongs to this device and not to the show: mirror, size of the text, staying awake, when its buttons show. */

import { keepAwake } from "../ui/awake.js";
import { byId } from "../ui/element.js";
import { settle } from "./text.js";

const SMALLEST = 64;
const LARGEST = 160;
const STEP = 8;
const TOUCHED_MS = 4000;
const KEY = "linli.prompter";

/** @type {{size: number, mirror: boolean}} */
const device = { size: SMALLEST, mirror: false, ...recall() };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let untouched;

/** Reads what this device remembers and wires its buttons. */
export function startDevice() {
  byId("smaller").addEventListener("click", () => resize(-STEP));
  byId("larger").addEventListener("click", () => resize(STEP));
  byId("mirror").addEventListener("click", mirror);
  byId("full").addEventListener("click", fullScreen);
  byId("full").hidden = !document.fullscreenEnabled;
  for (const event of /** @type {const} */ (["pointermove", "pointerdown", "keydown"]))
    addEventListener(event, touched);
  apply();
  touched();
  keepAwake(
    () => true,
    (granted) => {
      byId("awake").hidden = granted;
    },
  );
}

/** @param {number} by pixels */
export function resize(by) {
  device.size = Math.max(SMALLEST, Math.min(LARGEST, device.size + by));
  remember();
}

/** Flips what is read, for the glass in front of the camera. */
export function mirror() {
  device.mirror = !device.mirror;
  remember();
}

/** In and out of full screen. */
export function fullScreen() {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  done.catch(() => {}); // the browser may refuse: the page works in its window too
}

function apply() {
  const main = byId("main");
  main.style.setProperty("--size", `${device.size}px`);
  main.toggleAttribute("data-mirror", device.mirror);
  byId("mirror").setAttribute("aria-pressed", String(device.mirror));
  byId("size").textContent = String(device.size);
  settle();
}

function touched() {
  byId("main").setAttribute("data-touched", "");
  clearTimeout(untouched);
  untouched = setTimeout(() => byId("main").removeAttribute("data-touched"), TOUCHED_MS);
}

/** @returns {Partial<typeof device>} */
function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const size = Math.round(Number(kept.size));
    return {
      mirror: kept.mirror === true,
      size: size >= SMALLEST && size <= LARGEST ? size : SMALLEST,
    };
  } catch {
    return {};
  }
}

function remember() {
  apply();
  try {
    localStorage.setItem(KEY, JSON.stringify(device));
  } catch {
    // a browser that keeps nothing still changes this page
  }
}
