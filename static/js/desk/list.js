// @ts-check
/** The list of orders: what is looked for, the pages that are loaded, and the rows. The address keeps the filter. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { byId, empty, fill, h, icon, keep, write } from "../ui/element.js";
import { chosen, drawBulk, forget } from "./bulk.js";
import { onOrder } from "./changes.js";
import { STATUSES, statusWord } from "./order.js";
import { drawRow, makeRow } from "./row.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("./order.js").Status} Status */
/** @typedef {{orders: Order[], next_before: number | null, counts: Record<string, number>}} Page */

const PAGE = 100;
const TYPING_MS = 200;
const REFRESH_MS = 300;

const asked = { status: "", point: "", q: "" };
/** @type {Order[]} */
let orders = [];
/** @type {number | null} */
let next_before = null;
/** @type {Record<string, number>} */
let counts = {};
let failed = "";
let loaded = false;
/** @type {AbortController | undefined} */
let running;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** @type {import("./row.js").Hands} */
let hands;

/** @param {import("./row.js").Hands} given */
export function startList(given) {
  hands = given;
  const remembered = new URLSearchParams(location.search);
  for (const name of /** @type {(keyof typeof asked)[]} */ (Object.keys(asked)))
    asked[name] = remembered.get(name) ?? "";
  if (!STATUSES.includes(/** @type {Status} */ (asked.status))) asked.status = "";
  const query = /** @type {HTMLInputElement} */ (byId("query"));
  query.value = asked.q;
  query.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => look({ q: query.value.trim() }), TYPING_MS);
  });
  byId("point").addEventListener("change", (event) => {
    look({ point: /** @type {HTMLSelectElement} */ (event.currentTarget).value });
  });
  byId("more").addEventListener("click", () => void more());
  new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && void more(), {
    rootMargin: "600px",
  }).observe(byId("more"));
  onOrder(replace);
  void load();
}

/** Reads the pages that are shown again, soon: many changes at once are one reading. */
export function refresh() {
  soon ??= setTimeout(() => void load(), REFRESH_MS);
}

/** The orders that are shown. */
export function shownOrders() {
  return orders;
}

/** Draws rows anew after a choice. */
export function redraw() {
  draw();
}

/** Lists pickup points in the filter. @param {{id: number, name: string}[]} points */
export function offerPoints(points) {
  const select = /** @type {HTMLSelectElement} */ (byId("point"));
  select.append(...points.map(({ id, name }) => h("option", { value: id }, name)));
  select.value = asked.point;
  if (select.selectedIndex < 0) look({ point: "" });
}

/** @param {Partial<typeof asked>} wanted */
export function look(wanted) {
  Object.assign(asked, wanted);
  const words = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  history.replaceState(null, "", words.size ? `?${words}` : location.pathname);
  forget();
  orders = [];
  loaded = false;
  draw();
  void load();
}

async function load() {
  clearTimeout(soon);
  soon = undefined;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const enough = Math.max(PAGE, orders.length);
  /** @type {Order[]} */
  const read = [];
  try {
    /** @type {number | null} */
    let before = null;
    do {
      const page = await readPage(before, signal);
      read.push(...page.orders);
      before = page.next_before;
      counts = page.counts;
    } while (before !== null && read.length < enough);
    orders = read;
    next_before = before;
    failed = "";
    loaded = true;
  } catch (error) {
    if (signal.aborted) return;
    failed = explain(error);
  }
  draw();
}

let reading = false;

async function more() {
  if (next_before === null || reading) return;
  reading = true;
  try {
    const page = await readPage(next_before);
    const known = new Set(orders.map(({ id }) => id));
    orders = [...orders, ...page.orders.filter(({ id }) => !known.has(id))];
    next_before = page.next_before;
    counts = page.counts;
    failed = "";
  } catch (error) {
    failed = explain(error);
  }
  reading = false;
  draw();
}

/**
 * @param {number | null} before
 * @param {AbortSignal} [signal]
 * @returns {Promise<Page>}
 */
function readPage(before, signal) {
  const words = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(asked)) if (value) words.set(name, value);
  if (before !== null) words.set("before", String(before));
  return api.get(`/orders?${words}`, { signal });
}

