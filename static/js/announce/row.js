// @ts-check
/** One row of the preview: what was understood, to be corrected and ticked. */

import { maskPhone } from "../format.js";
import { t } from "../i18n.js";
import { badge, fill, h, icon } from "../ui/element.js";
import { lineIssue, NOTES, rowIssue } from "./words.js";

/** @typedef {import("./words.js").Row} Row */
/** @typedef {import("./words.js").Wanted} Wanted */
/** @typedef {import("./announce.js").Product} Product */
/** @typedef {{id: number, name: string, active: boolean}} Point */
/** @typedef {{text: string, repeat: number, result: string, order: import("./words.js").Earlier | null, code: string | null, detail: string | null}} Taken */
/** @typedef {{element: HTMLElement, row: Row, wanted: () => boolean, body: () => object | null, settle: (taken: Taken, wait: () => void) => void}} RowView */

const PHONE = /1[3-9]\d[- ]?\d{4}[- ]?\d{4}/g;

/**
 * @param {Row} row
 * @param {Product[]} products
 * @param {Point[]} points
 * @param {() => void} changed
 * @returns {RowView}
 */
export function rowView(row, products, points, changed) {
  const tick = h("input", { type: "checkbox", checked: row.ready, disabled: row.known, "aria-label": t("导入这一行") });
  const buyer = h("input", { value: row.buyer, maxlength: 60, "aria-label": t("称呼"), placeholder: t("称呼") });
  const note = h("input", { value: row.note, maxlength: 200, "aria-label": t("备注"), placeholder: t("备注") });
  const paid = h("input", { type: "checkbox", checked: row.paid });
  const point = h(
    "select",
    { "aria-label": t("自提点") },
    h("option", { value: "" }, t("不选自提点")),
    ...points.map(({ id, name }) => h("option", { value: id, selected: id === row.pickup_point_id }, name)),
  );
  const lines = h("ul", { class: "wanted" });
  const state = h("p", { class: "row-state" });
  const addLine = (/** @type {Wanted} */ line) => lines.append(lineView(line, products, changed));
  for (const line of row.lines) addLine(line);
  const more = h("button", { class: "button quiet small", type: "button" }, icon("plus"), t("加商品"));
  more.addEventListener("click", () => {
    addLine({ sku: null, written: "", quantity: 1, confidence: 1, candidates: [], issues: [] });
    changed();
  });
  const element = h(
    "li",
    { class: "panel paste-row", "data-line": row.line },
    h("label", { class: "row-tick" }, tick, h("span", { class: "number soft" }, row.number ?? "·")),
    h(
      "div",
      { class: "row-main" },
      h("p", { class: "row-text soft small", lang: "zh-CN", dir: "auto" }, row.text.replace(PHONE, maskPhone)),
      row.known ? null : h("div", { class: "row-fields" }, buyer, lines, more, point, note, paidChoice(paid)),
      row.phone &&
        !row.known &&
        h("p", { class: "soft small number" }, t("手机 {phone}", { phone: maskPhone(row.phone) })),
      state,
    ),
  );
  tell(state, row);
  element.addEventListener("input", changed);
  const understood = () => {
    const wanted = [...lines.children].map((line) => ({
      sku: /** @type {HTMLSelectElement} */ (line.querySelector("select")).value,
      quantity: Number(/** @type {HTMLInputElement} */ (line.querySelector("input")).value),
    }));
    const good =
      wanted.length && wanted.every(({ sku, quantity }) => sku && Number.isInteger(quantity) && quantity > 0);
    return buyer.value.trim() && good ? wanted : null;
  };
  return {
    element,
    row,
    wanted: () => tick.checked && !tick.disabled,
    body() {
      const wanted = understood();
      element.classList.toggle("incomplete", tick.checked && !tick.disabled && !wanted);
      return (
        wanted && {
          text: row.text,
          repeat: row.repeat,
          buyer: buyer.value.trim(),
          phone: row.phone,
          pickup_point_id: point.value ? Number(point.value) : null,
          note: note.value.trim(),
          lines: wanted,
          paid: paid.checked,
        }
      );
    },
    settle(taken, wait) {
      const done = taken.result !== "refused";
      tick.disabled = done;
      tick.checked = done;
      element.classList.toggle("done", done);
      for (const field of element.querySelectorAll(".row-fields input, .row-fields select, .row-fields button"))
        field.toggleAttribute("disabled", done);
      fill(state, ...outcome(taken, paid.checked ? null : wait));
    },
  };
}

