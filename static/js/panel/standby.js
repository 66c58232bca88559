// @ts-check
/** What comes next, chosen by hand: any item of the rundown, or a product that is not in it yet. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { openDialog } from "../ui/dialog.js";
import { badge, byId, h, write } from "../ui/element.js";
import { may, stage, watch } from "./stage.js";

/** Wires the buttons of the rows, and the one for products beside the rundown. */
export function startStandby() {
  byId("rundown").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.ready") : null;
    if (button instanceof HTMLElement) void ready(Number(button.dataset.id), button);
  });
  byId("ready-product").addEventListener("click", () => void openProducts());
  watch(["show", "catalogue"], () => {
    byId("ready-product").hidden = stage.show?.status !== "live" || !may("producer") || !outside().length;
  });
}

/**
 * Makes an item the next one; the one that is it already no more.
 * @param {number} item_id
 * @param {Element | null} [button]
 */
export async function ready(item_id, button = null) {
  const show = stage.show;
  if (show?.status !== "live" || !may("producer")) return;
  const chosen = show.standby_item === item_id ? null : item_id;
  await act(button, () => api.put(`/shows/${show.id}/standby`, { item_id: chosen }));
}

/** A row's button. */
export function makeReady() {
  return h("button", { class: "ready", type: "button" });
}

/**
 * @param {HTMLElement} element of the item
 * @param {import("./stage.js").Item} item
 */
export function updateReady(element, { id, title }) {
  const button = /** @type {HTMLElement} */ (element.querySelector(".ready"));
  const chosen = stage.show?.standby_item === id;
  const words = chosen ? t("取消备好 {title}", { title }) : t("备好 {title}，下一个就上它", { title });
  button.hidden = stage.show?.status !== "live" || !may("producer");
  button.toggleAttribute("disabled", id === stage.show?.current_item);
  button.dataset.id = String(id);
  button.setAttribute("aria-pressed", String(chosen));
  write(button, chosen ? t("取消") : t("备好"));
  if (button.title === words) return;
  button.title = words;
  button.setAttribute("aria-label", words);
}

/** Products that no item of the rundown shows. */
function outside() {
  const shown = new Set(stage.show?.rundown.map(({ sku }) => sku));
  return (stage.catalogue ?? []).filter(({ sku }) => !shown.has(sku));
}

function openProducts() {
  const rows = outside().map((product) =>
    h(
      "li",
      { class: "row" },
      h("bdi", { class: "grow wrap" }, product.name),
      product.missing.length ? badge("bad", "triangle-alert", t("缺标签")) : null,
      h("span", { class: "number" }, price(product.price_fen)),
      h("button", { class: "button", name: "sku", value: product.sku, type: "submit" }, t("备好")),
    ),
  );
  /** @type {import("./stage.js").Product | undefined} */
  let product;
  const list = h("ul", {}, ...rows);
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    product = stage.catalogue?.find(({ sku }) => sku === button?.value);
  });
  return openDialog({
    title: t("备好流程外的商品"),
    body: [h("p", { class: "soft" }, t("它会加到流程里，排在正在播的后面，下一个就上它。")), list],
    run: async () => {
      if (product && stage.show)
        await api.put(`/shows/${stage.show.id}/standby`, { sku: product.sku, title: product.name.slice(0, 120) });
    },
  });
}

/**
 * A label item that the server names in Chinese, in the page's language.
 * @param {string} label
 */
export function labelWord(label) {
  const words = /** @type {Record<string, string>} */ ({
    产地: t("产地"),
    生产日期: t("生产日期"),
    保质期: t("保质期"),
    贮存: t("贮存"),
    规格: t("规格"),
    批次: t("批次"),
  });
  return words[label] ?? label;
}
