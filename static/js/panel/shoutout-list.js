// @ts-check
/** The shout-out queue row by row: who waits, and what became of the last ones, with their proof of display. */

import { api } from "../api.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { badge, empty, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { serverNow } from "./clock.js";
import { stage } from "./stage.js";

/** @typedef {import("./stage.js").Shoutout} Shoutout */
/** @typedef {import("./stage.js").QueuedShoutout} Row */

const RESTORE_MS = 10_000;

/**
 * What the overlay says.
 * @param {Shoutout} shoutout
 */
export function said({ who, product, quantity, more, people }) {
  if (people > 1) return t("{who} 等 {people} 人 · {product} ×{quantity}", { who, people, product, quantity });
  const bought = t("{who} · {product} ×{quantity}", { who, product, quantity });
  return more ? t("{bought} 等 {n} 样", { bought, n: more + 1 }) : bought;
}

/**
 * Whether a skip can still be undone.
 * @param {Row} row
 */
export function isUndoable({ state, ended_ms }) {
  return state === "skipped" && ended_ms !== null && serverNow() - ended_ms < RESTORE_MS;
}

/**
 * How far it got: queued, on screen, painted by an overlay.
 * @param {Row} row
 * @returns {{kind: "" | "good" | "warn", sign: string, word: string}}
 */
export function proofOf({ state, acks }) {
  if (state === "queued") return { kind: "", sign: "clock", word: t("已排队") };
  if (state === "retracted") return { kind: "", sign: "ban", word: t("已撤下") };
  if (state === "skipped") return { kind: "", sign: "skip-forward", word: t("已跳过") };
  if (acks) return { kind: "good", sign: "monitor-check", word: t("画面已确认") };
  return { kind: "warn", sign: "monitor", word: t("已上屏，画面未确认") };
}

/** @param {HTMLElement} list */
export function drawList(list) {
  const rows = stage.shoutouts ?? [];
  keep(
    list,
    rows,
    (row) => row.id,
    () => h("li", { class: "entry order" }),
    update,
    h("li", {}, empty("megaphone", t("付款的订单会在这里排队上屏"))),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Row} row
 */
function update(element, row) {
  if (!isDrawn(element, row, isUndoable(row), isFirst(row))) {
    const { kind, sign, word } = proofOf(row);
    fill(
      element,
      h(
        "div",
        { class: "grow" },
        h(
          "div",
          { class: "entry-head" },
          badge(kind, sign, word),
          h("time", {}, clock(row.shown_ms ?? row.queued_ms, { seconds: true })),
          row.showings > 1 && h("span", {}, t("上屏 {n} 次", { n: row.showings })),
          h("span", { class: "shout-left number" }),
        ),
        h("p", { class: "clip", title: said(row) }, h("bdi", {}, said(row))),
      ),
      ...tools(row),
    );
  }
  const left = row.state === "queued" ? Math.ceil((row.due_ms - serverNow()) / 1000) : 0;
  const counter = /** @type {HTMLElement} */ (element.querySelector(".shout-left"));
  write(counter, left > 0 ? t("{n} 秒后播", { n: left }) : "");
}

/** @param {Row} row */
function tools(row) {
  const { who } = row;
  if (row.state === "queued")
    return [
      !isFirst(row) &&
        command("arrow-up", t("优先播 {who}", { who }), `/shoutouts/${row.id}/priority`, { priority: first() + 1 }),
      command("x", t("撤下 {who}", { who }), `/shoutouts/${row.id}/skip`),
    ];
  if (row.state === "shown") return [command("skip-forward", t("跳过正在播的这条"), `/shoutouts/${row.id}/skip`)];
  if (isUndoable(row)) return [command("undo-2", t("撤销跳过"), `/shoutouts/${row.id}/restore`)];
  if (row.state !== "retracted" && stage.show?.status === "live")
    return [command("refresh-cw", t("重播 {who}", { who }), `/shoutouts/${row.id}/replay`)];
  return [];
}

/** @param {Row} row */
function isFirst(row) {
  return stage.shoutouts?.[0]?.id === row.id;
}

/** The priority of whoever goes first. */
function first() {
  return stage.shoutouts?.[0]?.priority ?? 0;
}

/**
 * @param {string} sign
 * @param {string} words
 * @param {string} path
 * @param {unknown} [body]
 */
function command(sign, words, path, body) {
  return h(
    "button",
    {
      class: "button quiet square",
      type: "button",
      "aria-label": words,
      title: words,
      onclick: (/** @type {Event} */ event) =>
        void act(/** @type {Element} */ (event.currentTarget), () => api.post(path, body)),
    },
    icon(sign),
  );
}
