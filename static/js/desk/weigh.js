// @ts-check
/** The scales: grams in, the price at once, the order's final price from the server. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { h, icon, write } from "../ui/element.js";
import { tellOrder } from "./changes.js";
import { costOf, lineCost } from "./order.js";

/** @typedef {import("./order.js").Detail} Detail */
/** @typedef {import("./products.js").Product} Product */

/**
 * The form of an order that has goods sold by weight.
 * @param {Detail} order
 * @param {Product[]} products
 */
export function weighForm(order, products) {
  const lines = order.lines.filter((line) => line.by_weight);
  const total = h("strong", { class: "number" });
  const difference = h("span", { class: "soft small number" });
  const result = h("p", { class: "weigh-total", role: "status" }, t("合计"), " ", total, " ", difference);
  const inputs = lines.map((line) => {
    const perKg_fen = products.find(({ sku }) => sku === line.sku)?.price_per_kg_fen ?? null;
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
      return grams > 0 && perKg_fen !== null ? Math.floor((perKg_fen * grams + 500) / 1000) : lineCost(line);
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
  const others_fen = order.lines.filter((line) => !line.by_weight).reduce((sum, line) => sum + lineCost(line), 0);
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
