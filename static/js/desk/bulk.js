// @ts-check
/** Several orders at once: packed, picked up. Every order is its own command; what failed stays chosen and is told. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { byId, fill, h, icon, isDrawn } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { tellOrder } from "./changes.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {"pack" | "pick-up"} Step */

const AT_ONCE = 4;

/** The chosen orders by id. @type {Map<number, Order>} */
export const chosen = new Map();

let busy = false;
/** @type {() => Order[]} */
let shown = () => [];
let redraw = () => {};

/**
 * @param {() => Order[]} shownOrders
 * @param {() => void} draw the list
 */
export function startBulk(shownOrders, draw) {
  shown = shownOrders;
  redraw = draw;
}

/**
 * @param {Order} order
 * @param {boolean} wanted
 */
export function choose(order, wanted) {
  if (wanted) chosen.set(order.id, order);
  else chosen.delete(order.id);
  redraw();
}

/** Nothing is chosen any more. */
export function forget() {
  chosen.clear();
}

/** Shows the bar while something is chosen. */
export function drawBulk() {
  const bar = byId("bulk");
  for (const order of shown()) if (chosen.has(order.id)) chosen.set(order.id, order);
  bar.hidden = !chosen.size;
  const all = shown().length > 0 && shown().every(({ id }) => chosen.has(id));
  if (
    isDrawn(
      bar,
      [...chosen.values()].map(({ id, status, paid_via }) => [id, status, paid_via]),
      all,
      busy,
    )
  )
    return;
  const focused = bar.contains(document.activeElement) ? document.activeElement?.getAttribute("data-part") : null;
  fill(
    bar,
    h("strong", { class: "number" }, t("已选 {n} 单", { n: chosen.size })),
    all ? null : tool("list-checks", "all", t("全选这一页"), chooseAll),
    h("span", { class: "grow" }),
    stepTool("pack", "package", t("打包")),
    stepTool("pick-up", "shopping-bag", t("提货")),
    tool("x", "none", t("不选了"), () => {
      forget();
      redraw();
    }),
  );
  if (focused) /** @type {HTMLElement | null} */ (bar.querySelector(`[data-part="${focused}"]`))?.focus();
}

function chooseAll() {
  for (const order of shown()) chosen.set(order.id, order);
  redraw();
}

/**
 * @param {Step} step
 * @param {Order} order
 */
function fits(step, { status, paid_via }) {
  if (step === "pack") return status === "paid";
  return status === "paid" || status === "packed" || (status === "placed" && paid_via === "cash");
}

/**
 * @param {Step} step
 * @param {string} sign
 * @param {string} word
 */
function stepTool(step, sign, word) {
  const ready = [...chosen.values()].filter((order) => fits(step, order));
  const button = tool(sign, step, `${word} ${ready.length}`, () => void run(step, ready));
  button.classList.add("main");
  button.disabled = !ready.length || busy;
  return button;
}

/**
 * @param {string} sign
 * @param {string} part keeps the focus when the bar is drawn anew
 * @param {string} word
 * @param {() => void} onclick
 */
function tool(sign, part, word, onclick) {
  return h("button", { class: "button", type: "button", "data-part": part, onclick }, icon(sign), word);
}

/**
 * @param {Step} step
 * @param {Order[]} orders
 */
async function run(step, orders) {
  busy = true;
  drawBulk();
  /** @type {string[]} */
  const failures = [];
  let done = 0;
  const waiting = [...orders];
  const work = async () => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      try {
        const after = await api.post(`/orders/${order.id}/${step}`);
        chosen.delete(order.id);
        done += 1;
        tellOrder(after);
      } catch (error) {
        failures.push(t("{number}：{why}", { number: order.number, why: explain(error) }));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  busy = false;
  redraw();
  if (done) toast(step === "pack" ? t("{n} 单已打包", { n: done }) : t("{n} 单已提货", { n: done }));
  if (failures.length) toast(failures.join(" "), "bad");
}
