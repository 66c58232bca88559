// @ts-check
/** Highlights, questions, prices, claims and promises beside the transcript; a press goes to the line they come from. */

import { mediaTime, price } from "../format.js";
import { t } from "../i18n.js";
import { claimBadge, claimKind, claimNote, promiseWords } from "../panel/claim_words.js";
import { kindBadge } from "../panel/kinds.js";
import { noteLine } from "../panel/marks.js";
import { dueLine, promiseBadge, promiseTools } from "../panel/promises.js";
import { badge, byId, empty, fill, h } from "../ui/element.js";
import { count } from "../ui/tabs.js";

/** @typedef {{seq: number, product: string | null, kind: string, start: number, text: string, note?: string | null}} Highlight */
/** @typedef {{question_seq: number, product: string | null, asker: string, question: string, answer: string | null, question_start: number}} Question */
/** @typedef {{seq: number, sku: string, price_fen: number, expected_fen: number, start: number}} Price */
/** @typedef {{seq: number, product: string | null, kind: string, level: string, term: string, text: string, start: number, known: number | null, retracted: boolean}} Claim */
/** @typedef {import("../panel/stage.js").Spoken} Spoken */
/** @typedef {{highlights: {rank: number, seq: number}[]}} Ranked the best of one product */
/** @typedef {{summary: Ranked[], highlights: Highlight[], qa: Question[], prices: Price[], claims: Claim[], promises: Spoken[]}} Found */

/**
 * Draws the five lists.
 * @param {Found} found
 * @param {(sku: string | null) => string} nameOf product name of a SKU, "" without one
 * @param {(seq: number) => void} go
 * @param {() => unknown} again reads it all anew
 */
export function drawBeside({ summary, highlights, qa, prices, claims, promises }, nameOf, go, again) {
  const ranks = new Map(summary.flatMap((product) => product.highlights.map((best) => [best.seq, best.rank])));
  const byKind = highlights.map((each) => {
    const rank = ranks.get(each.seq);
    const row = item(
      each.seq,
      each.start,
      kindBadge(each.kind),
      [rank && t("精选第 {n}", { n: rank }), nameOf(each.product)].filter(Boolean).join(" · "),
      go,
      h("span", { lang: "zh-CN" }, each.text),
    );
    const note = noteLine(Number(byId("review").dataset.show), each, again);
    if (note) row.append(note);
    return row;
  });
  count("highlights", highlights.length);
  list("highlights", byKind, "star", t("没有听到值得留下的句子。"));

  const questions = [...qa.filter((each) => !each.answer), ...qa.filter((each) => each.answer)].map((each) =>
    item(
      each.question_seq,
      each.question_start,
      each.answer ? badge("good", "check", t("已回答")) : badge("warn", "message-circle-question-mark", t("没有回答")),
      [each.asker, nameOf(each.product)].filter(Boolean).join(" · "),
      go,
      h("strong", { lang: "zh-CN" }, each.question),
      each.answer ? h("span", { lang: "zh-CN" }, each.answer) : null,
    ),
  );
  const open = qa.filter((each) => !each.answer).length;
  count("qa", qa.length, open > 0);
  list("qa", questions, "message-circle-question-mark", t("没有听到提问。"));

  const heard = prices.map((each) => {
    const right = each.price_fen === each.expected_fen;
    return item(
      each.seq,
      each.start,
      right ? badge("good", "check", t("一致")) : badge("bad", "triangle-alert", t("不一致")),
      nameOf(each.sku) || each.sku,
      go,
      h("strong", { class: "number" }, price(each.price_fen)),
      right ? null : h("span", { class: "soft" }, t("商品表是 {price}", { price: price(each.expected_fen) })),
    );
  });
  const wrong = prices.filter((each) => each.price_fen !== each.expected_fen).length;
  count("prices", prices.length, wrong > 0);
  list("prices", heard, "tag", t("没有听到报价。"));

  const claimed = claims.map((each) =>
    item(
      each.seq,
      each.start,
      claimBadge(each),
      [claimKind(each.kind), nameOf(each.product)].filter(Boolean).join(" · "),
      go,
      h("strong", { lang: "zh-CN" }, each.term),
      h("span", { lang: "zh-CN" }, each.text),
      claimNote(each) ? h("span", { class: "soft" }, claimNote(each)) : null,
    ),
  );
  const bad = claims.filter((each) => each.level === "red" && !each.retracted).length;
  count("claims", claims.length, bad > 0);
  list("claims", claimed, "shield-check", t("没有听到需要核实的说法。"));

  const bound = promises.map((each) => {
    const about = [promiseWords(each), nameOf(each.product)].filter(Boolean).join(" · ");
    const row = item(each.seq, each.start, promiseBadge(each), about, go, h("span", { lang: "zh-CN" }, each.text));
    for (const part of [dueLine(each), promiseTools(each, again)]) if (part) row.append(part);
    return row;
  });
  count("promises", promises.length);
  list("promises", bound, "handshake", t("没有听到承诺。"));
}

/**
 * @param {string} name
 * @param {HTMLElement[]} items
 * @param {string} sign
 * @param {string} nothing
 */
function list(name, items, sign, nothing) {
  const box = byId(`pane-${name}`).firstElementChild;
  if (box) fill(box, ...(items.length ? items : [h("li", {}, empty(sign, nothing))]));
}

/**
 * @param {number} seq
 * @param {number} start
 * @param {HTMLElement} kind
 * @param {string} about
 * @param {(seq: number) => void} go
 * @param {...import("../ui/element.js").Child} content
 */
function item(seq, start, kind, about, go, ...content) {
  const head = h(
    "span",
    { class: "found-head" },
    kind,
    h("time", { class: "number" }, mediaTime(start)),
    about ? h("span", { lang: "zh-CN" }, about) : null,
  );
  return h("li", {}, h("button", { class: "found-item", type: "button", onclick: () => go(seq) }, head, ...content));
}
