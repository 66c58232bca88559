// @ts-check
/** Giving money back: all that is left, an amount, or the price of what comes back. */

import { api, newKey } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { tellOrder } from "./changes.js";
import { fenOf, yuanOf } from "./money.js";
import { lineCost } from "./order.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("./order.js").Line} Line */
/** @typedef {{sku: string, quantity: number, restock: boolean}} Return */

/** @param {Order} order */
export function openRefund(order) {
  // one intention, one key: pressing again after a lost answer gives nothing back twice
  const idempotencyKey = newKey();
  const left_fen = order.paid_fen - order.refunded_fen;
  const owed_fen = Math.max(0, -order.due_fen);
  const amount = h("input", {
    name: "amount",
    inputmode: "decimal",
    value: owed_fen ? yuanOf(owed_fen) : "",
    autocomplete: "off",
  });
  const returns = order.lines.filter((line) => line.quantity > line.returned).map((line) => returnRow(line, order));
  const parts = {
    whole: h("p", { class: "soft small" }, wholeWord(order)),
    amount: field(t("退多少元"), amount),
    lines: h("div", { class: "returns" }, ...returns.map(({ row }) => row)),
  };
  const kinds = h(
    "fieldset",
    { class: "refund-kinds" },
    h("legend", { class: "only-spoken" }, t("怎么退")),
    kind("whole", t("全部退"), price(left_fen), !owed_fen),
    kind(
      "amount",
      t("退一部分钱"),
      owed_fen ? t("称重后应退 {amount}", { amount: price(owed_fen) }) : "",
      Boolean(owed_fen),
    ),
    returns.length > 0 && kind("lines", t("退几件商品"), t("按单价算"), false),
  );
  const chosen = () => /** @type {HTMLInputElement} */ (kinds.querySelector("input:checked")).value;
  const show = () => {
    for (const [name, part] of Object.entries(parts)) part.hidden = name !== chosen();
    amount.required = chosen() === "amount";
  };
  kinds.addEventListener("change", show);
  show();
  return openDialog({
    title: t("给 {who} 退款（{number}）", { who: order.who, number: order.number }),
    body: [
      kinds,
      ...Object.values(parts),
      field(
        t("原因（买家能看到）"),
        h("input", { name: "reason", maxlength: 200, required: true, autocomplete: "off" }),
      ),
      h("p", { class: "soft small" }, t("这里只记账：钱请在收款的地方退给买家。")),
    ],
    submit: t("记为已退款"),
    sign: "undo-2",
    grave: true,
    run: async (form) => {
      const body = { ...wanted(chosen(), amount.value, returns), reason: form.get("reason") };
      tellOrder(await api.post(`/orders/${order.id}/refund`, body, { idempotencyKey }));
      toast(t("{number} 已记退款", { number: order.number }));
    },
  });
}

/**
 * @param {string} chosen
 * @param {string} typed
 * @param {{given: () => Return | null}[]} returns
 * @returns {{amount_fen?: number, lines?: Return[]}}
 */
function wanted(chosen, typed, returns) {
  if (chosen === "whole") return {};
  if (chosen === "amount") {
    const amount_fen = fenOf(typed);
    if (!amount_fen) throw new Error(t("请填要退的金额，例如 5 或 5.50"));
    return { amount_fen };
  }
  const lines = returns.map(({ given }) => given()).filter((line) => line !== null);
  if (!lines.length) throw new Error(t("请填退回几件"));
  return { lines };
}

/** @param {Order} order */
function wholeWord({ status }) {
  return status === "paid" || status === "packed"
    ? t("货还在店里：商品回到可售，还没播的感谢会撤下。")
    : t("买家已经提货：商品不回到可售。要把能再卖的放回去，请选“退几件商品”。");
}

/**
 * @param {string} value
 * @param {string} word
 * @param {string} hint
 * @param {boolean} checked
 */
function kind(value, word, hint, checked) {
  return h(
    "label",
    { class: "choice" },
    h("input", { type: "radio", name: "kind", value, checked }),
    h("span", {}, h("strong", {}, word), " ", h("span", { class: "soft small number" }, hint)),
  );
}

/**
 * @param {Line} line
 * @param {Order} order
 * @returns {{row: HTMLElement, given: () => Return | null}}
 */
function returnRow(line, order) {
  const left = line.quantity - line.returned;
  const each_fen = Math.floor(lineCost(line) / line.quantity);
  const quantity = h("input", {
    type: "number",
    inputmode: "numeric",
    min: 0,
    max: left,
    value: order.lines.length === 1 ? 1 : 0,
    "aria-label": t("退几件 {name}", { name: line.name }),
  });
  const restock = h("input", { type: "checkbox", checked: order.status === "paid" || order.status === "packed" });
  const row = h(
    "div",
    { class: "return" },
    h(
      "span",
      {},
      h("bdi", { class: "wrap" }, line.name),
      " ",
      h("span", { class: "soft small number" }, t("{price}，最多 {n} 件", { price: price(each_fen), n: left })),
    ),
    quantity,
    h("label", { class: "choice" }, restock, h("span", {}, t("退回可售"))),
  );
  const given = () => {
    const count = Number(quantity.value);
    return count > 0 ? { sku: line.sku, quantity: count, restock: restock.checked } : null;
  };
  return { row, given };
}
