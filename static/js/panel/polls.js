// @ts-check
/** Polls: made from a template, opened, closed; what buyers chose can be put on air. */

import { api } from "../api.js";
import { count as grouped } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { toast } from "../ui/toast.js";
import { openNewPoll } from "./poll-draft.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Poll} Poll */

const list = h("ul");

/** Draws the pane. */
export function startPolls() {
  const make = (/** @type {"product" | "recipe" | "free"} */ kind, /** @type {string} */ word) =>
    h("button", { class: "button", type: "button", onclick: () => void openNewPoll(kind) }, icon("plus"), word);
  fill(
    byId("pane-polls"),
    list,
    h(
      "div",
      { class: "row wrap" },
      make("product", t("下一个卖什么")),
      make("recipe", t("选菜谱")),
      make("free", t("自己写")),
    ),
  );
  watch(["polls", "show"], render);
  render();
}

function render() {
  const order = ["open", "draft", "closed"];
  const polls = [...(stage.polls ?? [])].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  count("polls", polls.filter((poll) => poll.state === "open").length, true);
  keep(
    list,
    polls,
    (poll) => poll.id,
    () => h("li", { class: "entry" }),
    update,
    h("li", {}, empty("vote", t("让邻居们投票：下一个卖什么，做哪道菜。"))),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Poll} poll
 */
function update(element, poll) {
  if (isDrawn(element, poll, stage.show?.status, stage.show?.current_item, stage.show?.rundown)) return;
  fill(
    element,
    h(
      "div",
      { class: "entry-head" },
      stateBadge(poll),
      poll.state !== "draft" && h("span", { class: "number" }, t("共 {n} 票", { n: grouped(poll.total) })),
    ),
    h("p", { class: "entry-question", dir: "auto" }, poll.title),
    h("ol", { class: "tally" }, ...poll.options.map((option) => optionRow(poll, option))),
    h("div", { class: "entry-tools" }, ...tools(poll)),
  );
}

/** Closes the poll that is open, after asking; else opens the draft that waits longest. */
export function togglePoll() {
  const polls = stage.polls ?? [];
  const open = polls.find(({ state }) => state === "open");
  if (open) return confirmClose(open);
  const [draft] = polls.filter(({ state }) => state === "draft").sort((one, other) => one.id - other.id);
  if (draft) return act(null, () => api.post(`/polls/${draft.id}/open`));
  return toast(t("没有准备好的投票：先在“投票”里写一个"), "bad");
}

/** @param {Poll} poll */
function stateBadge(poll) {
  if (poll.state === "draft") return badge("", "pencil-line", t("还没开始"));
  if (poll.state === "open") return badge("air", "vote", t("正在投票"));
  const winners = poll.options.filter((option) => option.winner).length;
  if (!winners) return badge("", "check", t("没有人投票"));
  return winners > 1 ? badge("warn", "check", t("平票")) : badge("good", "check", t("已结束"));
}

/**
 * @param {Poll} poll
 * @param {Poll["options"][number]} option
 */
function optionRow(poll, option) {
  const bar = h("span", { class: "tally-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(poll.total ? option.votes / poll.total : 0));
  return h(
    "li",
    { "data-winner": option.winner },
    bar,
    h("bdi", { class: "grow clip" }, option.text),
    option.winner && badge("good", "trophy", t("最多")),
    poll.state !== "draft" && h("strong", { class: "number" }, grouped(option.votes)),
  );
}

/** @param {Poll} poll */
function tools(poll) {
  const button = (
    /** @type {string} */ sign,
    /** @type {string} */ word,
    /** @type {(button: Element) => unknown} */ run,
  ) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: (/** @type {Event} */ event) => void run(/** @type {Element} */ (event.currentTarget)),
      },
      icon(sign),
      word,
    );
  const discard = button("trash-2", t("作废"), () => confirmDiscard(poll));
  if (poll.state === "draft")
    return [button("play", t("开始投票"), (it) => act(it, () => api.post(`/polls/${poll.id}/open`))), discard];
  if (poll.state === "open") return [button("square", t("结束投票"), () => confirmClose(poll)), discard];
  return [...cues(poll, button), discard];
}

/**
 * One button for each winner that the rundown has: it goes on air next.
 * @param {Poll} poll
 * @param {(sign: string, word: string, run: (button: Element) => unknown) => HTMLElement} button
 */
function cues(poll, button) {
  const show = stage.show;
  if (poll.kind !== "product" || show?.status !== "live" || !may("producer")) return [];
  return poll.options
    .filter((option) => option.winner)
    .map((option) => {
      const item = show.rundown.find((each) => each.sku === option.sku);
      if (!item)
        return h("p", { class: "small soft" }, t("流程里没有“{name}”，先在流程里加上它。", { name: option.text }));
      if (item.id === show.current_item) return badge("air", "radio", t("“{name}”在播", { name: option.text }));
      return button("skip-forward", t("现在上“{name}”", { name: option.text }), (it) =>
        act(it, () => api.post(`/shows/${show.id}/take`, { item_id: item.id })),
      );
    });
}

/** @param {Poll} poll */
function confirmClose(poll) {
  return ask({
    title: t("结束投票？"),
    text: t("结束后不能再投，画面上显示结果一分钟。"),
    submit: t("结束投票"),
    sign: "square",
    run: () => api.post(`/polls/${poll.id}/close`),
  });
}

/** @param {Poll} poll */
function confirmDiscard(poll) {
  return ask({
    title: t("作废这个投票？"),
    text: t("“{title}”会从画面、买家页和这个列表里消失。", { title: poll.title }),
    submit: t("作废"),
    sign: "trash-2",
    run: () => api.post(`/polls/${poll.id}/discard`),
  });
}
