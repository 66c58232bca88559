// @ts-check
/** Holds that run out, counted by the server's clock. */

import { t } from "../i18n.js";
import { write } from "../ui/element.js";

const SOON_MS = 5 * 60_000;

let now = () => Date.now();

/**
 * Redraws every `[data-hold]` of the page once a second.
 * @param {() => number} serverNow UTC milliseconds
 */
export function startHolds(serverNow) {
  now = serverNow;
  setInterval(() => drawHolds(document), 1000);
}

/** @param {ParentNode} root */
export function drawHolds(root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-hold]"))) {
    const left_ms = Number(element.dataset.hold) - now();
    element.toggleAttribute("data-soon", left_ms < SOON_MS);
    write(element, left_ms > 0 ? t("留货 {time}", { time: minutes(left_ms) }) : t("留货已到时"));
  }
}

/** 125 000 → "2:05", 4 000 000 → "1:06:40". @param {number} ms */
export function minutes(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${Math.floor(seconds / 60) % 60}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest.padStart(5, "0")}` : rest;
}
