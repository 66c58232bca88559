// @ts-check
/** Making a poll from a template: products of the catalogue, recipes, or whatever the host writes. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { stage } from "./stage.js";

/** @typedef {"product" | "recipe" | "free"} Kind */
/** @typedef {{text: string, sku: string | null}} Choice */

const MOST = 6;
const LONGEST = 40;

/** @param {Kind} kind */
export function openNewPoll(kind) {
  const title = h("input", {
    name: "title",
    maxlength: 60,
    required: true,
    autocomplete: "off",
    value: { product: t("下一个想看什么？"), recipe: t("今天做哪道菜？"), free: "" }[kind],
  });
  const { element, read } = kind === "product" ? products() : words();
  return openDialog({
    title: { product: t("投票：下一个卖什么"), recipe: t("投票：选菜谱"), free: t("投票：自己写") }[kind],
    body: [field(t("标题"), title), element],
    submit: t("建好了"),
    run: async () => {
      const options = read();
      if (options.length < 2 || options.length > MOST) throw new Error(t("请给 2 到 6 个选项"));
      await api.post("/polls", { kind, title: title.value, options });
    },
  });
}

/** Products to tick; those that the rundown has still to come are ticked. */
function products() {
  const show = stage.show;
  const here = show?.rundown.findIndex((item) => item.id === show.current_item) ?? -1;
  const coming = (show?.rundown ?? [])
    .slice(here + 1)
    .map((item) => item.sku)
    .slice(0, MOST);
  const boxes = (stage.catalogue ?? []).map(({ sku, name }) => ({
    sku,
    name,
    box: h("input", { type: "checkbox", checked: coming.includes(sku) }),
  }));
  const element = h(
    "fieldset",
    { class: "poll-choices" },
    h("legend", {}, t("选 2 到 6 个商品")),
    ...boxes.map(({ name, box }) => h("label", { class: "choice" }, box, h("bdi", {}, name))),
  );
  const read = () => boxes.filter(({ box }) => box.checked).map(({ sku, name }) => ({ sku, text: shortened(name) }));
  return { element, read };
}

/** Lines to write options into. */
function words() {
  const inputs = Array.from({ length: MOST }, (_, index) =>
    h("input", { maxlength: LONGEST, autocomplete: "off", required: index < 2 }),
  );
  const element = h(
    "div",
    { class: "poll-choices" },
    ...inputs.map((input, index) => field(t("选项 {n}", { n: index + 1 }), input)),
  );
  /** @returns {Choice[]} */
  const read = () =>
    inputs
      .map((input) => input.value.trim())
      .filter(Boolean)
      .map((text) => ({ text, sku: null }));
  return { element, read };
}

/** @param {string} name */
function shortened(name) {
  const characters = Array.from(name);
  return characters.length > LONGEST / 2 ? `${characters.slice(0, LONGEST / 2 - 1).join("")}…` : name;
}
