// @ts-check
/** The scales: grams in, the price at once, the order's final price from the server. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { h, icon, write } from "../ui/element.js";
import { tellOrder } from "./changes.js";
import { costOf, isOnScales, lineCost } from "./order.js";

/** @typedef {import("./order.js").Detail} Detail */
/** @typedef {import("./order.js").Line} Line */

/**
 * The form of an order that has goods sold by weight.
 * @param {Detail} order
 */
export function weighForm(order) {
  const lines = order.lines.filter(isOnScales);
  const total = h("strong", { class: "number" });
  const difference = h("span", { class: "soft small number" });
  const result = h("p", { class: "weigh-total", role: "status" }, t("合计"), " ", total, " ", difference);
  const inputs = lines.map((line) => {
    const perKg_fen = line.price_per_kg_fen;
    const input = h("input", {
      type: "number",
      inputmode: "numeric",
      min: 1,
      max: 1_000_000,
      step: 1,
      value: line.weight_g ?? "",
      "aria-label": t("{name} 的克数", { name: line.name }),
    });
    const final = h("span", { class: "number" });
    const cost = () => {
      const grams = Number(input.value);
      return grams > 0 && perKg_fen !== null ? weighedCost(line, perKg_fen, grams) : lineCost(line);
    };
    const row = h(
      "div",
      { class: "weigh-row" },
      h(
        "span",
        { class: "wrap" },
        h("bdi", {}, line.name),
        perKg_fen === null ? null : h("span", { class: "soft small number" }, ` ${price(perKg_fen)}/kg`),
      ),
      input,
      h("span", { class: "soft small" }, "g"),
      final,
    );
    return { line, input, final, cost, row };
  });
  const others_fen = order.lines.filter((line) => !lines.includes(line)).reduce((sum, line) => sum + lineCost(line), 0);
  const preview = () => {
    for (const { final, cost } of inputs) write(final, price(cost()));
    const sum = inputs.reduce((all, { cost }) => all + cost(), others_fen);
    const change = sum - costOf(order);
    write(total, price(sum));
    const words =
      change > 0 ? t("多 {amount}", { amount: price(change) }) : t("少 {amount}", { amount: price(-change) });
    write(difference, change ? words : "");
  };
  const button = h("button", { class: "button main", type: "submit" }, icon("scale"), t("按重量结算"));
  const form = h(
    "form",
    { class: "weigh" },
    ...inputs.map(({ row }) => row),
    h("div", { class: "weigh-foot" }, result, button),
  );
  form.addEventListener("input", preview);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const weighed = inputs
      .filter(({ input }) => input.value !== "")
      .map(({ line, input }) => ({ sku: line.sku, weight_g: Number(input.value) }));
    const empty = inputs.find(({ input }) => input.value === "");
    if (!weighed.length) return empty?.input.focus();
    void act(
      button,
      async () => tellOrder(await api.post(`/orders/${order.id}/settle`, { lines: weighed })),
      t("{number} 已称重", { number: order.number }),
    );
  });
  preview();
  return form;
}

/**
 * What a line costs with these grams, as the server reckons it: what was given back keeps its price.
 * @param {Line} line
 * @param {number} perKg_fen
 * @param {number} grams
 */
function weighedCost(line, perKg_fen, grams) {
  const worth = (/** @type {number} */ weight) => Math.floor((perKg_fen * weight + 500) / 1000);
  const before = lineCost(line);
  const replaced =
    line.weight_g === null ? before - Math.floor((before * line.returned) / line.quantity) : worth(line.weight_g);
  return before - replaced + worth(grams);
}
