// @ts-check
/** What was answered before, by product: searched, corrected, chosen from, forgotten. */

import { api } from "../api.js";
import { dayOf } from "../format.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon } from "../ui/element.js";

/** @typedef {{id: number, text: string, uses: number, preferred: boolean, confirmed_ms: number}} Answer */
/** @typedef {{id: number, sku: string | null, text: string, asked: number, asked_ms: number, answers: Answer[]}} Known */

const QUIET_MS = 250;
const search = /** @type {HTMLInputElement} */ (byId("query"));
const filter = /** @type {HTMLSelectElement} */ (byId("product"));
const mayForget = byId("main").dataset.role !== "moderator";
/** @type {Map<string, string>} */
const names = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let turn = 0;

search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), QUIET_MS);
});
filter.addEventListener("change", () => void refresh());
byId("add-known").addEventListener("click", () => void addKnown());
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  search.focus();
});
await readProducts();
await refresh();

async function readProducts() {
  const products = /** @type {{products: {sku: string, name: string}[]}} */ (await api.get("/products")).products;
  for (const { sku, name } of products) names.set(sku, name);
  filter.append(...products.map(({ sku, name }) => h("option", { value: sku }, name)));
}

async function refresh() {
  turn += 1;
  const mine = turn;
  const query = new URLSearchParams();
  if (search.value.trim()) query.set("q", search.value.trim());
  if (filter.value) query.set("sku", filter.value === "-" ? "" : filter.value);
  try {
    const { known } = /** @type {{known: Known[]}} */ (await api.get(`/knowledge?${query}`));
    if (mine === turn) show(known, query.size > 0);
  } catch (error) {
    fill(byId("known"), h("li", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
  } finally {
    byId("known").setAttribute("aria-busy", "false");
  }
}

/**
 * @param {Known[]} known
 * @param {boolean} searched
 */
function show(known, searched) {
  byId("known-count").textContent = known.length ? t("{n} 个问题", { n: known.length }) : "";
  if (known.length) fill(byId("known"), ...known.map(entry));
  else
    fill(
      byId("known"),
      h(
        "li",
        {},
        empty(
          "messages-square",
          searched
            ? t("没有找到。")
            : t("在控制台写下或确认过的回答会记在这里，下次有人问同样的问题，就提示给你。不记是谁问的。"),
        ),
      ),
    );
}

/** @param {Known} known */
function entry(known) {
  const product = known.sku ? (names.get(known.sku) ?? known.sku) : t("不分商品");
  return h(
    "li",
    { class: "panel known" },
    h(
      "div",
      { class: "known-head" },
      h("h2", { dir: "auto" }, known.text),
      badge("", "package", product),
      h("span", { class: "soft small" }, t("问过 {n} 次", { n: known.asked })),
      mayForget && tool("trash-2", t("忘掉这个问题"), () => forget(known)),
    ),
    h("ul", { class: "known-answers" }, ...known.answers.map((answer, place) => line(known, answer, place === 0))),
    h(
      "button",
      { class: "button quiet", type: "button", onclick: () => void addKnown(known) },
      icon("plus"),
      t("换个说法"),
    ),
  );
}

/**
 * @param {Known} known
 * @param {Answer} answer
 * @param {boolean} first
 */
function line(known, answer, first) {
  const several = known.answers.length > 1;
  return h(
    "li",
    { class: "known-answer" },
    h(
      "div",
      { class: "grow" },
      h("p", { dir: "auto" }, answer.text),
      h(
        "p",
        { class: "soft small" },
        first && several ? badge("good", "star", answer.preferred ? t("选定") : t("最近用的")) : null,
        " ",
        t("{date} 确认，用过 {n} 次", { date: dayOf(answer.confirmed_ms), n: answer.uses }),
      ),
    ),
    several && !answer.preferred && tool("star", t("选这个回答"), (button) => prefer(button, answer, true)),
    several && answer.preferred && tool("star-off", t("不再选定"), (button) => prefer(button, answer, false)),
    tool("pencil", t("改这个回答"), () => edit(known, answer)),
    mayForget && several && tool("trash-2", t("忘掉这个回答"), () => forgetAnswer(answer)),
  );
}

/**
 * @param {string} sign
 * @param {string} words
 * @param {(button: Element) => unknown} run
 */
function tool(sign, words, run) {
  return h(
    "button",
    {
      class: "button quiet square",
      type: "button",
      "aria-label": words,
      title: words,
      onclick: (/** @type {Event} */ event) => run(/** @type {Element} */ (event.currentTarget)),
    },
    icon(sign),
  );
}

/**
 * @param {Element} button
 * @param {Answer} answer
 * @param {boolean} preferred
 */
async function prefer(button, answer, preferred) {
  if (await act(button, () => api.put(`/knowledge/answers/${answer.id}`, { preferred }))) await refresh();
}

/** @param {Known} [known] whose question gets one more answer */
async function addKnown(known) {
  const answer = h("textarea", { name: "answer", rows: 3, maxlength: 200, required: true });
  const question = h("input", { name: "text", maxlength: 80, required: true, autocomplete: "off" });
  const product = h(
    "select",
    { name: "sku" },
    h("option", { value: "" }, t("不分商品")),
    ...[...names].map(([sku, name]) => h("option", { value: sku, selected: sku === filter.value }, name)),
  );
  const added = await openDialog({
    title: known ? t("换个说法") : t("记下一个回答"),
    body: known
      ? [h("p", { class: "entry-question", dir: "auto" }, known.text), field(t("回答"), answer)]
      : [field(t("问题"), question), field(t("商品"), product), field(t("回答"), answer)],
    submit: t("记下"),
    run: () =>
      api.post("/knowledge", {
        text: known?.text ?? question.value.trim(),
        sku: (known ? known.sku : product.value) || null,
        answer: answer.value.trim(),
      }),
  });
  if (added) await refresh();
}

/**
 * @param {Known} known
 * @param {Answer} answer
 */
async function edit(known, answer) {
  const words = h("textarea", { name: "text", rows: 3, maxlength: 200, required: true });
  words.value = answer.text;
  const edited = await openDialog({
    title: t("改这个回答"),
    body: [h("p", { class: "entry-question", dir: "auto" }, known.text), field(t("回答"), words)],
    submit: t("保存"),
    run: () => api.put(`/knowledge/answers/${answer.id}`, { text: words.value.trim() }),
  });
  if (edited) await refresh();
}

/** @param {Answer} answer */
async function forgetAnswer(answer) {
  const gone = await openDialog({
    title: t("忘掉这个回答？"),
    body: [h("p", { dir: "auto" }, answer.text)],
    submit: t("忘掉"),
    sign: "trash-2",
    grave: true,
    run: () => api.delete(`/knowledge/answers/${answer.id}`),
  });
  if (gone) await refresh();
}

/** @param {Known} known */
async function forget(known) {
  const gone = await openDialog({
    title: t("忘掉这个问题和它的回答？"),
    body: [h("p", { dir: "auto" }, known.text)],
    submit: t("忘掉"),
    sign: "trash-2",
    grave: true,
    run: () => api.delete(`/knowledge/${known.id}`),
  });
  if (gone) await refresh();
}
