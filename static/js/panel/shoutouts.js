// @ts-check
/** The shout-out queue in one strip: who is thanked on screen now, who is next, pause, skip and its undo. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { eachSecond } from "./clock.js";
import { hint, titled } from "./key_hints.js";
import { drawList, isUndoable, proofOf, said } from "./shoutout-list.js";
import { stage, watch } from "./stage.js";

const now = h("span", { class: "shout-now clip" });
const queue = h("span", { class: "soft small clip shout-queue" });
const undo = tool("undo-2", () => void undoSkip());
const skip = tool("skip-forward", () => void skipFirst());
const pause = tool("pause", () => void togglePause());
const more = h(
  "button",
  {
    class: "button quiet square",
    type: "button",
    "aria-controls": "shout-list",
    "aria-expanded": "false",
    onclick: () => openList(more.getAttribute("aria-expanded") !== "true"),
  },
  icon("chevron-down"),
);

/** Draws the strip and the list below it. */
export function startShoutouts() {
  name(undo, t("撤销跳过"), "restore");
  name(more, t("感谢播报的队列"));
  hint(undo, "restore");
  hint(skip, "skip");
  hint(pause, "pause");
  fill(
    byId("shout"),
    icon("megaphone"),
    h("p", { class: "grow" }, now, queue),
    h("span", { class: "shout-tools" }, undo, skip, pause, more),
  );
  watch(["shoutout", "shoutouts"], render);
  eachSecond(render);
  render();
}

/** Holds the queue, or lets it go on. */
export async function togglePause() {
  await act(pause, () => api.post("/shoutouts/pause", { paused: !stage.shoutout?.paused }));
}

/** Takes off the screen what is on it, else what would come next. */
export async function skipFirst() {
  const first = stage.shoutout?.current ?? waiting();
  if (!first) toast(t("没有感谢播报可跳过"), "bad");
  else await act(skip, () => api.post(`/shoutouts/${first.id}/skip`));
}

/** Puts the last one that was skipped back into the queue, within ten seconds. */
export async function undoSkip() {
  const last = stage.shoutouts?.find(isUndoable);
  if (last) await act(undo, () => api.post(`/shoutouts/${last.id}/restore`));
}

/** The thank-you that was on screen last comes once more. */
export async function replayLast() {
  const shown = stage.shoutouts?.filter(({ state }) => state === "ended") ?? [];
  const last = shown.toSorted((one, other) => (other.shown_ms ?? 0) - (one.shown_ms ?? 0))[0];
  if (last) await act(null, () => api.post(`/shoutouts/${last.id}/replay`), t("重播 {who}", { who: last.who }));
  else toast(t("还没有播过的感谢"), "bad");
}

function waiting() {
  return stage.shoutouts?.find(({ state }) => state === "queued") ?? null;
}

/** @param {boolean} open */
function openList(open) {
  more.setAttribute("aria-expanded", String(open));
  byId("shout-list").hidden = !open;
  render();
}

function render() {
  const value = stage.shoutout;
  const current = value?.current ?? null;
  const next = waiting();
  const skipped = stage.shoutouts?.find(isUndoable) ?? null;
  const paused = value?.paused ?? false;
  const unseen = value?.unseen ?? false;
  write(now, headline(current, next, paused, unseen));
  now.title = now.textContent ?? "";
  now.toggleAttribute("data-unseen", unseen && !current);
  write(queue, footline(current, skipped, value?.waiting ?? 0));
  queue.title = queue.textContent ?? "";
  undo.hidden = !skipped;
  skip.hidden = !current && !next;
  name(skip, current ? t("跳过正在播的这条") : t("撤下下一条"), "skip");
  if (pause.getAttribute("aria-pressed") !== String(paused)) {
    pause.setAttribute("aria-pressed", String(paused));
    fill(pause, icon(paused ? "play" : "pause"));
    name(pause, paused ? t("感谢播报继续") : t("感谢播报暂停"), "pause");
  }
  if (!byId("shout-list").hidden) drawList(byId("shout-list"));
}

/**
 * @param {import("./stage.js").Shoutout | null} current
 * @param {import("./stage.js").Shoutout | null} next
 * @param {boolean} paused
 * @param {boolean} unseen
 */
function headline(current, next, paused, unseen) {
  if (current) return said(current);
  if (paused) return t("感谢播报已暂停");
  if (unseen) return t("画面没打开，感谢播报在等");
  return next ? t("马上播：{what}", { what: said(next) }) : t("感谢播报");
}

/**
 * @param {import("./stage.js").Shoutout | null} current
 * @param {import("./stage.js").Shoutout | null} skipped
 * @param {number} count
 */
function footline(current, skipped, count) {
  if (skipped) return t("已跳过 {who}，10 秒内可撤销", { who: skipped.who });
  const row = stage.shoutouts?.find(({ id }) => id === current?.id);
  const line = [row && proofOf(row).word, count && t("还有 {n} 条在排队", { n: count })].filter(Boolean).join(" · ");
  return line || t("付款的订单会在这里排队上屏");
}

/**
 * @param {string} sign
 * @param {() => void} onclick
 */
function tool(sign, onclick) {
  return h("button", { class: "button quiet square", type: "button", onclick }, icon(sign));
}

/**
 * @param {HTMLElement} button
 * @param {string} words
 * @param {import("./keymap.js").ShortcutId} [shortcut]
 */
function name(button, words, shortcut) {
  const title = shortcut ? titled(words, shortcut) : words;
  if (button.title === title) return;
  button.title = title;
  button.setAttribute("aria-label", words);
}
