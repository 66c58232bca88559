// @ts-check
/** 到付 that nobody came for: it holds its goods until somebody says that they are on sale again. */

import { api } from "../api.js";
import { whenWord } from "../desk/times.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { fill, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {import("./list.js").Listed} Listed */
/** @typedef {import("./list.js").Waiting & {who: string, phone_tail: string | null}} Unclaimed */

const LATE_MS = 48 * 3_600_000;

/**
 * Tells how much is kept for people who pay when they fetch it, and since when.
 * @param {HTMLElement} box
 * @param {Listed} listed
 */
export function showUnclaimed(box, listed) {
  const waiting = unclaimedOf(listed);
  const oldest = waiting[0];
  box.hidden = !oldest;
  if (!oldest) return fill(box);
  const units = waiting.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0);
  const values = { n: waiting.length, units, when: whenWord(oldest.placed_ms) };
  box.classList.toggle("late", isLate(oldest, listed.as_of));
  fill(
    box,
    icon("hourglass"),
    h("p", { class: "grow" }, t("到付还没来取：{n} 单，占着 {units} 份货，最早的是 {when} 下的。", values)),
    h(
      "button",
      { class: "button", type: "button", onclick: () => void release(waiting, listed.as_of) },
      icon("undo-2"),
      t("放回可售…"),
    ),
  );
}

/**
 * Oldest first.
 * @param {Listed} listed
 * @returns {Unclaimed[]}
 */
function unclaimedOf(listed) {
  const people = listed.points.flatMap(({ buyers }) => buyers);
  return people
    .flatMap(({ who, phone_tail, orders }) => orders.map((order) => ({ ...order, who, phone_tail })))
    .filter(({ status }) => status === "placed")
    .sort((one, other) => one.id - other.id);
}

/**
 * @param {Unclaimed} order
 * @param {number} now
 */
function isLate({ placed_ms }, now) {
  return now - placed_ms > LATE_MS;
}

/**
 * @param {Unclaimed[]} waiting
 * @param {number} now
 */
function release(waiting, now) {
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map(waiting.map((order) => [order.id, row(order, isLate(order, now))]));
  const reason = h("input", {
    name: "reason",
    maxlength: 200,
    autocomplete: "off",
    value: t("过了取货时间没来取"),
  });
  return openDialog({
    title: t("到付没来取"),
    body: [
      h("p", {}, t("勾选的订单会取消，货放回可售，排队候补的先得到。超过两天的已经勾上。")),
      h("ul", { class: "unclaimed-list" }, ...rows.values()),
      field(t("原因（买家能看到）"), reason),
    ],
    submit: t("取消订单，放回可售"),
    sign: "undo-2",
    grave: true,
    run: async (form) => {
      const chosen = new Set(form.getAll("order").map(Number));
      const orders = waiting.filter(({ id }) => chosen.has(id));
      if (!orders.length) throw new Error(t("请至少勾选一单"));
      let done = 0;
      /** @type {string[]} */
      const failures = [];
      for (const { id, number } of orders) {
        try {
          await api.post(`/orders/${id}/cancel`, { reason: form.get("reason") });
          rows.get(id)?.remove();
          rows.delete(id);
          done += 1;
        } catch (error) {
          failures.push(t("{number}：{why}", { number, why: explain(error) }));
        }
      }
      if (done) toast(t("{n} 单已取消，货已放回", { n: done }));
      if (failures.length) throw new Error(failures.join(" "));
    },
  });
}

/**
 * @param {Unclaimed} order
 * @param {boolean} checked
 */
function row({ id, number, who, phone_tail, placed_ms, lines }, checked) {
  return h(
    "li",
    {},
    h(
      "label",
      { class: "choice" },
      h("input", { type: "checkbox", name: "order", value: id, checked }),
      h(
        "span",
        {},
        h("strong", {}, who, phone_tail && ` ${t("尾号 {digits}", { digits: phone_tail })}`),
        " ",
        h("span", { class: "soft small number" }, `${number} · ${whenWord(placed_ms)}`),
        h("span", { class: "block small" }, lines.map((line) => `${line.name} × ${line.quantity}`).join(t("、"))),
      ),
    ),
  );
}
