// @ts-check
/** Deliveries that wait for a person: pair their goods with ours, try again, or dismiss with a reason. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { moment, reasonWord, sourceName } from "./words.js";

/** @typedef {import("./words.js").Delivery} Delivery */
/** @typedef {{sku: string, name: string}} Product */

/** @type {readonly Product[]} */
let products = [];
/** @type {Delivery[]} */
let shown = [];
let turn = 0;

/** Reads the list again; a slower earlier answer does not overwrite it. */
export async function loadParked() {
  turn += 1;
  const mine = turn;
  try {
    /** @type {{deliveries: Delivery[]}} */
    const { deliveries } = await api.get("/webhooks/parked");
    if (mine === turn) draw(deliveries);
  } catch (error) {
    toast(explain(error), "bad");
  }
}

/** @param {readonly Product[]} value */
export function offerProducts(value) {
  products = value;
  draw(shown);
}

/** @param {Delivery[]} deliveries */
function draw(deliveries) {
  shown = deliveries;
  byId("parked-section").hidden = !deliveries.length;
  write(byId("parked-count"), String(deliveries.length));
  keep(
    byId("parked"),
    deliveries,
    ({ id }) => id,
    () => h("li", { class: "panel delivery" }),
    update,
  );
}

/**
 * @param {HTMLElement} card
 * @param {Delivery} delivery
 */
function update(card, delivery) {
  if (isDrawn(card, delivery, products.length)) return;
  const { who, number, total_fen, lines, unknown, external_id } = delivery;
  const pairs = unknown.map((external) => [external, picker(delivery, external)]);
  fill(
    card,
    h(
      "div",
      { class: "delivery-head" },
      badge("", "shopping-bag", sourceName(delivery.source)),
      h("strong", {}, [number ?? external_id ?? t("没有单号"), who].filter(Boolean).join(" · ")),
      h("span", { class: "soft small" }, t("{time} 收到", { time: moment(delivery.received_ms) })),
      h("span", { class: "grow" }),
      total_fen === null ? null : h("strong", { class: "number" }, price(total_fen)),
    ),
    h("p", { class: "delivery-reason" }, reasonWord(delivery)),
    lines.length
      ? h("ul", { class: "delivery-lines" }, ...lines.filter(({ sku }) => !unknown.includes(sku)).map(lineRow))
      : null,
    pairs.length
      ? h(
          "div",
          { class: "pairing" },
          ...pairs.flatMap(([external, select]) => [
            pairName(delivery, String(external)),
            icon("chevron-right"),
            /** @type {HTMLElement} */ (select),
          ]),
        )
      : null,
    h("div", { class: "tools" }, ...tools(card, delivery)),
  );
}

/** @param {Delivery["lines"][number]} line */
function lineRow({ name, sku, quantity, price_fen }) {
  return h("li", {}, h("span", {}, `${name || sku} ×${quantity}`), h("span", { class: "number" }, price(price_fen)));
}

/**
 * @param {Delivery} delivery
 * @param {string} external
 */
function pairName({ lines }, external) {
  const found = lines.filter(({ sku }) => sku === external);
  const count = found.reduce((sum, { quantity }) => sum + quantity, 0);
  const name = found[0]?.name || external;
  return h(
    "span",
    {},
    `${name} ×${count}`,
    name === external ? null : h("br"),
    name === external ? null : h("code", { class: "soft" }, external),
  );
}

/**
 * @param {Delivery} delivery
 * @param {string} external
 */
function picker({ id }, external) {
  return h(
    "select",
    {
      "data-external": external,
      "aria-label": t("{sku} 在这里是哪个商品", { sku: external }),
      id: `pick-${id}-${external}`,
    },
    h("option", { value: "" }, t("选择商品…")),
    ...products.map(({ sku, name }) => h("option", { value: sku }, `${name} · ${sku}`)),
  );
}

/**
 * @param {HTMLElement} card
 * @param {Delivery} delivery
 */
function tools(card, delivery) {
  const pairing = delivery.unknown.length > 0;
  const retry = h(
    "button",
    { class: "button main", type: "button", onclick: () => void resolve(card, delivery, retry) },
    icon(pairing ? "check" : "refresh-cw"),
    pairing ? t("对上并处理") : t("重试"),
  );
  const readable = delivery.reason !== "unreadable";
  const dismiss = h(
    "button",
    { class: "button", type: "button", onclick: () => dismissed(delivery) },
    icon("x"),
    t("忽略…"),
  );
  return [readable && retry, dismiss];
}

/**
 * @param {HTMLElement} card
 * @param {Delivery} delivery
 * @param {Element} button
 */
async function resolve(card, delivery, button) {
  const selects = /** @type {HTMLSelectElement[]} */ ([...card.querySelectorAll("select[data-external]")]);
  const open = selects.find((select) => !select.value);
  if (open) {
    open.focus();
    toast(t("请先选出每个商品。"), "bad");
    return;
  }
  const skus = Object.fromEntries(selects.map((select) => [select.dataset.external, select.value]));
  const done = await act(button, () => api.post(`/webhooks/parked/${delivery.id}/resolve`, { skus }));
  if (done) toast(selects.length ? t("记住了，以后这些商品会自动对上。") : t("正在重试。"));
  await loadParked();
}

/** @param {Delivery} delivery */
async function dismissed(delivery) {
  const done = await openDialog({
    title: t("忽略这次推送？"),
    body: [
      h("p", {}, t("它不会进订单和库存。原因会留在记录里。")),
      field(t("原因"), h("input", { name: "reason", maxlength: 200, required: true, autocomplete: "off" })),
    ],
    submit: t("忽略"),
    grave: true,
    run: (form) => api.post(`/webhooks/parked/${delivery.id}/dismiss`, { reason: form.get("reason") }),
  });
  if (done) await loadParked();
}
