// @ts-check
/** One order in full, at the side of the list: goods, scales, money, history, complaints, the buyer's link. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { badge, fill, h, icon } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { toast } from "../ui/toast.js";
import { onOrder } from "./changes.js";
import { drawHolds } from "./clock.js";
import { complaintCard } from "./complaint.js";
import {
  byWord,
  canWeigh,
  costOf,
  dueBadge,
  lineCost,
  sourceWord,
  statusBadge,
  stepWord,
  viaWord,
  weightWord,
} from "./order.js";
import { isSecondPress } from "./press.js";
import { readProducts } from "./products.js";
import { otherSteps, primaryStep } from "./steps.js";
import { whenWord } from "./times.js";
import { weighForm } from "./weigh.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("./order.js").Detail} Detail */
/** @typedef {import("./complaint.js").Complaint} Complaint */

/** @type {{id: number, dialog: HTMLDialogElement, drawn: string} | null} */
let open = null;

/** Follows what happens to the order that is shown. */
export function startSheet() {
  onOrder((order) => {
    if (open?.id === order.id) void read();
  });
}

/** Something about orders or complaints changed: the shown one may be it. */
export function refreshSheet() {
  if (open && !open.dialog.querySelector("input:focus, textarea:focus")) void read();
}

/**
 * @param {number} id
 * @param {{weigh?: boolean}} [options] weigh: the focus goes to the scales
 */
export function openSheet(id, { weigh = false } = {}) {
  open?.dialog.close();
  const dialog = h("dialog", { class: "side-sheet", "aria-labelledby": "sheet-title" });
  fill(
    dialog,
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "sheet-title" }, t("订单")),
      h(
        "button",
        { class: "button quiet square", type: "button", "aria-label": t("关闭"), onclick: () => dialog.close() },
        icon("x"),
      ),
    ),
    h(
      "div",
      { class: "sheet-body", "aria-busy": "true" },
      h("div", { class: "skeleton" }),
      h("div", { class: "skeleton" }),
    ),
  );
  const here = { id, dialog, drawn: "" };
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (open === here) open = null;
  });
  // a press beside the sheet closes it
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  open = here;
  void read(weigh);
}

async function read(weigh = false) {
  const here = open;
  if (!here) return;
  const body = /** @type {HTMLElement} */ (here.dialog.lastElementChild);
  try {
    /** @type {Detail} */
    const order = await api.get(`/orders/${here.id}`);
    const [products, complaints] = await Promise.all([
      canWeigh(order) ? readProducts() : [],
      order.complaints ? readComplaints(order.id) : [],
    ]);
    if (open !== here) return;
    const drawn = JSON.stringify([order, complaints]);
    if (drawn === here.drawn) return;
    here.drawn = drawn;
    draw(here.dialog, body, order, products, complaints);
    if (weigh) /** @type {HTMLInputElement | null} */ (body.querySelector(".weigh input"))?.focus();
  } catch (error) {
    if (open !== here) return;
    here.drawn = "";
    const again = h(
      "button",
      { class: "button", type: "button", onclick: () => void read() },
      icon("refresh-cw"),
      t("再试一次"),
    );
    fill(body, h("div", { class: "empty", role: "alert" }, icon("circle-alert"), h("p", {}, explain(error)), again));
  }
  body.removeAttribute("aria-busy");
}

/**
 * @param {number} orderId
 * @returns {Promise<Complaint[]>}
 */
async function readComplaints(orderId) {
  /** @type {{complaints: Complaint[]}} */
  const { complaints } = await api.get("/complaints");
  return complaints.filter(({ order_id }) => order_id === orderId);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} body
 * @param {Detail} order
 * @param {import("./products.js").Product[]} products
 * @param {Complaint[]} complaints
 */
function draw(dialog, body, order, products, complaints) {
  /** @type {Element} */ (dialog.querySelector("h2")).textContent = t("订单 {number}", { number: order.number });
  const top = body.scrollTop;
  fill(
    body,
    h("div", { class: "sheet-state" }, statusBadge(order), dueBadge(order), holdOf(order), tools(order)),
    facts(order),
    section(t("商品"), goods(order)),
    canWeigh(order) ? section(t("称重"), weighForm(order, products)) : null,
    complaints.length
      ? section(t("售后"), ...complaints.map((each) => complaintCard(each, { done: () => void read() })))
      : null,
    section(t("经过"), history(order)),
    order.refunds.length ? section(t("退款"), refunds(order)) : null,
    section(t("买家的链接"), link(order)),
  );
  drawHolds(body);
  body.scrollTop = top;
}

/** @param {Order} order */
function holdOf({ status, hold_until_ms }) {
  return status === "placed" && hold_until_ms !== null
    ? h("span", { class: "small number hold", "data-hold": hold_until_ms })
    : null;
}

