// @ts-check
/** What the prompter shows besides its text: on air, time left, this lot, the question that waits, what comes next. */

import { price, shortDate } from "../format.js";
import { t } from "../i18n.js";
import { byId, write } from "../ui/element.js";

/** @typedef {import("../panel/stage.js").Show} Show */
/** @typedef {import("../panel/stage.js").Item} Item */
/** @typedef {import("../panel/stage.js").Card & {lot: (import("../panel/stage.js").Lot & {defects?: string[]}) | null}} Card */

const PAGE_MS = 7000;
/** So long the question that was read out is the one being answered. */
const HEARD_MS = 60_000;
/** Characters of a wide font that a row of the page takes, so that facts are not cut in the middle. */
const LABEL_EM = 2.6;

/**
 * The item that is read now: the one on air, before the show the first.
 * @param {Show | null} show
 * @returns {Item | null}
 */
export function itemOf(show) {
  if (!show || show.status === "ended") return null;
  const wanted = show.current_item ?? show.next_item;
  return show.rundown.find((item) => item.id === wanted) ?? null;
}

/**
 * What comes after it: on air what “next” will take, the one on standby first; before the show the second.
 * @param {Show | null} show
 * @returns {Item | null}
 */
function after(show) {
  const item = itemOf(show);
  if (!show || !item) return null;
  if (show.current_item !== null) return show.rundown.find(({ id }) => id === show.next_item) ?? null;
  return show.rundown[show.rundown.indexOf(item) + 1] ?? null;
}

/** `12:05`, from an hour on `1:02:05`. @param {number} span_ms */
export function spanWords(span_ms) {
  const seconds = Math.max(0, Math.floor(span_ms / 1000));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * On air and for how long; how much of the item's minutes is left, or how far it is over.
 * @param {Show | null} show
 * @param {number} now the server's clock
 */
export function renderClocks(show, now) {
  const status = show?.status ?? "none";
  byId("main").dataset.status = status;
  write(byId("air-word"), status === "ended" ? t("已结束") : t("未开播"));
  write(
    byId("show-clock"),
    show?.started_ms && status !== "draft" ? spanWords((show.ended_ms ?? now) - show.started_ms) : "",
  );
  const item = itemOf(show);
  const left = byId("left");
  const running = status === "live" && item?.minutes && show?.item_taken_ms;
  left.hidden = !item?.minutes || status === "ended";
  if (!item?.minutes) return;
  const rest = item.minutes * 60_000 - (running && show?.item_taken_ms ? now - show.item_taken_ms : 0);
  left.toggleAttribute("data-over", rest < 0);
  write(left, rest < 0 ? t("超 {time}", { time: spanWords(-rest) }) : t("剩 {time}", { time: spanWords(rest + 999) }));
}

/** @param {Show | null} show */
export function renderPlace(show) {
  const item = itemOf(show);
  const place = item && show ? `${show.rundown.indexOf(item) + 1}/${show.rundown.length} ` : "";
  write(byId("title"), item ? place + item.title : (show?.title ?? ""));
  const next = after(show);
  row("next", next ? [next.title, next.minutes && t("{n} 分钟", { n: next.minutes })].filter(Boolean).join(" · ") : "");
}

/**
 * The question that the host has just read out, else the one that waits longest in most people's name; how many there
 * are; and what was answered to it before.
 * @param {import("../panel/stage.js").Asked[] | null} questions
 * @param {number} now
 */
export function renderQuestions(questions, now) {
  const waiting = (questions ?? []).filter((each) => each.state === "open" || each.state === "on_screen");
  const heard = waiting.filter((each) => each.source === "heard" && now - each.asked_ms < HEARD_MS);
  const first = heard.sort((one, other) => other.asked_ms - one.asked_ms)[0] ?? waiting[0];
  const many = first && first.askers > 1 ? t("（{n} 人问）", { n: first.askers }) : "";
  const more = waiting.length > 1 ? t(" · 共 {n} 个", { n: waiting.length }) : "";
  row("asked", first ? first.text + many + more : "");
  row("known", first?.known?.answer ?? "");
}

/**
 * Figures and facts of the lot on air, most needed first; what is unknown is left out here, the card says 未知.
 * @param {Card | null} card
 * @param {import("../panel/stage.js").Stock | null} stock
 */
export function factsOf(card, stock) {
  if (!card) return [];
  const { lot } = card;
  const count = stock?.items[card.sku];
  return [
    [price(card.price_fen), card.unit].filter(Boolean).join(" / "),
    count ? t("还有 {n} 份", { n: count.available }) : "",
    lot?.origin ?? "",
    lot?.produced_on ? t("{date}生产", { date: shortDate(lot.produced_on) }) : "",
    lot?.best_before ? t("吃到 {date}", { date: shortDate(lot.best_before) }) : "",
    lot?.storage ?? "",
    ...(lot?.defects ?? []).map((defect) => t("有缺点：{defect}", { defect })),
    ...Object.entries(card.facts).map(([name, value]) => `${name} ${value}`),
    lot?.batch ? t("批次 {batch}", { batch: lot.batch }) : "",
  ].filter(Boolean);
}

/**
 * As many facts as fit; the others follow, a page every seven seconds.
 * @param {string[]} facts
 * @param {number} now
 */
export function renderFacts(facts, now) {
  const box = byId("facts");
  box.hidden = !facts.length;
  if (!facts.length) return;
  const style = getComputedStyle(box);
  const size = Number.parseFloat(style.fontSize) || 64;
  const rows =
    Number.parseInt(getComputedStyle(/** @type {Element} */ (box.lastElementChild)).webkitLineClamp, 10) || 1;
  const room = (box.clientWidth / size - LABEL_EM - 1) * rows;
  const pages = packed(facts, room);
  const page = pages[Math.floor(now / PAGE_MS) % pages.length] ?? [];
  row("facts", page.join(" · "));
  box.style.minHeight = pages.length > 1 ? `${rows * 1.24}em` : ""; // the text above must not jump with every page
}

/**
 * Facts in pages of at most `room` ems each.
 * @param {string[]} facts
 * @param {number} room
 */
export function packed(facts, room) {
  /** @type {string[][]} */
  const pages = [];
  let used = Number.POSITIVE_INFINITY;
  for (const fact of facts) {
    const needs = ems(fact) + 1;
    if (used + needs > room) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(fact);
    used += needs;
  }
  return pages;
}

/** @param {string} text */
function ems(text) {
  let sum = 0;
  for (const sign of text) sum += (sign.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.58;
  return sum;
}

/**
 * @param {string} id
 * @param {string} text
 */
function row(id, text) {
  const box = byId(id);
  box.hidden = !text;
  write(/** @type {Element} */ (box.lastElementChild), text);
}