/** The server's answer to a step is shown at once; the counts follow with the next reading. @param {Order} order */
function replace(order) {
  const place = orders.findIndex(({ id }) => id === order.id);
  const fits = !asked.status || order.status === asked.status;
  if (place >= 0) {
    const before = /** @type {Order} */ (orders[place]);
    count(before.status, -1);
    count(order.status, 1);
    orders = fits ? orders.with(place, { ...before, ...order }) : orders.toSpliced(place, 1);
    draw();
  }
  refresh();
}

/**
 * @param {Status} status
 * @param {number} change
 */
function count(status, change) {
  counts = { ...counts, [status]: Math.max(0, (counts[status] ?? 0) + change) };
}

function draw() {
  drawChips();
  const list = byId("orders");
  list.setAttribute("aria-busy", String(!loaded && !failed));
  const here = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".order-row") ?? null);
  const place = here ? [...list.children].indexOf(here) : -1;
  if (orders.length)
    keep(
      list,
      orders,
      (order) => order.id,
      makeRow,
      (row, order) => drawRow(row, order, hands, chosen.has(order.id)),
    );
  else if (!loaded && !failed) fill(list, ...Array.from({ length: 8 }, () => h("li", { class: "order-row skeleton" })));
  else fill(list, h("li", {}, failed ? failure() : nothing()));
  if (failed && orders.length) list.prepend(h("li", { class: "list-problem" }, failure()));
  byId("more").hidden = next_before === null;
  rove(list, place);
  drawBulk();
  write(byId("found"), loaded ? t("{n} 单", { n: total() }) : "");
}

/**
 * One row is in the tab order; where the focused one left, its follower gets the focus.
 * @param {HTMLElement} list
 * @param {number} place of the row that had the focus, -1 without one
 */
function rove(list, place) {
  const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".order-row[data-key]")]);
  if (place >= 0 && !list.contains(document.activeElement)) rows[Math.min(place, rows.length - 1)]?.focus();
  const active = rows.find((row) => row.contains(document.activeElement)) ?? rows[0];
  for (const row of rows) row.tabIndex = row === active ? 0 : -1;
}

function total() {
  return asked.status ? (counts[asked.status] ?? 0) : Object.values(counts).reduce((sum, each) => sum + each, 0);
}

function failure() {
  return h(
    "div",
    { class: "empty", role: "alert" },
    icon("circle-alert"),
    h("p", {}, failed),
    h("button", { class: "button", type: "button", onclick: () => void load() }, icon("refresh-cw"), t("再试一次")),
  );
}

function nothing() {
  if (asked.q || asked.status || asked.point)
    return h(
      "div",
      { class: "empty big" },
      icon("search"),
      h("p", {}, t("没有这样的订单。")),
      h(
        "button",
        {
          class: "button",
          type: "button",
          onclick: () => {
            /** @type {HTMLInputElement} */ (byId("query")).value = "";
            /** @type {HTMLSelectElement} */ (byId("point")).value = "";
            look({ status: "", point: "", q: "" });
          },
        },
        icon("x"),
        t("清除筛选"),
      ),
    );
  return empty("receipt-text", t("还没有订单。买家下单、接龙导入或手动录入后，会出现在这里。"));
}

function drawChips() {
  const every = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const chips = [{ status: "", word: t("全部"), n: every }].concat(
    STATUSES.map((status) => ({ status, word: statusWord(status), n: counts[status] ?? 0 })),
  );
  keep(
    byId("chips"),
    chips,
    ({ status }) => status || "all",
    ({ status }) =>
      h(
        "button",
        { class: "chip", type: "button", onclick: () => look({ status }) },
        h("span"),
        h("b", { class: "number" }),
      ),
    (chip, { status, word, n }) => {
      write(/** @type {Element} */ (chip.firstElementChild), word);
      write(/** @type {Element} */ (chip.lastElementChild), String(n));
      chip.setAttribute("aria-pressed", String(asked.status === status));
      chip.toggleAttribute("data-none", !n);
    },
  );
}
