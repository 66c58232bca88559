// @ts-check
/** Fills in the times that a template leaves open, because only the browser knows the time zone. */

import { mediaTime } from "../format.js";
import { language } from "../i18n.js";

/**
 * Writes `data-ms` as date and time and `data-span-ms` as a duration.
 * @param {ParentNode} root
 */
export function writeTimes(root) {
  const form = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", hour12: false });
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-ms]"))) {
    const date = new Date(Number(element.dataset.ms));
    element.textContent = form.format(date);
    element.setAttribute("datetime", date.toISOString());
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-span-ms]")))
    element.textContent = mediaTime(Number(element.dataset.spanMs) / 1000);
}
