// @ts-check
/**
 * How things are written on pages and overlays. Everything returns plain text (or parts of it) for `textContent`.
 *
 * @module format
 */
import { language } from "./i18n.js";

export { price, priceParts } from "./money.js";

/**
 * A whole number with grouped thousands.
 *
 * @param {number} value
 */
export function count(value) {
  return Math.round(value).toLocaleString("en-US");
}

/**
 * @param {string} iso "2026-11-22"
 * @returns {string} "11月22日" or "22 Nov"; the text itself when it is no date
 */
export function shortDate(iso) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return iso;
  const [month, day] = [Number(match[2]), Number(match[3])];
  if (language().startsWith("zh")) return `${month}月${day}日`;
  const date = new Date(Date.UTC(Number(match[1]), month - 1, day));
  return date.toLocaleDateString(language(), { day: "numeric", month: "short", timeZone: "UTC" });
}

/**
 * @param {number} ms UTC milliseconds
 * @returns {string} this PC's day, as `shortDate`
 */
export function dayOf(ms) {
  const date = new Date(ms);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return shortDate(parts.map((part) => String(part).padStart(2, "0")).join("-"));
}

/**
 * @param {number} ms UTC milliseconds
 * @param {{seconds?: boolean}} [options]
 * @returns {string} this PC's local time, "20:15" or "20:15:07"
 */
