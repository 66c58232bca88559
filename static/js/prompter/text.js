// @ts-check
/** The text of the item, one idea a line, and where all prompters stand in it. */

import { t } from "../i18n.js";
import { trustWord } from "../panel/trust.js";
import { byId, fill, h } from "../ui/element.js";

/** @typedef {{item: number | null, lines: number, line: number, playing: boolean, speed: number, at: number}} Place */

const EASE_MS = 140;
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

/** The line of now, counted on by the server's clock. */
function here() {
  if (!place) return 0;
  const passed = place.playing ? (Math.max(0, serverNow() - place.at) / 60_000) * place.speed : 0;
  return Math.max(0, Math.min(place.line + passed, byId("lines").children.length - 1));
}

/** How far up the text belongs, pixels. */
function target() {
  const lines = /** @type {HTMLElement[]} */ ([...byId("lines").children]);
  const line = here();
  const upper = lines[Math.floor(line)];
  const lower = lines[Math.ceil(line)];
  if (!upper || !lower) return 0;
  return upper.offsetTop + (lower.offsetTop - upper.offsetTop) * (line % 1);
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
  const current = Math.round(here());
  for (const [index, line] of [...list.children].entries()) {
    if (index === current) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  }
}
