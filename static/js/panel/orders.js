// @ts-check
/** Orders of the show: figures, the newest ones, payment and cancelling, and entry by hand. */

import { api, newKey } from "../api.js";
import { clock, price } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask, field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, keep, write } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { stage, watch } from "./stage.js";

const figures = h("p", { class: "grow small" });
const list = h("ul");

/** Draws the pane. */
export function startOrders() {
  const add = h(
    "button",
    { class: "button", type: "button", onclick: () => void openOrder() },
    icon("plus"),
    t("手动录入"),
  );
  fill(byId("pane-orders"), h("div", { class: "row" }, figures, add), list);
  watch(["orders"], render);
  render();
}

function render() {
  const orders = stage.orders;
  count("orders", orders?.paid ?? 0);
  write(
    figures,
    orders
      ? t("已付 {paid} 单 {total}，待付 {waiting} 单", {
          paid: orders.paid,
          total: price(orders.total_fen),
          waiting: orders.waiting,
        })
      : "",
  );
  const recent = orders?.recent ?? [];
  if (!recent.length) fill(list, h("li", {}, empty("receipt-text", t("还没有订单。"))));
  else
    keep(
      list,
      recent,
      (order) => order.id,
      () => h("li", { class: "entry order" }),
      update,
    );
}

/**
 * @param {HTMLElement} element
 * @param {import("./stage.js").Order} order
 */
function update(element, order) {
  if (element.dataset.status === order.status) return;
  element.dataset.status = order.status;
  const waiting = order.status === "placed";
  const lines = order.lines.map((line) => `${line.name} ×${line.quantity}`).join(t("、"));
  fill(
    element,
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "entry-head" },
        status(order),
        h("time", {}, clock(order.at)),
        h("span", { class: "number" }, order.number),
      ),
      h(
        "p",
        {},
        h("strong", {}, h("bdi", {}, order.who)),
        " ",
        h("bdi", {}, lines),
        " ",
        h("strong", { class: "number" }, price(order.total_fen)),
      ),
    ),
    waiting && h("button", { class: "button", type: "button", onclick: pay(order) }, t("收到款")),
    (waiting || order.status === "paid") && undoButton(order),
  );
}

/** @param {import("./stage.js").Order} order */
function undoButton(order) {
  const word =
    order.status === "paid" ? t("给 {who} 退款", { who: order.who }) : t("取消 {who} 的订单", { who: order.who });
  return h(
    "button",
    {
      class: "button quiet square",
      type: "button",
      "aria-label": word,
      title: word,
      onclick: () => void cancel(order),
    },
    icon("undo-2"),
  );
}

/** @param {import("./stage.js").Order} order */
function status({ status }) {
  if (status === "paid") return badge("good", "circle-check", t("已付款"));
  if (status === "placed") return badge("warn", "clock", t("待付款"));
  if (status === "refunded") return badge("", "undo-2", t("已退款"));
  return badge("", "x", t("已取消"));
}

/** @param {import("./stage.js").Order} order */
function pay(order) {
  return (/** @type {Event} */ event) =>
    void act(/** @type {Element} */ (event.currentTarget), () => api.post(`/orders/${order.id}/pay`));
}

/** @param {import("./stage.js").Order} order */
function cancel(order) {
  const paid = order.status === "paid";
  return ask({
    title: paid ? t("给 {who} 退款？", { who: order.who }) : t("取消 {who} 的订单？", { who: order.who }),
    text: paid
      ? t("{total} 记为已退款，商品回到库存，还没播的感谢会撤下。钱请在收款的地方退。", {
          total: price(order.total_fen),
        })
      : t("占用的商品回到可售。"),
    submit: paid ? t("记为已退款") : t("取消订单"),
    sign: "undo-2",
    run: () => api.post(`/orders/${order.id}/cancel`),
  });
}

function openOrder() {
  const products = stage.catalogue ?? [];
  const current = stage.product?.sku;
  // one intention, one key: pressing again after a lost answer does not order twice
  const idempotencyKey = newKey();
  return openDialog({
    title: t("录入订单"),
    body: [
      field(
        t("买家称呼（上屏时只留首字）"),
        h("input", { name: "buyer", maxlength: 60, required: true, autocomplete: "off" }),
      ),
      h(
        "div",
        { class: "order-lines" },
        field(
          t("商品"),
          h(
            "select",
            { name: "sku", required: true },
            ...products.map(({ sku, name, price_fen }) =>
              h("option", { value: sku, selected: sku === current }, `${name}  ${price(price_fen)}`),
            ),
          ),
        ),
        field(
          t("数量"),
          h("input", {
            name: "quantity",
            type: "number",
            inputmode: "numeric",
            min: 1,
            max: 999,
            value: 1,
            required: true,
          }),
        ),
      ),
      h(
        "label",
        { class: "choice" },
        h("input", { type: "checkbox", name: "paid", checked: true }),
        h("span", {}, t("已经付款（付款后才会上屏感谢）")),
      ),
    ],
    submit: t("录入"),
    run: (form) =>
      api.post(
        "/orders",
        {
          buyer: form.get("buyer"),
          lines: [{ sku: form.get("sku"), quantity: Number(form.get("quantity")) }],
          paid: form.get("paid") !== null,
        },
        { idempotencyKey },
      ),
  });
}
