// @ts-check
/** When something was, shortly: today only the time. */

import { clock, shortDate } from "../format.js";

/** @param {number} ms UTC milliseconds */
export function whenWord(ms) {
  const date = new Date(ms);
  const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
  if (date.toDateString() === new Date().toDateString()) return clock(ms);
  return `${shortDate(`${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`)} ${clock(ms)}`;
}
