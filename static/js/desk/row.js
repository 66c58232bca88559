// @ts-check
/** One order in the list. */

import { price } from "../format.js";
import { t } from "../i18n.js";
import { badge, fill, h, icon, isDrawn } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { drawHolds } from "./clock.js";
import { costOf, dueBadge, lineWord, sourceWord, statusBadge } from "./order.js";
import { isSecondPress } from "./press.js";
import { otherSteps, primaryStep } from "./steps.js";
import { whenWord } from "./times.js";

/** @typedef {import("./order.js").Order} Order */
/**
 * @typedef {object} Hands what a row can ask of the page
 * @property {(order: Order) => void} open
 * @property {(order: Order) => void} weigh
 * @property {(order: Order, chosen: boolean) => void} choose
 */

export function makeRow() {
  return h("li", { class: "order-row", tabindex: -1 });
}

/**
 * @param {HTMLElement} row
 * @param {Order} order
 * @param {Hands} hands
 * @param {boolean} chosen
 */
export function drawRow(row, order, hands, chosen) {
  if (isDrawn(row, order, chosen)) return;
  row.dataset.status = order.status;
  // a row that is drawn anew keeps the focus on what had it
  const focused = document.activeElement instanceof HTMLElement && row.contains(document.activeElement);
  const part = focused ? /** @type {HTMLElement} */ (document.activeElement).dataset.part : undefined;
  fill(row, check(order, hands, chosen), head(order), buyer(order), goods(order), money(order), tools(order, hands));
  drawHolds(row);
  if (part) /** @type {HTMLElement} */ (row.querySelector(`[data-part="${part}"]`) ?? row).focus();
}

/**
 * @param {Order} order
 * @param {Hands} hands
 * @param {boolean} chosen
 */
function check(order, hands, chosen) {
  const box = h("input", {
    type: "checkbox",
    checked: chosen,
    "data-part": "check",
    tabindex: -1,
    "aria-label": t("选中 {number}", { number: order.number }),
  });
  box.checked = chosen;
  box.addEventListener("change", () => hands.choose(order, box.checked));
  return h("label", { class: "row-check" }, box);
}

/** @param {Order} order */
function head(order) {
  return h(
    "div",
    { class: "row-head" },
    statusBadge(order),
    h("span", { class: "soft small number" }, `${order.number} · `, h("time", {}, whenWord(order.placed_ms))),
  );
}

/** @param {Order} order */
function buyer(order) {
  const point = order.pickup_point?.name;
  return h(
    "div",
    { class: "row-buyer" },
    h(
      "span",
      { class: "clip" },
      h("strong", {}, h("bdi", {}, order.who)),
      order.phone ? h("span", { class: "soft small number" }, ` ${order.phone}`) : null,
    ),
    h(
      "span",
      { class: "soft small clip" },
      ...(point ? [icon("map-pin"), h("bdi", {}, point)] : [sourceWord(order.source)]),
    ),
  );
}

/** @param {Order} order */
function goods(order) {
  return h(
    "div",
    { class: "row-goods" },
    h("p", { class: "goods-lines" }, h("bdi", {}, order.lines.map(lineWord).join(t("、")))),
    order.note ? h("p", { class: "soft small clip" }, t("备注："), h("bdi", {}, order.note)) : null,
  );
}

/** @param {Order} order */
function money(order) {
  const hold = order.status === "placed" && order.hold_until_ms !== null;
  return h(
    "div",
    { class: "row-money" },
    h("strong", { class: "number" }, price(costOf(order))),
    dueBadge(order),
    hold ? h("span", { class: "small number hold", "data-hold": order.hold_until_ms }) : null,
    order.refunded_fen && order.status !== "refunded"
      ? h("span", { class: "soft small number" }, t("已退 {amount}", { amount: price(order.refunded_fen) }))
      : null,
    order.complaints ? badge("bad", "message-square-warning", t("售后 {n}", { n: order.complaints })) : null,
  );
}

/**
 * @param {Order} order
 * @param {Hands} hands
 */
function tools(order, hands) {
  const primary = primaryStep(order, hands.weigh);
  return h(
    "div",
    { class: "row-tools" },
    primary
      ? h(
          "button",
          {
            class: `button ${primary.quiet ? "" : "main"} primary`,
            type: "button",
            "data-part": "primary",
            "aria-label": `${primary.word} ${order.number}`,
            onclick: (event) => isSecondPress() || void primary.run(event.currentTarget),
            onkeydown: (event) => event.repeat && event.key === "Enter" && event.preventDefault(),
          },
          icon(primary.sign),
          primary.word,
        )
      : null,
    h(
      "button",
      {
        class: "button quiet square",
        type: "button",
        "data-part": "menu",
        "aria-haspopup": "menu",
        "aria-label": t("{number} 的更多操作", { number: order.number }),
        onclick: (event) =>
          openMenu(
            event.currentTarget,
            otherSteps(order, [{ word: t("看详情"), sign: "receipt-text", run: () => hands.open(order) }]),
          ),
      },
      icon("ellipsis-vertical"),
    ),
  );
}
