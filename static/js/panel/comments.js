// @ts-check
/** What platforms' chats say, newest first; one press makes a question of it. */

import { api } from "../api.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Comment} Comment */

const list = h("ul");

/** Draws the pane. */
export function startComments() {
  const connect = h(
    "button",
    { class: "button", type: "button", onclick: () => void openAddresses() },
    icon("plug"),
    t("接入评论"),
  );
  fill(
    byId("pane-comments"),
    may("producer") && h("div", { class: "row" }, h("span", { class: "grow" }), connect),
    list,
  );
  watch(["comments"], render);
  render();
}

function render() {
  const newest = [...(stage.comments ?? [])].reverse();
  keep(
    list,
    newest,
    (comment) => comment.id,
    () => h("li", { class: "entry order" }),
    update,
    h("li", {}, empty("messages-square", t("接入后，各平台的评论会滚动在这里，像提问的会自动进“提问”。"))),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Comment} comment
 */
function update(element, comment) {
  if (isDrawn(element, comment)) return;
  fill(
    element,
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "entry-head" },
        h("time", {}, clock(comment.at)),
        h("bdi", {}, comment.who),
        h("span", {}, comment.source),
        comment.question_id !== null && badge("good", "message-circle-question-mark", t("在提问里")),
      ),
      h("p", { dir: "auto" }, comment.text),
    ),
    comment.question_id === null &&
      h(
        "button",
        {
          class: "button quiet square",
          type: "button",
          "aria-label": t("转为提问"),
          title: t("转为提问"),
          onclick: (/** @type {Event} */ event) =>
            void act(/** @type {Element} */ (event.currentTarget), () => api.post(`/comments/${comment.id}/ask`)),
        },
        icon("message-circle-question-mark"),
      ),
  );
}

async function openAddresses() {
  try {
    const { ninja, generic } = await api.get("/comments/hooks");
    await openDialog({
      title: t("接入评论"),
      wide: true,
      body: [
        h("p", {}, t("把地址填进聊天工具，评论就会进来。地址里有密钥，别发到群里。")),
        address(t("Social Stream Ninja（Mechanics → Send all to POST server）"), ninja),
        address(t("其他程序（JSON：id、source、who、text）"), generic),
      ],
    });
  } catch (error) {
    toast(explain(error), "bad");
  }
}

/**
 * @param {string} label
 * @param {string} url
 */
function address(label, url) {
  const input = h("input", { class: "url", readonly: true, spellcheck: "false", value: url });
  const copy = h("button", { class: "button", type: "button" }, icon("copy"), t("复制网址"));
  input.addEventListener("focus", () => input.select());
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
      toast(t("已复制"));
    } catch {
      // no clipboard without a secure context (a LAN address over http): the selection is copied by hand
      input.select();
      toast(t("网址已选中，请按 Ctrl+C 复制。"));
    }
  });
  return h("div", { class: "copy-line" }, field(label, input), copy);
}
