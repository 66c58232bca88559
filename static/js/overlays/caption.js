// @ts-check
/** Captions of what the host says: two lines at most, the newest words always in sight. */
import { captionLines } from "../format.js";
import { enter, leave } from "./motion.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{text: string, partial: boolean, settled: number, names: string[], seq: number, at: number}} Caption */

const PER_LINE = { portrait: 16, landscape: 28 };
const FONT_PX = 56;
// Two lines never show more; whoever sends a novel does not stop the page.
const LONGEST = 200;
// Silence clears the plate: a reading time after the last word (5 characters a second), and a sentence that was
// never finished (the recogniser went away) does not stay.
const READ_MIN_MS = 2500;
const READ_MAX_MS = 7000;
const READ_MS_PER_CHARACTER = 200;
const PARTIAL_MS = 8000;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountCaption(root, link) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let first = true;
  let shown = true;
  /** @type {Caption | null} */
  let last = null;
  link.on("captions", (/** @type {"on" | "off" | null} */ value) => {
    if (shown === (value !== "off")) return; // a page that opens resumes what it has
    shown = !shown;
    draw(last);
  });
  link.on("caption", draw);

  /** @param {Caption | null} value */
  function draw(value) {
    last = value;
    clearTimeout(timer);
    const left = shown && value?.text.trim() ? value.at + stayMs(value) - link.now() : 0;
    if (!value || left <= 0) {
      leave(root);
    } else {
      const text = value.text.slice(-LONGEST);
      const shape = { perLine: perLine(root), width: measure(root), names: value.names, growing: value.partial };
      const lines = captionLines(text, shape);
      root.replaceChildren(...lineElements(lines, unsettled(value)));
      root.classList.toggle("partial", value.partial);
      if (root.hidden || root.classList.contains("leaving")) enter(root, first ? Number.POSITIVE_INFINITY : 0);
      timer = setTimeout(() => leave(root), left);
    }
    first = false;
  }
}

/**
 * Characters, without spaces, that may still change: the last of the text.
 *
 * @param {Caption} caption
 */
function unsettled({ text, settled }) {
  return Array.from(Array.from(text).slice(settled).join("").replace(/\s/gu, "")).length;
}

/**
 * Lines whose last characters are quieter.
 *
 * @param {string[]} lines
 * @param {number} quiet how many, spaces not counted
 */
function lineElements(lines, quiet) {
  let left = quiet;
  const elements = [];
  for (const line of [...lines].reverse()) {
    const characters = Array.from(line);
    let from = characters.length;
    while (from > 0 && (left > 0 || /\s/u.test(characters[from] ?? ""))) {
      from -= 1;
      if (!/\s/u.test(characters[from])) left -= 1;
    }
    const element = document.createElement("span");
    element.className = "caption-line";
    element.dir = "auto";
    const rest = document.createElement("span");
    rest.className = "caption-unsettled";
    rest.textContent = characters.slice(from).join("");
    element.append(characters.slice(0, from).join(""), ...(from < characters.length ? [rest] : []));
    elements.unshift(element);
  }
  return elements;
}

const context = document.createElement("canvas").getContext("2d");

/**
 * Measures text in the caption's own font, in CJK characters. Fonts differ: an emoji may be as wide as four characters
 * where the font does not know it.
 *
 * @param {HTMLElement} root
 * @returns {((text: string) => number) | undefined}
 */
function measure(root) {
  if (!context) return undefined;
  const { fontWeight, fontFamily } = getComputedStyle(root);
  context.font = `${fontWeight} ${FONT_PX}px ${fontFamily}`;
  return (text) => context.measureText(text).width / FONT_PX;
}

/** @param {Caption} caption */
function stayMs({ text, partial }) {
  if (partial) return PARTIAL_MS;
  return Math.min(READ_MAX_MS, Math.max(READ_MIN_MS, text.length * READ_MS_PER_CHARACTER));
}

/**
 * Characters that fit into the safe area, never more than are read at a glance.
 *
 * @param {HTMLElement} root
 */
function perLine(root) {
  const slot = root.parentElement;
  const most = document.documentElement.dataset.orientation === "landscape" ? PER_LINE.landscape : PER_LINE.portrait;
  if (!slot) return most;
  const style = getComputedStyle(root);
  const room =
    slot.clientWidth - Number.parseFloat(style.paddingLeft || "0") - Number.parseFloat(style.paddingRight || "0");
  return Math.max(4, Math.min(most, room / FONT_PX));
}
