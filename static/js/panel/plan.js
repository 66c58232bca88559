// @ts-check
/** Planning a show: its title and rundown, new or while it runs. */

import { api, Problem } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { mergeRundown, mergeWords } from "./rundown-merge.js";
import { stage } from "./stage.js";
import { readTemplates, templateChoice } from "./templates.js";
import { trustFields } from "./trust.js";

/** @typedef {{id?: number, title: string, sku: string | null, scene: string | null, minutes: number | null, points: string[], trust: import("./trust.js").Trust[]}} Draft */

const MINUTES = 5;

/** How to read the trust content of an item that is being edited. @type {WeakMap<Element, () => import("./trust.js").Trust[]>} */
const trustOf = new WeakMap();

/** A new show whose rundown is a template or the catalogue, to be changed as the host likes. */
export async function openNewShow() {
  const title = h("input", {
    name: "title",
    maxlength: 120,
    required: true,
    autocomplete: "off",
    value: defaultTitle(),
  });
  const own = (stage.catalogue ?? []).map((product) => draftOf(product.sku, product.name));
  const { element, read, replace } = editor(own);
  /** @type {import("./templates.js").Templates} */
  let found = { templates: [], problems: [] };
  try {
    found = await readTemplates();
  } catch (error) {
    toast(explain(error), "bad"); // a show can be planned without
  }
  const choice = templateChoice(found, (template) => {
    title.value = template?.title ?? defaultTitle();
    replace(template?.rundown.map(ofCatalogue) ?? own);
  });
  return openDialog({
    title: t("新建直播"),
    wide: true,
    body: [choice, field(t("标题"), title), element],
    submit: t("建好了"),
    run: () => api.post("/shows", { title: title.value, rundown: read() }),
  });
}

/**
 * A template's item with a product that this shop does not have keeps its place, without it.
 * @param {Draft} draft
 * @returns {Draft}
 */
function ofCatalogue(draft) {
  const known = (stage.catalogue ?? []).some(({ sku }) => sku === draft.sku);
  return { ...draft, sku: known ? draft.sku : null };
}

/** Changes the rundown of the show on stage. */
export function openRundown() {
  const show = stage.show;
  if (!show) return openNewShow();
  let seen = show;
  const { element, read, replace } = editor(show.rundown);
  const save = async () => {
    try {
      await api.put(`/shows/${show.id}/rundown`, { items: read() }, { ifMatch: seen.revision });
    } catch (error) {
      if (!(error instanceof Problem && error.code === "stale")) throw error;
      const now = await api.get(`/shows/${show.id}`);
      const { items, clashes } = mergeRundown(seen.rundown, read(), now.rundown);
      seen = now;
      replace(items);
      throw new Problem(error.status, error.code, mergeWords(clashes));
    }
  };
  return openDialog({ title: t("编辑流程"), wide: true, body: [element], submit: t("保存"), run: save });
}

function defaultTitle() {
  const now = new Date();
  return t("{month}月{day}日直播", { month: now.getMonth() + 1, day: now.getDate() });
}

/**
 * @param {string | null} sku
 * @param {string} title
 * @returns {Draft}
 */
function draftOf(sku, title) {
  return { title, sku, scene: null, minutes: MINUTES, points: [], trust: [] };
}

/**
 * @param {readonly Draft[]} drafts
 * @returns {{element: HTMLElement, read: () => Draft[], replace: (drafts: readonly Draft[]) => void}} read gives the rundown as it stands
 */
function editor(drafts) {
  const list = h("ol", { class: "plan" });
  const replace = (/** @type {readonly Draft[]} */ wanted) => list.replaceChildren(...wanted.map(row));
  replace(drafts);
  const add = h("button", { class: "button", type: "button" }, icon("plus"), t("加一项"));
  add.addEventListener("click", () => {
    const item = row(draftOf(null, ""));
    list.append(item);
    item.querySelector("input")?.focus();
  });
  const element = h("div", { class: "plan" }, list, h("div", {}, add));
  return {
    element,
    replace,
    read: () => [...list.children].map((each) => readRow(/** @type {HTMLElement} */ (each))),
  };
}

/** @param {Draft} draft */
function row(draft) {
  const scenes = new Set([...(stage.obs?.scenes ?? []), ...(draft.scene ? [draft.scene] : [])]);
  const title = h("input", {
    "data-field": "title",
    maxlength: 120,
    required: true,
    autocomplete: "off",
    value: draft.title,
  });
  const product = h(
    "select",
    { "data-field": "sku" },
    h("option", { value: "" }, t("没有商品")),
    ...(stage.catalogue ?? []).map(({ sku, name }) => h("option", { value: sku, selected: sku === draft.sku }, name)),
  );
  product.addEventListener("change", () => {
    if (product.value && !title.value) title.value = product.selectedOptions[0]?.textContent ?? "";
  });
  const scene = h(
    "select",
    { "data-field": "scene" },
    h("option", { value: "" }, t("不切换")),
    ...[...scenes].map((name) => h("option", { value: name, selected: name === draft.scene }, name)),
  );
  const minutes = h("input", {
    "data-field": "minutes",
    type: "number",
    inputmode: "numeric",
    min: 1,
    max: 600,
    value: draft.minutes ?? "",
  });
  const points = h("textarea", { "data-field": "points", rows: Math.max(2, draft.points.length) });
  points.value = draft.points.join("\n");
  const trust = trustFields(draft.trust);
  const item = h(
    "li",
    { class: "plan-item", "data-id": draft.id },
    h(
      "div",
      { class: "plan-fields" },
      field(t("名称"), title),
      field(t("商品"), product),
      field(t("OBS 场景"), scene),
      field(t("分钟"), minutes),
    ),
    h(
      "div",
      { class: "plan-tools" },
      tool("arrow-up", t("上移"), () => item.previousElementSibling?.before(item)),
      tool("arrow-down", t("下移"), () => item.nextElementSibling?.after(item)),
      tool("trash-2", t("去掉"), () => item.remove()),
    ),
    h("div", { class: "plan-points" }, field(t("要点（一行一条）"), points), trust.element),
  );
  trustOf.set(item, trust.read);
  return item;
}

/**
 * @param {string} sign
 * @param {string} word
 * @param {() => void} run
 */
function tool(sign, word, run) {
  const button = h(
    "button",
    { class: "button quiet square", type: "button", "aria-label": word, title: word },
    icon(sign),
  );
  button.addEventListener("click", () => {
    run();
    if (button.isConnected) button.focus();
  });
  return button;
}

/**
 * @param {HTMLElement} element
 * @returns {Draft}
 */
function readRow(element) {
  const value = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (element.querySelector(`[data-field="${name}"]`)).value.trim();
  const points = value("points").split("\n");
  return {
    ...(element.dataset.id ? { id: Number(element.dataset.id) } : {}),
    title: value("title"),
    sku: value("sku") || null,
    scene: value("scene") || null,
    minutes: value("minutes") ? Number(value("minutes")) : null,
    points: points.map((point) => point.trim()).filter(Boolean),
    trust: trustOf.get(element)?.() ?? [],
  };
}
