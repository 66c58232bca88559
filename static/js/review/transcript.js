// @ts-check
/** The transcript as a list box: find, filter by product, move, select. Rows off screen cost nothing (content-visibility). */

import { mediaTime } from "../format.js";
import { t } from "../i18n.js";
import { gapWords, inPlace } from "../panel/gaps.js";
import { markNames } from "../panel/names.js";
import { byId, empty, fill, h, icon, isDrawn } from "../ui/element.js";
import { originMark } from "./versions.js";

/** @typedef {{seq: number, start: number, end: number, text: string, product: string | null, origin?: import("./versions.js").Origin, live_text?: string | null}} Segment */
/** @typedef {{name: string, aliases: string[]}} Named */
/** @typedef {{element: HTMLElement, words: HTMLElement, segment: Segment, found: boolean}} Line */

/** @type {Line[]} */
let lines = [];
let selected = -1;
/** @type {(segment: Segment) => void} */
let tell = () => undefined;
/** @type {(segment: Segment) => void} */
let edit = () => undefined;
/** @type {readonly Named[]} */
let named = [];

/**
 * Draws all lines.
 * @param {readonly Segment[]} segments
 * @param {readonly Named[]} products whose names are marked in the text
 * @param {(sku: string | null) => string} nameOf product name of a SKU, "" without one
 * @param {ReadonlyMap<number, string[]>} signs icons of what was found in a segment, by seq
 * @param {(segment: Segment) => void} onSelect
 * @param {(segment: Segment) => void} onEdit
 * @param {readonly import("../panel/gaps.js").Gap[]} [gaps] not written down yet
 */
export function drawTranscript(segments, products, nameOf, signs, onSelect, onEdit, gaps = []) {
  const list = byId("transcript");
  tell = onSelect;
  edit = onEdit;
  named = products;
  selected = -1;
  lines = segments.map((segment, index) => {
    const words = h("p", { lang: "zh-CN" });
    const about = segment.product === segments[index - 1]?.product ? "" : nameOf(segment.product);
    const marks = (signs.get(segment.seq) ?? []).map((sign) => icon(sign));
    const element = h(
      "li",
      { class: "line", role: "option", id: `line-${index}`, "aria-selected": "false" },
      about ? h("strong", { class: "chapter", lang: "zh-CN" }, about) : null,
      h("time", { class: "number" }, mediaTime(segment.start)),
      words,
      h("span", { class: "signs" }, originMark(segment.origin), ...marks),
    );
    element.addEventListener("click", () => select(index));
    element.addEventListener("dblclick", () => edit(segment));
    return { element, words, segment, found: false };
  });
  const rows = inPlace(
    lines.map(({ element, segment: { start } }) => ({ element, start })),
    gaps,
  );
  if (rows.length) fill(list, ...rows.map((row) => ("element" in row ? row.element : gapLine(row))));
  else {
    list.setAttribute("role", "group");
    fill(list, h("li", {}, empty("captions", t("这场直播没有听到说话。检查麦克风后，下一场的原话会出现在这里。"))));
  }
}

/** @param {import("../panel/gaps.js").Gap} gap */
function gapLine(gap) {
  return h(
    "li",
    { class: "line", role: "option", "aria-selected": "false", "aria-disabled": "true" },
    h("time", { class: "number" }, mediaTime(gap.start)),
    h("p", {}, ...gapWords(gap)),
  );
}

/**
 * Marks what matches.
 * @param {{query: string, product: string, only: boolean}} filter only: hide the rest
 * @returns {number} lines that match
 */
export function filterTranscript({ query, product, only }) {
  const wanted = query.trim().toLowerCase();
  const asked = Boolean(wanted || product);
  let matches = 0;
  for (const line of lines) {
    const { segment, element, words } = line;
    line.found = asked && segment.text.toLowerCase().includes(wanted) && (!product || segment.product === product);
    if (line.found) matches += 1;
    element.hidden = asked && only && !line.found;
    element.toggleAttribute("data-faded", asked && !line.found);
    const marked = line.found ? wanted : "";
    if (!isDrawn(words, marked)) fill(words, ...markNames(segment.text, named, marked));
  }
  return matches;
}

/**
 * Moves the selection among the lines that are shown.
 * @param {1 | -1} step
 */
export function move(step) {
  go(step, (line) => !line.element.hidden, false);
}

/**
 * Goes to the next (or previous) line that was found, round the end.
 * @param {1 | -1} step
 */
export function moveToFound(step) {
  go(step, (line) => line.found, true);
}

/** Opens the selected line for a change. */
export function editSelected() {
  const line = lines[selected];
  if (line) edit(line.segment);
}

/**
 * Selects the line in which something was found.
 * @param {number} seq
 */
export function selectSegment(seq) {
  const index = lines.findIndex((line) => line.segment.seq === seq);
  const line = lines[index];
  if (!line) return;
  line.element.hidden = false;
  select(index);
}

/**
 * @param {1 | -1} step
 * @param {(line: Line) => boolean} accept
 * @param {boolean} round
 */
function go(step, accept, round) {
  const total = lines.length;
  const from = selected < 0 && step < 0 ? total : selected;
  for (let count = 1; count <= total; count += 1) {
    const raw = from + step * count;
    if (!round && (raw < 0 || raw >= total)) return;
    const index = ((raw % total) + total) % total;
    const line = lines[index];
    if (line && accept(line)) {
      select(index);
      return;
    }
  }
}

/** @param {number} index */
function select(index) {
  const line = lines[index];
  if (!line) return;
  lines[selected]?.element.setAttribute("aria-selected", "false");
  selected = index;
  line.element.setAttribute("aria-selected", "true");
  byId("transcript").setAttribute("aria-activedescendant", line.element.id);
  line.element.scrollIntoView({ block: "nearest" });
  tell(line.segment);
}
