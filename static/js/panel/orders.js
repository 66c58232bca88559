// @ts-check
/** Orders of the show beside the stage: figures, the newest ones, their next step; more is on the order desk. */

import { drawHolds, startHolds } from "../desk/clock.js";
import { followComplaints } from "../desk/complaints_count.js";
import { openEntry } from "../desk/entry.js";
import { costOf, dueBadge, lineWord, statusBadge } from "../desk/order.js";
import { openSheet, refreshSheet, startSheet } from "../desk/sheet.js";
import { otherSteps, primaryStep } from "../desk/steps.js";
import { whenWord } from "../desk/times.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { byId, empty, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { count } from "../ui/tabs.js";
import { serverNow } from "./clock.js";
import { stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Order} Order */

const figures = h("p", { class: "grow small" });
const list = h("ul");

/** Draws the pane. */
export function startOrders() {
  const add = h(
    "button",
    {
      class: "button",
      type: "button",
      onclick: () => void openEntry({ current: stage.product?.sku ?? null, paid: true }),
    },
    icon("plus"),
    t("手动录入"),
  );
  const desk = h(
    "a",
    { class: "button quiet square", href: "/orders", target: "orders", "aria-label": t("订单台"), title: t("订单台") },
    icon("external-link"),
  );
  fill(byId("pane-orders"), h("div", { class: "row" }, figures, add, desk), list);
  startHolds(() => serverNow());
  startSheet();
  watch(["orders"], render);
  watch(["orders", "complaints"], refreshSheet);
  watch(["complaints"], () => followComplaints(stage.complaints));
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
  keep(
    list,
    recent,
    (order) => order.id,
    () => h("li", { class: "entry order" }),
    update,
    h("li", {}, empty("receipt-text", t("还没有订单。"))),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Order} order
 */
function update(element, order) {
  if (isDrawn(element, order)) return;
  const hold = order.status === "placed" && order.hold_until_ms !== null;
  fill(
    element,
    h(
      "div",
      { class: "grow" },
      h(
        "div",
        { class: "entry-head" },
        statusBadge(order),
        dueBadge(order),
        h("time", {}, whenWord(order.at)),
        h("span", { class: "number" }, order.number),
        hold ? h("span", { class: "number hold", "data-hold": order.hold_until_ms }) : null,
      ),
      h(
        "p",
        {},
        h("strong", {}, h("bdi", {}, order.who)),
        " ",
        h("bdi", {}, order.lines.map(lineWord).join(t("、"))),
        " ",
        h("strong", { class: "number" }, price(costOf(order))),
      ),
    ),
    tools(order),
  );
  drawHolds(element);
}

/** @param {Order} order */
function tools(order) {
  const weigh = () => openSheet(order.id, { weigh: true });
  const primary = order.status === "placed" ? primaryStep(order, weigh) : null;
  return h(
    "div",
    { class: "order-tools" },
    primary
      ? h(
          "button",
          {
            class: "button",
            type: "button",
            "aria-label": `${primary.word} ${order.number}`,
            onclick: (event) => void primary.run(event.currentTarget),
          },
          primary.word,
        )
      : null,
    h(
      "button",
      {
        class: "button quiet square",
        type: "button",
        "aria-haspopup": "menu",
        "aria-label": t("{number} 的更多操作", { number: order.number }),
        onclick: (event) =>
          openMenu(
            event.currentTarget,
            otherSteps(order, [{ word: t("看详情"), sign: "receipt-text", run: () => openSheet(order.id) }]),
          ),
      },
      icon("ellipsis-vertical"),
    ),
  );
}
