// @ts-check
/** What is told about one order: facts, goods, history, refunds, the buyer's link. */

import { price } from "../format.js";
import { t } from "../i18n.js";
import { badge, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { byWord, costOf, lineCost, sourceWord, stepWord, viaWord, weightWord } from "./order.js";
import { whenWord } from "./times.js";

/** @typedef {import("./order.js").Detail} Detail */

/** @param {Detail} order */
export function facts(order) {
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
export function section(title, ...children) {
  return h("section", { class: "sheet-part" }, h("h3", {}, title), ...children);
}

/** @param {Detail} order */
export function goods(order) {
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
            line.batch && line.batch !== "-"
              ? h("span", { class: "soft small number" }, ` ${t("批次 {batch}", { batch: line.batch })}`)
              : null,
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
export function history(order) {
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
export function refunds(order) {
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
export function link(order) {
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
