// @ts-check
/** Promises: drafts to confirm, their clocks, and what became of them. */

import { api } from "../api.js";
import { mediaTime, moment } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { promiseWords } from "./claim_words.js";
import { eachSecond, serverNow } from "./clock.js";
import { may, productOf, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Spoken} Spoken */

/** Draws the pane of the control page. */
export function startPromises() {
  watch(["promises", "catalogue"], render);
  eachSecond(render); // promises fall due
  render();
}

function render() {
  const pane = byId("pane-promises");
  const heard = [...(stage.promises ?? [])].reverse();
  const waiting = heard.filter((each) => each.state === "draft" || standing(each) === "due").length;
  count("promises", waiting, waiting > 0);
  if (!heard.length) {
    fill(pane, empty("handshake", t("说出口的承诺会记在这里，确认后开始计时。")));
    return;
  }
  keep(
    pane,
    heard,
    (each) => each.id,
    () => h("div", { class: "entry" }),
    (element, each) => {
      if (isDrawn(element, each, standing(each), productOf(each.product)?.name)) return;
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          promiseBadge(each),
          h("time", {}, mediaTime(each.start)),
          h("span", {}, [promiseWords(each), productOf(each.product)?.name].filter(Boolean).join(" · ")),
        ),
        h("p", { lang: "zh-CN" }, each.text),
        dueLine(each),
        promiseTools(each),
      );
    },
  );
}

/**
 * How it stands now.
 * @param {Spoken} promise
 * @returns {"draft" | "dismissed" | "kept" | "late" | "broken" | "void" | "lasting" | "running" | "due"}
 */
function standing({ state, outcome, due_ms }) {
  if (state !== "confirmed") return state;
  if (outcome) return outcome;
  return due_ms === null ? "lasting" : due_ms > serverNow() ? "running" : "due";
}

/** @param {Spoken} promise */
export function promiseBadge(promise) {
  switch (standing(promise)) {
    case "draft":
      return badge("warn", "handshake", t("待确认"));
    case "dismissed":
      return badge("", "x", t("不是承诺"));
    case "kept":
      return badge("good", "check", t("已兑现"));
    case "late":
      return badge("bad", "clock", t("晚了才兑现"));
    case "broken":
      return badge("bad", "x", t("未兑现"));
    case "void":
      return badge("", "ban", t("买家不要了"));
    case "due":
      return badge("warn", "triangle-alert", t("已到期"));
    case "running":
      return badge("good", "clock", t("已确认"));
    case "lasting":
      return badge("good", "handshake", t("一直有效"));
  }
}

/** When it was to be kept, and when it was. @param {Spoken} promise */
export function dueLine({ state, due_ms, kept_ms }) {
  if (state !== "confirmed" || (due_ms === null && kept_ms === null)) return null;
  const words = [
    due_ms === null ? "" : t("到 {when}", { when: moment(due_ms) }),
    kept_ms === null ? "" : t("{when} 兑现", { when: moment(kept_ms) }),
  ];
  return h("p", { class: "soft small number" }, words.filter(Boolean).join(" · "));
}

/**
 * What can be said about it now.
 * @param {Spoken} promise
 * @param {() => unknown} [done] after it was said
 */
export function promiseTools(promise, done = () => {}) {
  const now = standing(promise);
  const { id, due_ms } = promise;
  const say = (/** @type {string} */ outcome) => () => api.put(`/promises/${id}/outcome`, { outcome });
  const settle = (/** @type {string} */ state) => () => api.put(`/promises/${id}`, { state });
  /** @param {string} sign @param {string} words @param {() => Promise<unknown>} run @param {string} [kind] */
  const button = (sign, words, run, kind = "") =>
    h(
      "button",
      {
        class: `button ${kind}`,
        type: "button",
        onclick: async (/** @type {Event} */ event) => {
          if (await act(/** @type {Element} */ (event.currentTarget), run)) done();
        },
      },
      icon(sign),
      words,
    );
  const row = (/** @type {import("../ui/element.js").Child[]} */ ...children) =>
    h("div", { class: "entry-tools" }, ...children);
  if (now === "draft")
    return row(
      button("check", t("确认"), settle("confirmed"), "main"),
      button("x", t("不是承诺"), settle("dismissed"), "quiet"),
    );
  if (now === "dismissed" || !may("producer")) return null;
  const back =
    promise.outcome &&
    button("undo-2", t("收回这个结果"), () => api.put(`/promises/${id}/outcome`, { outcome: null }), "quiet");
  if (back) return row(back);
  // kept in time or not is only a question once the time is over
  const kept = now === "due" ? () => openKept(promise, done) : say("kept");
  return row(
    button("check", t("兑现了"), async () => void (await kept())),
    (due_ms === null || now === "due") && button("x", t("没兑现"), say("broken")),
    button("ban", t("买家不要了"), say("void"), "quiet"),
  );
}

/**
 * Asks when it was kept: after its time is over this decides whether it was kept in time.
 * @param {Spoken} promise
 * @param {() => unknown} done
 */
async function openKept({ id, text, due_ms }, done) {
  const when = h("input", { type: "datetime-local", name: "when", required: true });
  when.value = local(due_ms ?? serverNow());
  when.max = local(serverNow());
  const kept = await openDialog({
    title: t("什么时候兑现的？"),
    body: [h("p", { lang: "zh-CN" }, text), field(t("兑现的时间（过了期限的记为“晚了才兑现”，不算兑现）"), when)],
    submit: t("兑现了"),
    run: () => api.put(`/promises/${id}/outcome`, { outcome: "kept", kept_ms: new Date(when.value).getTime() }),
  });
  if (kept) done();
}

/** A moment as a `datetime-local` field writes it. @param {number} ms */
function local(ms) {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
