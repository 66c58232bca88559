// @ts-check
/** The list to hand out by: one table a point, one row an order, totals for packing above. */

import { api } from "../api.js";
import { clock, price, shortDate } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { empty, fill, h, icon } from "../ui/element.js";

/** @typedef {{sku: string, name: string, quantity: number}} Line */
/** @typedef {{id: number, number: string, status: string, placed_ms: number, note: string, due_fen: number, lines: Line[]}} Waiting */
/** @typedef {{who: string, phone_tail: string | null, orders: Waiting[]}} Person */
/** @typedef {{id: number | null, name: string, address: string, hours: string, buyers: Person[], totals: (Line & {unit: string})[]}} Point */
/** @typedef {{as_of: number, points: Point[]}} Listed */

/** @type {Set<number>} fetched since the page was opened: they stay in sight, ticked, until it is opened anew */
const fetched = new Set();
/** @type {Map<string, {point: Point, person: Person, order: Waiting}>} */
const gone = new Map();
/** @type {Listed | null} */
let last = null;

/**
 * @param {HTMLElement} root
 * @param {Listed} listed
 */
export function showList(root, listed) {
  last = withFetched(listed);
  const many = last.points.reduce((sum, point) => sum + orders(point).length, 0);
  document.querySelector("#tab-list b")?.toggleAttribute("hidden", !many);
  fill(/** @type {Element} */ (document.querySelector("#tab-list b")), many);
  fill(
    root,
    ...last.points.map((point) => pointSection(root, point, listed.as_of)),
    !last.points.length && empty("package-check", t("没有等着取的货。付了款的、到付的订单会出现在这里。")),
  );
}

/**
 * What was ticked here stays in its place although the server no longer lists it.
 * @param {Listed} listed
 * @returns {Listed}
 */
function withFetched(listed) {
  const points = listed.points.map((point) => ({ ...point, buyers: point.buyers.map((one) => ({ ...one })) }));
  for (const { point, person, order } of gone.values()) {
    if (points.some((other) => orders(other).some(({ id }) => id === order.id))) continue;
    let place = points.find(({ id }) => id === point.id);
    if (!place) {
      place = { ...point, buyers: [], totals: [] };
      points.push(place);
    }
    const same = place.buyers.find(({ who, phone_tail }) => who === person.who && phone_tail === person.phone_tail);
    if (same) same.orders = [...same.orders, order].sort((one, other) => one.id - other.id);
    else place.buyers.push({ ...person, orders: [order] });
  }
  return { ...listed, points };
}

/** @param {Point} point */
function orders(point) {
  return point.buyers.flatMap((person) => person.orders);
}

/**
 * @param {HTMLElement} root
 * @param {Point} point
 * @param {number} at
 */
function pointSection(root, point, at) {
  const all = orders(point);
  const due = all.reduce((sum, order) => sum + (fetched.has(order.id) ? 0 : Math.max(0, order.due_fen)), 0);
  const done = all.filter(({ id }) => fetched.has(id)).length;
  const columns = [t("取货人"), t("商品"), t("备注"), t("待收")];
  return h(
    "section",
    { class: "panel point" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h(
            "th",
            { colspan: 5, class: "point-head", scope: "colgroup" },
            h("h2", {}, point.name || t("没有选自提点")),
            h(
              "p",
              { class: "soft small" },
              [
                point.address,
                point.hours,
                t("{n} 单", { n: all.length }),
                done && t("已取 {n} 单", { n: done }),
                due && t("待收 {price}", { price: price(due) }),
              ]
                .filter(Boolean)
                .join(" · "),
              h("span", { class: "printed-at" }, " · ", t("打印于 {when}", { when: when(at) })),
            ),
            h(
              "ul",
              { class: "totals", "aria-label": t("要配的货") },
              ...point.totals.map((line) => h("li", {}, line.name, h("b", { class: "number" }, ` × ${line.quantity}`))),
            ),
          ),
        ),
        h(
          "tr",
          { class: "columns" },
          h("th", { scope: "col" }, t("已取")),
          ...columns.map((word) => h("th", { scope: "col" }, word)),
        ),
      ),
      ...point.buyers.map((person) =>
        h("tbody", {}, ...person.orders.map((order, index) => row(root, point, person, order, index))),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} root
 * @param {Point} point
 * @param {Person} person
 * @param {Waiting} order
 * @param {number} index
 */
function row(root, point, person, order, index) {
  const done = fetched.has(order.id);
  const tick = h("input", {
    type: "checkbox",
    checked: done,
    disabled: done,
    "aria-label": t("{who} {number} 已取", { who: person.who, number: order.number }),
  });
  tick.addEventListener("change", () => void pickUp(root, tick, point, person, order));
  return h(
    "tr",
    { class: done ? "fetched" : null, "data-order": order.id },
    h("td", { class: "tick" }, h("label", {}, tick)),
    h(
      "td",
      { class: "who" },
      h("strong", { class: index ? "again" : null }, person.who),
      person.phone_tail && h("span", { class: "number" }, " ", t("尾号 {digits}", { digits: person.phone_tail })),
      h("span", { class: "soft small number order-number" }, order.number),
    ),
    h(
      "td",
      { class: "goods" },
      h(
        "ul",
        {},
        ...order.lines.map((line) => h("li", {}, line.name, h("b", { class: "number" }, ` × ${line.quantity}`))),
      ),
    ),
    h("td", { class: "note" }, order.note),
    h(
      "td",
      { class: "due number" },
      order.due_fen > 0 && !done ? h("b", {}, price(order.due_fen)) : done ? icon("check") : "—",
    ),
  );
}

/**
 * @param {HTMLElement} root
 * @param {HTMLInputElement} tick
 * @param {Point} point
 * @param {Person} person
 * @param {Waiting} order
 */
async function pickUp(root, tick, point, person, order) {
  tick.checked = false;
  const send = async () => {
    await api.post(`/orders/${order.id}/pick-up`);
    fetched.add(order.id);
    gone.set(order.number, { point, person, order });
    if (last) showList(root, last);
  };
  if (order.due_fen > 0) {
    const values = { who: person.who, price: price(order.due_fen) };
    const text =
      order.status === "placed"
        ? t("{who} 的这一单到付 {price}。钱收到、货交出去了，再点确定。", values)
        : t("{who} 还差 {price}。货先交出去，差额在订单里收。", values);
    await ask({ title: t("已取货？"), text, submit: t("确定"), sign: "check", run: send });
  } else await act(tick, send);
}

/** @param {number} ms */
function when(ms) {
  const date = new Date(ms);
  const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${shortDate(`${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`)} ${clock(ms)}`;
}
