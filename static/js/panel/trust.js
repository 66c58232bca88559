// @ts-check
/** Trust content of a rundown item: what is shown so that nobody has to believe it. Its words, and its fields. */

import { t } from "../i18n.js";
import { badge, h, icon } from "../ui/element.js";

/** @typedef {"demo" | "test" | "story"} TrustKind */
/** @typedef {{kind: TrustKind, text: string}} Trust */

/** @type {TrustKind[]} */
const KINDS = ["demo", "test", "story"];
const MOST = 10;

/** @param {TrustKind} kind */
export function trustWord(kind) {
  return { demo: t("演示"), test: t("检测"), story: t("故事") }[kind] ?? kind;
}

/** @param {TrustKind} kind an icon's name */
export function trustSign(kind) {
  return { demo: "eye", test: "flask-conical", story: "sprout" }[kind] ?? "eye";
}

/**
 * @param {readonly Trust[]} trust
 */
export function trustList(trust) {
  if (!trust.length) return null;
  return h(
    "ul",
    { class: "trust-list" },
    ...trust.map(({ kind, text }) =>
      h("li", {}, badge("good", trustSign(kind), trustWord(kind)), h("span", { lang: "zh-CN" }, text)),
    ),
  );
}

/**
 * Fields to change an item's trust content.
 * @param {readonly Trust[]} trust
 * @returns {{element: HTMLElement, read: () => Trust[]}}
 */
export function trustFields(trust) {
  const list = h("ul", { class: "trust-fields" });
  const add = h("button", { class: "button quiet", type: "button" }, icon("plus"), t("加演示、检测或故事"));
  const check = () => {
    add.hidden = list.children.length >= MOST;
  };
  const append = (/** @type {Trust} */ each) => {
    const row = line(each, () => {
      row.remove();
      check();
      add.focus();
    });
    list.append(row);
    check();
    return row;
  };
  for (const each of trust) append(each);
  add.addEventListener("click", () => append({ kind: "demo", text: "" }).querySelector("input")?.focus());
  return {
    element: h("div", { class: "plan-trust" }, list, h("div", {}, add)),
    read: () =>
      [...list.children]
        .map((row) => ({
          kind: /** @type {TrustKind} */ (row.querySelector("select")?.value ?? "demo"),
          text: row.querySelector("input")?.value.trim() ?? "",
        }))
        .filter(({ text }) => text),
  };
}

/**
 * @param {Trust} trust
 * @param {() => void} remove
 */
function line({ kind, text }, remove) {
  const select = h(
    "select",
    { "aria-label": t("拿什么证明") },
    ...KINDS.map((each) => h("option", { value: each, selected: each === kind }, trustWord(each))),
  );
  const input = h("input", {
    "aria-label": t("镜头前做什么"),
    placeholder: t("镜头前做什么"),
    maxlength: 300,
    autocomplete: "off",
    value: text,
  });
  const button = h(
    "button",
    { class: "button quiet square", type: "button", "aria-label": t("去掉"), title: t("去掉"), onclick: remove },
    icon("x"),
  );
  return h("li", {}, select, input, button);
}
