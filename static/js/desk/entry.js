// @ts-check
/** A new order by hand: who, what, where it is fetched, whether it is paid. */

import { api, newKey } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { h, icon, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { tellOrder } from "./changes.js";
import { readAvailable, readPoints, readProducts } from "./products.js";

/** @typedef {import("./products.js").Product} Product */
/** @typedef {{product: Product, row: HTMLElement, quantity: () => number}} Pick */

/**
 * @param {{current?: string | null, paid?: boolean}} [start] current: the SKU on air, it stands first; paid: ticked already
 */
export async function openEntry({ current = null, paid: paidAlready = false } = {}) {
  /** @type {Product[]} */
  let products;
  /** @type {Record<string, number>} */
  let available;
  /** @type {import("./products.js").Point[]} */
  let points;
  try {
    [products, available, points] = await Promise.all([readProducts(), readAvailable(), readPoints()]);
  } catch (error) {
    toast(explain(error), "bad");
    return false;
  }
  // one intention, one key: pressing again after a lost answer does not order twice
  let idempotencyKey = newKey();
  const sorted = [...products].sort((a, b) => Number(b.sku === current) - Number(a.sku === current));
  const waits = h("input", { type: "checkbox", name: "waitlist" });
  const waitsRow = h(
    "label",
    { class: "choice", hidden: true },
    waits,
    h("span", {}, t("有的不够：排队候补，有货了自动留给他")),
  );
  const paid = h("input", { type: "checkbox", name: "paid", checked: paidAlready });
  const via = h(
    "select",
    { name: "paid_via" },
    h("option", { value: "wechat" }, t("微信")),
    h("option", { value: "cash" }, t("现金（到付）")),
    h("option", { value: "other" }, t("其他方式")),
  );
  const sum = h("strong", { class: "number" });
  const change = () => {
    const short = picks.some(({ product, quantity }) => quantity() > (available[product.sku] ?? 0));
    waitsRow.hidden = !short;
    if (!short) waits.checked = false;
    if (waits.checked) paid.checked = false;
    paid.disabled = waits.checked;
    write(sum, price(picks.reduce((all, { product, quantity }) => all + product.price_fen * quantity(), 0)));
  };
  const picks = sorted.map((product) => pick(product, available[product.sku] ?? 0, product.sku === current ? 1 : 0));
  const body = h(
    "div",
    { class: "entry-form" },
    h(
      "div",
      { class: "pair" },
      field(
        t("买家称呼（上屏时只留首字）"),
        h("input", { name: "buyer", maxlength: 60, required: true, autocomplete: "off" }),
      ),
      field(
        t("手机（可不填，加密保存）"),
        h("input", { name: "phone", type: "tel", inputmode: "tel", maxlength: 20, autocomplete: "off" }),
      ),
    ),
    h("div", { class: "picks scroll", role: "group", "aria-label": t("商品") }, ...picks.map(({ row }) => row)),
    h("p", { class: "picks-sum" }, t("合计"), " ", sum),
    waitsRow,
    h(
      "div",
      { class: "pair" },
      field(
        t("自提点"),
        h(
          "select",
          { name: "point" },
          h("option", { value: "" }, t("还没定")),
          ...points.filter(({ active }) => active).map(({ id, name }) => h("option", { value: id }, name)),
        ),
      ),
      field(t("备注"), h("input", { name: "note", maxlength: 200, autocomplete: "off" })),
    ),
    h(
      "div",
      { class: "pair paid-row" },
      h("label", { class: "choice" }, paid, h("span", {}, t("已经付款（付款后才会上屏感谢）"))),
      field(t("付款方式"), via),
    ),
  );
  body.addEventListener("input", change);
  body.addEventListener("click", change);
  change();
  return openDialog({
    title: t("录入订单"),
    body: [body],
    wide: true,
    submit: t("录入"),
    run: async (form) => {
      const lines = picks.flatMap(({ product, quantity }) =>
        quantity() ? [{ sku: product.sku, quantity: quantity() }] : [],
      );
      if (!lines.length) throw new Error(t("请至少选一件商品"));
      const said = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
      const order = {
        buyer: said("buyer"),
        lines,
        paid: paid.checked,
        // an unpaid order remembers only that it is paid when it is fetched
        ...(paid.checked || said("paid_via") === "cash" ? { paid_via: said("paid_via") } : {}),
        ...(said("phone") ? { phone: said("phone") } : {}),
        ...(said("point") ? { pickup_point_id: Number(said("point")) } : {}),
        ...(said("note") ? { note: said("note") } : {}),
        ...(waits.checked ? { waitlist: true } : {}),
      };
      try {
        const placed = tellOrder(await api.post("/orders", order, { idempotencyKey }));
        toast(t("已录入 {number}", { number: placed.number }));
      } catch (error) {
        // refused: nothing was placed, and what is changed now is another order
        if (!(error instanceof Error && "status" in error && error.status === 0)) idempotencyKey = newKey();
        throw error;
      }
    },
  });
}

/**
 * @param {Product} product
 * @param {number} available
 * @param {number} start
 * @returns {Pick}
 */
function pick(product, available, start) {
  const input = h("input", {
    type: "number",
    inputmode: "numeric",
    min: 0,
    max: 999,
    value: start,
    "aria-label": t("{name} 的数量", { name: product.name }),
  });
  const quantity = () => Math.max(0, Math.min(999, Math.trunc(Number(input.value) || 0)));
  const stepper = (/** @type {number} */ by, /** @type {string} */ sign, /** @type {string} */ word) =>
    h(
      "button",
      {
        class: "button square",
        type: "button",
        "aria-label": word,
        onclick: () => {
          input.value = String(Math.max(0, Math.min(999, quantity() + by)));
        },
      },
      icon(sign),
    );
  const left = available > 0 ? t("可售 {n}", { n: available }) : t("卖完了");
  const row = h(
    "div",
    { class: "pick" },
    h(
      "span",
      { class: "grow" },
      h("bdi", { class: "wrap" }, product.name),
      h("span", { class: "soft small number block" }, `${price(product.price_fen)} / ${product.unit} · ${left}`),
    ),
    stepper(-1, "minus", t("少一件 {name}", { name: product.name })),
    input,
    stepper(1, "plus", t("多一件 {name}", { name: product.name })),
  );
  return { product, row, quantity };
}