/** @param {HTMLInputElement} paid */
function paidChoice(paid) {
  return h("label", { class: "choice" }, paid, h("span", {}, t("已付款")));
}

/**
 * @param {Wanted} line
 * @param {Product[]} products
 * @param {() => void} changed
 */
function lineView(line, products, changed) {
  const likely = new Set(line.candidates);
  const ordered = [...products].sort((one, other) => Number(likely.has(other.sku)) - Number(likely.has(one.sku)));
  const drop = h(
    "button",
    { class: "button quiet square", type: "button", "aria-label": t("去掉这个商品") },
    icon("x"),
  );
  const element = h(
    "li",
    { class: line.issues.some((issue) => !NOTES.has(issue)) ? "unsure" : null },
    h(
      "select",
      { "aria-label": t("商品") },
      h("option", { value: "", selected: !line.sku }, t("选商品")),
      ...ordered.map(({ sku, name }) => h("option", { value: sku, selected: sku === line.sku }, name)),
    ),
    h("input", { type: "number", min: 1, max: 999, step: 1, value: line.quantity, "aria-label": t("数量") }),
    drop,
    line.issues.length > 0 &&
      h(
        "span",
        { class: "line-issues" },
        ...line.issues.map((issue) =>
          badge(
            NOTES.has(issue) ? "" : "warn",
            NOTES.has(issue) ? "pencil-line" : "circle-help",
            lineIssue(issue, line),
          ),
        ),
        line.confidence < 1 &&
          line.sku &&
          h("span", { class: "soft small number" }, `${Math.round(line.confidence * 100)}%`),
      ),
  );
  drop.addEventListener("click", () => {
    element.remove();
    changed();
  });
  return element;
}

/**
 * @param {HTMLElement} state
 * @param {Row} row
 */
function tell(state, row) {
  if (row.known) {
    const cancelled = row.earlier?.status === "cancelled" || row.earlier?.status === "refunded";
    const words = cancelled
      ? t("订单 {number} 已取消", { number: row.earlier?.number ?? "" })
      : t("已经是订单 {number}", { number: row.earlier?.number ?? "" });
    fill(state, badge(cancelled ? "" : "good", cancelled ? "ban" : "check", words));
    return;
  }
  fill(
    state,
    ...row.issues.map((issue) =>
      badge(NOTES.has(issue) ? "" : "warn", NOTES.has(issue) ? "pencil-line" : "circle-help", rowIssue(issue, row)),
    ),
  );
}

/**
 * @param {Taken} taken
 * @param {(() => void) | null} wait
 */
function outcome(taken, wait) {
  const number = taken.order?.number ?? "";
  /** @type {Record<string, string>} */
  const words = {
    placed: t("订单 {number}，取货时收款", { number }),
    paid: t("订单 {number}，已付款", { number }),
    waitlisted: t("订单 {number}，在候补", { number }),
    known: t("已经是订单 {number}", { number }),
  };
  if (taken.result !== "refused")
    return [badge("good", taken.result === "waitlisted" ? "hourglass" : "check", words[taken.result] ?? number)];
  return [
    badge("bad", "circle-alert", taken.detail ?? ""),
    taken.code === "out-of-stock" &&
      wait &&
      h("button", { class: "button", type: "button", onclick: wait }, icon("hourglass"), t("改为候补")),
  ];
}
