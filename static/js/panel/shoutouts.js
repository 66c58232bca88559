// @ts-check
/** The shout-out queue in one strip: who is thanked on screen now, who is next, pause, skip and its undo. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { eachSecond } from "./clock.js";
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
  name(undo, t("撤销跳过"));
  name(more, t("感谢播报的队列"));
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
  if (first) await act(skip, () => api.post(`/shoutouts/${first.id}/skip`));
}

/** Puts the last one that was skipped back into the queue, within ten seconds. */
export async function undoSkip() {
  const last = stage.shoutouts?.find(isUndoable);
  if (last) await act(undo, () => api.post(`/shoutouts/${last.id}/restore`));
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
  name(skip, current ? t("跳过正在播的这条") : t("撤下下一条"));
  if (pause.getAttribute("aria-pressed") !== String(paused)) {
    pause.setAttribute("aria-pressed", String(paused));
    fill(pause, icon(paused ? "play" : "pause"));
    name(pause, paused ? t("感谢播报继续") : t("感谢播报暂停"));
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
 */
function name(button, words) {
  if (button.title === words) return;
  button.title = words;
  button.setAttribute("aria-label", words);
}