/** @param {Detail} order */
function tools(order) {
  const weigh = () => /** @type {HTMLElement | null} */ (open?.dialog.querySelector(".weigh input"))?.focus();
  const primary = primaryStep(order, weigh);
  const others = otherSteps(order);
  return h(
    "div",
    { class: "sheet-tools" },
    primary
      ? h(
          "button",
          {
            class: "button main",
            type: "button",
            onclick: (event) => isSecondPress() || void primary.run(event.currentTarget),
          },
          icon(primary.sign),
          primary.word,
        )
      : null,
    others.length
      ? h(
          "button",
          {
            class: "button quiet square",
            type: "button",
            "aria-haspopup": "menu",
            "aria-label": t("{number} 的更多操作", { number: order.number }),
            onclick: (event) => openMenu(event.currentTarget, others),
          },
          icon("ellipsis-vertical"),
        )
      : null,
  );
}

/** @param {Detail} order */
function facts(order) {
  /** @type {[string, string | null][]} */
  const rows = [
    [t("称呼"), order.who],
    [t("手机"), order.phone],
    [t("自提点"), order.pickup_point?.name ?? null],
    [t("备注"), order.note || null],
    [t("来源"), [sourceWord(order.source), order.external_number].filter(Boolean).join(" ")],
    [t("付款"), order.status === "placed" || order.status === "waitlisted" ? null : viaWord(order.paid_via)],
  ];
  return h(
    "dl",
    { class: "sheet-facts" },
    ...rows.flatMap(([name, value]) =>
      value ? [h("dt", {}, name), h("dd", { class: "wrap" }, h("bdi", {}, value))] : [],
    ),
  );
}

/**
 * @param {string} title
 * @param {...(HTMLElement | null)} children
 */
function section(title, ...children) {
  return h("section", { class: "sheet-part" }, h("h3", {}, title), ...children);
}

/** @param {Detail} order */
function goods(order) {
  return h(
    "table",
    { class: "goods" },
    h("caption", { class: "only-spoken" }, t("商品")),
    h(
      "thead",
      { class: "only-spoken" },
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("商品")),
        h("th", { scope: "col" }, t("数量")),
        h("th", { scope: "col" }, t("金额")),
      ),
    ),
    h(
      "tbody",
      {},
      ...order.lines.map((line) =>
        h(
          "tr",
          {},
          h(
            "td",
            {},
            h("bdi", { class: "wrap" }, line.name),
            line.weight_g === null ? null : h("span", { class: "soft small number" }, ` ${weightWord(line.weight_g)}`),
            line.by_weight && line.weight_g === null ? badge("warn", "scale", t("待称重")) : null,
            line.returned ? badge("", "undo-2", t("已退 {n} 件", { n: line.returned })) : null,
          ),
          h("td", { class: "number" }, `×${line.quantity}`),
          h("td", { class: "number" }, price(lineCost(line))),
        ),
      ),
    ),
    h(
      "tfoot",
      {},
      sum(t("合计"), price(costOf(order))),
      order.refunded_fen ? sum(t("已退款"), price(-order.refunded_fen)) : null,
    ),
  );
}

/**
 * @param {string} word
 * @param {string} amount
 */
function sum(word, amount) {
  return h(
    "tr",
    {},
    h("th", { scope: "row", colspan: 2 }, word),
    h("td", { class: "number" }, h("strong", {}, amount)),
  );
}

/** @param {Detail} order */
function history(order) {
  return h(
    "ol",
    { class: "timeline" },
    ...order.history.map((step) =>
      h(
        "li",
        {},
        h("time", { class: "soft small" }, whenWord(step.at)),
        h("span", { class: "wrap" }, h("bdi", {}, stepWord(step))),
        h("span", { class: "soft small" }, byWord(step.by)),
      ),
    ),
  );
}

/** @param {Detail} order */
function refunds(order) {
  const names = new Map(order.lines.map(({ sku, name }) => [sku, name]));
  return h(
    "ul",
    { class: "timeline" },
    ...order.refunds.map((refund) =>
      h(
        "li",
        {},
        h("time", { class: "soft small" }, whenWord(refund.at)),
        h(
          "span",
          { class: "wrap" },
          h("strong", { class: "number" }, price(refund.amount_fen)),
          " ",
          h("bdi", {}, refund.reason),
          ...refund.lines.map(({ sku, quantity, restock }) =>
            h(
              "span",
              { class: "soft small block" },
              h("bdi", {}, `${names.get(sku) ?? sku} ×${quantity}`),
              restock ? t("（回到可售）") : t("（不再卖）"),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @param {Detail} order */
function link(order) {
  const url = new URL(order.link, location.origin).href;
  const field = h("input", { class: "url", readonly: true, value: url, "aria-label": t("买家的链接") });
  field.addEventListener("focus", () => field.select());
  const code = h("img", {
    class: "link-code",
    src: `/orders/${order.id}/link.svg`,
    alt: t("买家链接的二维码"),
    width: 148,
    height: 148,
    loading: "lazy",
  });
  return h(
    "div",
    { class: "buyer-link" },
    code,
    h(
      "div",
      { class: "grow" },
      h("p", { class: "soft small" }, t("买家凭它看这一单，不用登录。只发给本人。")),
      field,
      h("button", { class: "button", type: "button", onclick: () => void copy(field) }, icon("copy"), t("复制链接")),
    ),
  );
}

/** @param {HTMLInputElement} field */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    toast(t("已复制"));
  } catch {
    // no clipboard without a secure context (a LAN address over http): the selection is copied by hand
    field.select();
    toast(t("网址已选中，请按 Ctrl+C 复制。"));
  }
}
