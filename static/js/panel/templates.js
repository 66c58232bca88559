// @ts-check
/** Choosing what a new show begins with: the catalogue, or a rundown template of scenes/. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { h, icon } from "../ui/element.js";

/** @typedef {import("./plan.js").Draft} Draft */
/** @typedef {{name: string, title: string, own: boolean, rundown: Draft[]}} Template */
/** @typedef {{templates: Template[], problems: {name: string, zh: string, en: string}[]}} Templates */

/** @returns {Promise<Templates>} */
export async function readTemplates() {
  return await api.get("/shows/templates");
}

/**
 * One choice a template, the first none.
 * @param {Templates} found
 * @param {(template: Template | null) => void} choose
 */
export function templateChoice({ templates, problems }, choose) {
  const box = h(
    "fieldset",
    { class: "field templates" },
    h("legend", {}, t("从模板开始")),
    h(
      "div",
      { class: "template-cards" },
      card("", "package", t("我的商品"), t("商品表里的每个商品一项"), true),
      ...templates.map((each) => card(each.name, sign(each), each.title, summary(each), false)),
    ),
    ...problems.map((each) =>
      h("p", { class: "problem small" }, `${each.name}: ${language() === "en" ? each.en : each.zh}`),
    ),
  );
  box.addEventListener("change", (event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    choose(templates.find((each) => each.name === value) ?? null);
  });
  return box;
}

/** @param {Template} template */
function sign({ name, own }) {
  const signs = /** @type {Record<string, string>} */ ({
    dairy: "flask-conical",
    kitchen: "hand-heart",
    orchard: "sprout",
  });
  return own ? "pencil" : (signs[name] ?? "list-ordered");
}

/** @param {Template} template */
function summary({ rundown }) {
  const minutes = rundown.reduce((sum, item) => sum + (item.minutes ?? 0), 0);
  const proofs = rundown.reduce((sum, item) => sum + item.trust.length, 0);
  return t("{items} 项 · {minutes} 分钟 · {proofs} 处现场证明", { items: rundown.length, minutes, proofs });
}

/**
 * @param {string} value
 * @param {string} symbol icon name
 * @param {string} title
 * @param {string} text
 * @param {boolean} checked
 */
function card(value, symbol, title, text, checked) {
  return h(
    "label",
    { class: "template-card" },
    h("input", { type: "radio", name: "template", value, checked }),
    icon(symbol),
    h("span", { class: "grow" }, h("strong", {}, title), h("small", { class: "soft" }, text)),
  );
}
