// @ts-check
/** The text of the item, one idea a line, and where all prompters stand in it. */

import { t } from "../i18n.js";
import { trustWord } from "../panel/trust.js";
import { byId, fill, h } from "../ui/element.js";

/** @typedef {{item: number | null, lines: number, line: number, playing: boolean, speed: number, at: number}} Place */

const EASE_MS = 140;
/** A step through a long line keeps some of what was read. */
const OF_A_SCREEN = 0.8;
/** The lower edge of the text fades out (prompter.css). */
const FADED_EM = 0.7;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {Place | null} */
let place = null;
let drawn = "";
let shown_px = 0;
let frame = 0;
let last_ms = 0;
/** @type {() => number} */
let serverNow = () => Date.now();

/** @param {() => number} now the server's clock */
export function startText(now) {
  serverNow = now;
  addEventListener("resize", settle);
  document.fonts?.ready.then(settle);
}

/**
 * @param {import("../panel/stage.js").Item | null} item
 * @param {string} nothing said where there is no text
 */
export function renderText(item, nothing) {
  const value = JSON.stringify([item?.id, item?.points, item?.trust, nothing]);
  if (value === drawn) return;
  drawn = value;
  const lines = [
    ...(item?.points ?? []).map((point) => h("li", {}, point)),
    ...(item?.trust ?? []).map(({ kind, text }) =>
      h("li", {}, h("span", { class: "kind" }, t("现场{kind}", { kind: trustWord(kind) })), text),
    ),
  ];
  fill(byId("lines"), ...lines);
  const empty = byId("nothing");
  empty.hidden = lines.length > 0;
  empty.textContent = nothing;
  settle();
}

/** @param {Place | null} value the topic */
export function putPlace(value) {
  const other = value?.item !== place?.item;
  place = value;
  const play = byId("play");
  play.setAttribute("aria-pressed", String(value?.playing ?? false));
  if (other) settle();
  else move();
}

/** Jumps to where the text belongs, as after a change of its size. */
export function settle() {
  shown_px = target();
  paint();
  move();
}

/**
 * The command for a step of the reader's: a line, but of one that is longer than this screen no more than a screen.
 * @param {1 | -1} way
 * @returns {{by: number} | {line: number}}
 */
export function stepOf(way) {
  const line = here();
  const whole = Math.floor(line);
  const { top, span } = extent(whole);
  const read = target() - top;
  const script = byId("script");
  const room = script.clientHeight - emOf(script) * FADED_EM;
  if (way > 0 && span - read > room) return { line: whole + (read + room * OF_A_SCREEN) / span };
  if (way < 0 && read > 1) return { line: whole + Math.max(0, read - room * OF_A_SCREEN) / span };
  return { by: way };
}

/** The line of now, counted on by the server's clock. */
function here() {
  if (!place) return 0;
  const passed = place.playing ? (Math.max(0, serverNow() - place.at) / 60_000) * place.speed : 0;
  const last = byId("lines").children.length - 1;
  return Math.max(0, Math.min(place.line + passed, Math.max(place.line, last)));
}

/** How far up the text belongs, pixels. */
function target() {
  const line = here();
  const { top, span } = extent(Math.floor(line));
  return top + span * (line % 1);
}

/** Where a line begins, and how far it is to the next, pixels. @param {number} index */
function extent(index) {
  const lines = /** @type {HTMLElement[]} */ ([...byId("lines").children]);
  const line = lines[index];
  if (!line) return { top: 0, span: 0 };
  const top = line.offsetTop;
  return { top, span: (lines[index + 1]?.offsetTop ?? top + line.offsetHeight) - top };
}

/** The size of the text, pixels. @param {Element} script */
function emOf(script) {
  return Number.parseFloat(getComputedStyle(/** @type {Element} */ (script.firstElementChild)).fontSize);
}

function move() {
  if (frame) return;
  last_ms = performance.now();
  frame = requestAnimationFrame(step);
}

/** @param {number} now_ms */
function step(now_ms) {
  const aim = target();
  const share = still.matches ? 1 : 1 - Math.exp(-(now_ms - last_ms) / EASE_MS);
  last_ms = now_ms;
  shown_px += (aim - shown_px) * share;
  const arrived = Math.abs(aim - shown_px) < 0.5;
  if (arrived) shown_px = aim;
  paint();
  const lines = byId("lines").children.length;
  frame = !arrived || (place?.playing && here() < lines - 1) ? requestAnimationFrame(step) : 0;
}

function paint() {
  const list = byId("lines");
  list.style.transform = `translateY(${-Math.max(0, shown_px - 6)}px)`;
  const reading = target() + emOf(byId("script")) / 2;
  const lines = /** @type {HTMLElement[]} */ ([...list.children]);
  const current = lines.findLastIndex((line) => line.offsetTop <= reading);
  for (const [index, line] of lines.entries()) {
    if (index === current) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  }
}