export function clock(ms, { seconds = false } = {}) {
  const date = new Date(ms);
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * @param {number} ms UTC milliseconds
 * @returns {string} this PC's day and time, "11-27 20:15"
 */
export function moment(ms) {
  const date = new Date(ms);
  return `${date.getMonth() + 1}-${date.getDate()} ${clock(ms)}`;
}

/**
 * @param {number} seconds of media
 * @returns {string} "03:07", "1:02:45"
 */
export function mediaTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/**
 * First character and stars. The server masks names before they leave it; this is for text typed on a page.
 *
 * @param {string} name
 * @returns {string} "张小明" → "张**", "张三" → "张*"
 */
export function maskName(name) {
  const [first, ...rest] = graphemes(name.trim());
  return first ? first + "*".repeat(Math.min(2, Math.max(1, rest.length))) : "";
}

/**
 * @param {string} phone
 * @returns {string} "13812341234" → "138****1234"
 */
export function maskPhone(phone) {
  const digits = phone.replace(/\D/g, "");
  return digits.length >= 7 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : "****";
}

const segmenter = new Intl.Segmenter("zh", { granularity: "grapheme" });
const wordSegmenter = new Intl.Segmenter("zh", { granularity: "word" });

/**
 * Characters as people count them: an emoji family is one.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function graphemes(text) {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/**
 * Words as the browser's dictionary knows them; punctuation and spaces are pieces of their own.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return Array.from(wordSegmenter.segment(text), (part) => part.segment);
}

// Stay on one line beyond what the dictionary keeps together: numbers with their sign or unit, Latin words.
// Spoken numbers (七十五度) are numbers too.
const GLUED =
  /[零〇一二三四五六七八九十百千万亿两]+[元块][零〇一二三四五六七八九十百千万亿两]{1,2}[毛角分]?|[零〇一二三四五六七八九十百千万亿两]{2,}(?:点[零〇一二三四五六七八九]+)?[度秒分天年月日号斤克元块毛点个瓶袋份盒件箱只米升]?|[¥￥$]?\d+(?:[.,:：/]\d+)*(?:[%％℃℉°]|[a-z]{1,3}(?![a-z])|(?:毫升|公升|毫克|千克|公斤|厘米|毫米|公里|平方米|小时|分钟|个月|[元块角分毛度克斤升秒天年月日号点份瓶袋盒箱桶只枚颗包件个人户米亩折]))?|[A-Za-zÀ-ɏ]+(?:[-'’.&][A-Za-zÀ-ɏ]+)*/gu;
/** @param {string[]} names */
function glued(names) {
  if (!names.length) return GLUED;
  const longest = [...names].sort((one, other) => other.length - one.length);
  return new RegExp(`${longest.map(escapePattern).join("|")}|${GLUED.source}`, "gu");
}

/** @param {string} text */
export function escapePattern(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const NEVER_FIRST = /^[，。！？；：、）》」』”’…—～·,.!?;:)\]}%％]/u;
const CLAUSE_END = /[，。！？；：、,.!?;:…]$/u;
const NEVER_LAST = /[（《「『“‘([{]$/u;

/**
 * Words with the punctuation that may not be torn off them: a line may break between any two.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function phrases(text) {
  /** @type {string[]} */
  const out = [];
  for (const word of words(text)) {
    const before = out.at(-1);
    if (before !== undefined && (NEVER_FIRST.test(word) || NEVER_LAST.test(before)))
      out[out.length - 1] = before + word;
    else out.push(word);
  }
  return out;
}

/**
 * Width in CJK characters: a Latin letter or digit is about half of one.
 *
 * @param {string} text
 */
export function textWidth(text) {
  let width = 0;
  for (const part of graphemes(text)) width += /^[\u0020-\u024f\u2010-\u2017]+$/u.test(part) ? 0.6 : 1;
  return width;
}

/**
 * The last lines of a caption: at most `lines` of at most `perLine` CJK characters. Words and numbers are not split, no
 * closing punctuation starts a line. What does not fit scrolls away at the front, so the newest words always show.
 *
 * @param {string} text
 * @param {{perLine: number, lines?: number, width?: (text: string) => number, names?: string[], growing?: boolean}} shape
 *   width measures in CJK characters: `textWidth` unless the page measures with its own font; names stay on one line;
 *   growing: the next text will be longer, so that lines break where they will break then, too
 * @returns {string[]}
 */
export function captionLines(text, { perLine, lines = 2, width = textWidth, names = [], growing = false }) {
  const fits = (/** @type {string} */ line) => width(line) <= perLine;
  const parts = pieces(text.trim().replace(/\s+/gu, " "), fits, names);
  const greedy = wrap(parts, fits);
  return (!growing && greedy.length === 2 && byClause(parts, fits)) || greedy.slice(-lines);
}

/**
 * Two lines broken after the last clause that leaves room for the rest; null when there is none in the first line's
 * second half.
 *
 * @param {string[]} parts
 * @param {(line: string) => boolean} fits
 * @returns {string[] | null}
 */
function byClause(parts, fits) {
  let best = null;
  let line = "";
  for (const [index, part] of parts.entries()) {
    line += part;
    if (!fits(line)) break;
    const rest = parts
      .slice(index + 1)
      .join("")
      .trim();
    if (CLAUSE_END.test(part) && rest && !fits(line + line) && fits(rest)) best = [line.trim(), rest];
  }
  return best;
}

/**
 * What must stay together, piece by piece.
 *
 * @param {string} text
 * @param {(line: string) => boolean} fits a piece that does not is split after all: it would fit nowhere
 * @param {string[]} names
 * @returns {string[]}
 */
function pieces(text, fits, names) {
  /** @type {string[]} */
  const out = [];
  const push = (/** @type {string} */ piece) => {
    const before = out.at(-1);
    const bound = before !== undefined && (NEVER_FIRST.test(piece) || NEVER_LAST.test(before));
    if (bound && fits(before + piece)) out[out.length - 1] = before + piece;
    else if (!fits(piece)) out.push(...graphemes(piece));
    else out.push(piece);
  };
  let from = 0;
  for (const match of text.matchAll(glued(names))) {
    for (const word of words(text.slice(from, match.index))) push(word);
    push(match[0]);
    from = match.index + match[0].length;
  }
  for (const word of words(text.slice(from))) push(word);
  return out;
}

/**
 * @param {string[]} parts
 * @param {(line: string) => boolean} fits
 * @returns {string[]}
 */
function wrap(parts, fits) {
  /** @type {string[]} */
  const out = [];
  let line = "";
  for (const part of parts) {
    if (line.trim() && !fits(line + part.trimEnd())) {
      out.push(line.trim());
      line = "";
    }
    line += part;
  }
  if (line.trim()) out.push(line.trim());
  return out;
}
