// @ts-check
/** One order in full, at the side of the list: goods, scales, money, history, complaints, the buyer's link. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { fill, h, icon } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { onOrder } from "./changes.js";
import { drawHolds } from "./clock.js";
import { complaintCard } from "./complaint.js";
import { facts, goods, history, link, refunds, section } from "./detail.js";
import { canWeigh, dueBadge, statusBadge } from "./order.js";
import { isSecondPress } from "./press.js";
import { otherSteps, primaryStep } from "./steps.js";
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
    const complaints = order.complaints ? await readComplaints(order.id) : [];
    if (open !== here) return;
    const drawn = JSON.stringify([order, complaints]);
    if (drawn === here.drawn) return;
    here.drawn = drawn;
    draw(here.dialog, body, order, complaints);
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
 * @param {Complaint[]} complaints
 */
function draw(dialog, body, order, complaints) {
  /** @type {Element} */ (dialog.querySelector("h2")).textContent = t("订单 {number}", { number: order.number });
  const top = body.scrollTop;
  fill(
    body,
    h("div", { class: "sheet-state" }, statusBadge(order), dueBadge(order), holdOf(order), tools(order)),
    facts(order),
    section(t("商品"), goods(order)),
    canWeigh(order) ? section(t("称重"), weighForm(order)) : null,
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
