// @ts-check
/** Gaps in a transcript: what the ear had no time for and writes down later, marked where it was said. */

import { t } from "../i18n.js";
import { badge, h } from "../ui/element.js";

/** @typedef {import("./stage.js").Gap} Gap */

/**
 * Lines and gaps in the order in which they were said.
 * @template {{start: number}} L
 * @param {readonly L[]} lines in order
 * @param {readonly Gap[]} gaps
 * @returns {(L | Gap)[]}
 */
export function inPlace(lines, gaps) {
  return gaps.length ? [...lines, ...gaps].sort((one, other) => one.start - other.start) : [...lines];
}

/** What stands in the place of a gap. @param {Gap} gap */
export function gapWords({ start, end }) {
  const seconds = Math.max(1, Math.round(end - start));
  return [
    badge("warn", "gauge", t("待补")),
    " ",
    h("span", { class: "soft" }, t("{n} 秒，空一点就写上", { n: seconds })),
  ];
}
