// @ts-check
/** The show in short: by rules always, by the language model where the host connected one and saw what is sent. */

import { api } from "../api.js";
import { clock, dayOf } from "../format.js";
import { language, t } from "../i18n.js";
import { kindBadge } from "../panel/kinds.js";
import { connect } from "../socket.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {{sku: string | null, name: string | null, sentences: {seq: number, kind: string, text: string}[], qa: {seq: number, question: string, answer: string}[]}} Entry */
/** @typedef {{products: {sku: string, summary: string}[], qa: {sku: string | null, question: string, answer: string}[], model: string, at: number}} Written */
/** @typedef {{rules: Entry[], written: Written | null, enabled: boolean}} Summary */

/**
 * @param {string} show
 * @param {boolean} host whether this page may ask the model
 * @param {(seq: number) => void} go
 */
export async function startSummary(show, host, go) {
  const read = async () => {
    try {
      render(/** @type {Summary} */ (await api.get(`/shows/${show}/summary`)), show, host, go);
    } catch (error) {
      fill(byId("summary"), h("li", {}, empty("circle-alert", explain(error))));
    }
  };
  let running = false;
  connect({ page: "review" }).on("writing", (value) => {
    const mine = value && String(value.show_id) === show ? value : null;
    if (running && mine && mine.state !== "running") {
      if (mine.state === "failed") toast(language() === "en" ? mine.message_en : mine.message_zh, "bad");
      void read();
    }
    running = mine?.state === "running";
    byId("summary").toggleAttribute("data-writing", running);
    byId("summary").setAttribute("aria-busy", String(running));
  });
  await read();
}

/**
 * @param {Summary} summary
 * @param {string} show
 * @param {boolean} host
 * @param {(seq: number) => void} go
 */
function render({ rules, written, enabled }, show, host, go) {
  const summaries = new Map(written?.products.map(({ sku, summary }) => [sku, summary]));
  const ask =
    host && enabled && rules.length
      ? h(
          "button",
          {
            class: "button",
            type: "button",
            onclick: () => void send(show).catch((error) => toast(explain(error), "bad")),
          },
          icon("pencil-line"),
          written ? t("请语言模型重写") : t("请语言模型写小结"),
        )
      : null;
  fill(
    byId("summary"),
    ask
      ? h(
          "li",
          { class: "summary-tools" },
          ask,
          h("span", { class: "soft small" }, t("先给你看要发送的内容，点了才发。")),
        )
      : null,
    ...rules.map((entry) => about(entry, summaries.get(entry.sku ?? "") ?? "", written, go)),
    !rules.length && h("li", {}, empty("star", t("没有听到可以小结的话。"))),
  );
}

/**
 * @param {Entry} entry
 * @param {string} text what the model wrote of it, "" nothing
 * @param {Written | null} written
 * @param {(seq: number) => void} go
 */
function about(entry, text, written, go) {
  const pairs = written?.qa.filter((each) => each.sku === entry.sku) ?? [];
  return h(
    "li",
    { class: "summary-entry" },
    h("h3", { lang: "zh-CN" }, entry.name ?? t("不分商品")),
    (text || pairs.length) && written
      ? h(
          "div",
          { class: "written" },
          badge("warn", "pencil-line", t("语言模型写的，请核对")),
          h(
            "span",
            { class: "soft small" },
            t("{model}，{when}", { model: written.model, when: `${dayOf(written.at)} ${clock(written.at)}` }),
          ),
          text ? h("p", { lang: "zh-CN", dir: "auto" }, text) : null,
          ...pairs.map((each) =>
            h("p", { lang: "zh-CN", dir: "auto" }, h("strong", {}, each.question), " ", each.answer),
          ),
        )
      : null,
    ...entry.sentences.map(({ seq, kind, text: said }) =>
      h(
        "button",
        { class: "found-item", type: "button", onclick: () => go(seq) },
        h("span", { class: "found-head" }, kindBadge(kind)),
        h("span", { lang: "zh-CN" }, said),
      ),
    ),
    ...entry.qa.map(({ seq, question, answer }) =>
      h(
        "button",
        { class: "found-item", type: "button", onclick: () => go(seq) },
        h("strong", { lang: "zh-CN" }, question),
        h("span", { lang: "zh-CN" }, answer),
      ),
    ),
  );
}

/**
 * Shows, word for word, what goes where; sends it when that is confirmed.
 * @param {string} show
 */
async function send(show) {
  const sent = /** @type {{text: string, mark: string, url: string, model: string}} */ (
    await api.get(`/shows/${show}/summary/sent`)
  );
  const text = h("textarea", { rows: 14, readonly: true, lang: "zh-CN" });
  text.value = sent.text;
  await openDialog({
    title: t("发送给语言模型"),
    wide: true,
    body: [
      h(
        "p",
        {},
        t("发到 {url}，模型 {model}，共 {n} 个字。人名和电话已经遮掉；下面就是全部内容。", {
          url: sent.url,
          model: sent.model,
          n: sent.text.length,
        }),
      ),
      field(t("要发送的内容"), text),
    ],
    submit: t("发送"),
    sign: "arrow-up",
    run: () => api.post(`/shows/${show}/summary`, { mark: sent.mark }),
  });
}
