// @ts-check
/** What can be done with an order now: its one next step, and what stands behind the menu. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { may } from "../panel/stage.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { toast } from "../ui/toast.js";
import { tellOrder } from "./changes.js";
import { needsWeighing } from "./order.js";
import { openRefund } from "./refund.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("../ui/menu.js").Choice} Choice */
/** @typedef {"pack" | "pick-up" | "close"} Simple */
/** @typedef {{word: string, sign: string, quiet?: boolean, run: (button: HTMLElement) => unknown}} Primary */

/**
 * The one thing that comes next; null when nothing does.
 * @param {Order} order
 * @param {(order: Order) => void} weigh opens the scales
 * @returns {Primary | null}
 */
export function primaryStep(order, weigh) {
  if (order.status === "placed" && order.paid_via === "cash")
    return { word: t("提货收款"), sign: "banknote", run: (button) => take(button, order, "pick-up") };
  if (order.status === "placed" || (order.due_fen > 0 && isPaid(order)))
    return { word: t("收款"), sign: "banknote", run: (button) => askPayment(button, order) };
  if ((order.status === "paid" || order.status === "packed") && needsWeighing(order))
    return { word: t("称重"), sign: "scale", run: () => weigh(order) };
  if (order.status === "paid")
    return { word: t("打包"), sign: "package", run: (button) => take(button, order, "pack") };
  if (order.status === "packed")
    return { word: t("提货"), sign: "shopping-bag", run: (button) => take(button, order, "pick-up") };
  if (order.status === "picked_up" && !order.due_fen)
    return { word: t("完成"), sign: "check", quiet: true, run: (button) => take(button, order, "close") };
  return null;
}

/**
 * Everything else that may be done, the dangerous last.
 * @param {Order} order
 * @param {Choice[]} [first] choices of the place that asks
 * @returns {Choice[]}
 */
export function otherSteps(order, first = []) {
  /** @type {(Choice | false)[]} */
  const choices = [
    ...first,
    order.status === "placed" &&
      order.paid_via === "cash" && { word: t("先收款"), sign: "banknote", run: () => void askVia(order) },
    order.status === "paid" && {
      word: t("直接提货"),
      sign: "shopping-bag",
      run: () => void take(null, order, "pick-up"),
    },
    order.status === "paid" &&
      needsWeighing(order) && { word: t("不称重，先打包"), sign: "package", run: () => void take(null, order, "pack") },
    isPaid(order) &&
      may("producer") && { word: t("退款…"), sign: "undo-2", grave: true, run: () => void openRefund(order) },
    isWaiting(order) && { word: t("取消订单…"), sign: "ban", grave: true, run: () => void askCancel(order) },
  ];
  return choices.filter((choice) => choice !== false);
}

/**
 * Takes a step that needs no answer; its order is what the server says.
 * @param {Element | null} button
 * @param {Order} order
 * @param {Simple} step
 */
export function take(button, order, step) {
  return act(
    button,
    async () => tellOrder(await api.post(`/orders/${order.id}/${step}`)),
    doneWord(step, order.number),
  );
}

/**
 * @param {Simple} step
 * @param {string} number
 */
function doneWord(step, number) {
  if (step === "pack") return t("{number} 已打包", { number });
  if (step === "pick-up") return t("{number} 已提货", { number });
  return t("{number} 已完成", { number });
}

/**
 * Asks how it was paid; the answer is the command.
 * @param {HTMLElement} button
 * @param {Order} order
 */
export function askPayment(button, order) {
  const pay = (/** @type {string} */ via) => () => void receive(button, order, via);
  openMenu(button, [
    { word: t("微信收到了"), sign: "smartphone", run: pay("wechat") },
    { word: t("收了现金（到付）"), sign: "banknote", run: pay("cash") },
    { word: t("其他方式"), sign: "receipt-text", run: pay("other") },
  ]);
}

/**
 * @param {Element | null} button
 * @param {Order} order
 * @param {string} via
 */
function receive(button, order, via) {
  const amount = price(order.due_fen || order.total_fen);
  return act(
    button,
    async () => tellOrder(await api.post(`/orders/${order.id}/pay`, { via })),
    t("{number} 收到 {amount}", { number: order.number, amount }),
  );
}

/** @param {Order} order */
function askVia(order) {
  const choice = (/** @type {string} */ value, /** @type {string} */ word) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name: "via", value, checked: value === "wechat" }),
      word,
    );
  return openDialog({
    title: t("收 {number} 的款", { number: order.number }),
    body: [
      h(
        "fieldset",
        {},
        h("legend", { class: "only-spoken" }, t("怎么付的")),
        choice("wechat", t("微信收到了")),
        choice("cash", t("收了现金")),
        choice("other", t("其他方式")),
      ),
    ],
    submit: t("收到 {amount}", { amount: price(order.due_fen) }),
    run: async (form) => tellOrder(await api.post(`/orders/${order.id}/pay`, { via: form.get("via") })),
  });
}

/** @param {Order} order */
function askCancel(order) {
  return openDialog({
    title: t("取消 {number}？", { number: order.number }),
    body: [
      h("p", {}, t("买家 {who} 还没付款。占用的商品回到可售，买家在订单页会看到已取消。", { who: order.who })),
      field(t("原因（可不填，买家能看到）"), h("input", { name: "reason", maxlength: 200, autocomplete: "off" })),
    ],
    submit: t("取消订单"),
    sign: "ban",
    grave: true,
    run: async (form) => {
      tellOrder(await api.post(`/orders/${order.id}/cancel`, { reason: form.get("reason") }));
      toast(t("{number} 已取消", { number: order.number }));
    },
  });
}

/** @param {Order} order */
export function isPaid({ status }) {
  return status === "paid" || status === "packed" || status === "picked_up" || status === "closed";
}

/** @param {Order} order */
function isWaiting({ status }) {
  return status === "placed" || status === "waitlisted";
}
