// @ts-check
/** What an order is, and how its states, steps and money are said. */

import { price } from "../format.js";
import { t } from "../i18n.js";
import { badge } from "../ui/element.js";

/** @typedef {"waitlisted" | "placed" | "paid" | "packed" | "picked_up" | "closed" | "cancelled" | "refunded"} Status */
/** @typedef {"wechat" | "cash" | "shop" | "other"} PaidVia */
/** @typedef {{sku: string, name: string, batch: string | null, quantity: number, price_fen: number, by_weight: boolean, price_per_kg_fen: number | null, weight_g: number | null, final_fen: number | null, returned: number}} Line */
/** @typedef {{id: number, number: string, who: string, phone: string | null, status: Status, source: string, external_number: string | null, paid_via: PaidVia | null, total_fen: number, settled_fen: number | null, paid_fen: number, refunded_fen: number, due_fen: number, hold_until_ms: number | null, placed_ms: number, note: string, pickup_point: {id: number, name: string} | null, complaints: number, lines: Line[]}} Order */
/** @typedef {{step: string, by: string, detail: Record<string, any>, at: number}} Step */
/** @typedef {{id: number, amount_fen: number, lines: {sku: string, quantity: number, restock: boolean}[], reason: string, at: number}} Refund */
/** @typedef {Order & {history: Step[], refunds: Refund[], link: string}} Detail */

/** In the order of an order's life. @type {Status[]} */
export const STATUSES = ["placed", "waitlisted", "paid", "packed", "picked_up", "closed", "cancelled", "refunded"];

/** @param {Status} status */
export function statusWord(status) {
  return {
    placed: t("待付款"),
    waitlisted: t("候补"),
    paid: t("已付款"),
    packed: t("已打包"),
    picked_up: t("已提货"),
    closed: t("已完成"),
    cancelled: t("已取消"),
    refunded: t("已退款"),
  }[status];
}

/** @param {Pick<Order, "status" | "paid_via">} order */
export function statusBadge({ status, paid_via }) {
  if (status === "placed" && paid_via === "cash") return badge("warn", "banknote", t("提货时付"));
  if (status === "placed") return badge("warn", "clock", t("待付款"));
  if (status === "waitlisted") return badge("", "hourglass", t("候补"));
  if (status === "paid") return badge("good", "circle-check", t("已付款"));
  if (status === "packed") return badge("good", "package", t("已打包"));
  if (status === "picked_up") return badge("good", "shopping-bag", t("已提货"));
  if (status === "closed") return badge("", "check", t("已完成"));
  if (status === "refunded") return badge("", "undo-2", t("已退款"));
  return badge("", "ban", t("已取消"));
}

/** What the buyer owes or gets back after weighing; null when nothing. @param {Order} order */
export function dueBadge({ status, due_fen }) {
  if (!due_fen || status === "placed" || status === "cancelled") return null;
  return due_fen > 0
    ? badge("bad", "circle-alert", t("还差 {amount}", { amount: price(due_fen) }))
    : badge("warn", "undo-2", t("应退 {amount}", { amount: price(-due_fen) }));
}

/** What the order costs as far as is known. @param {Order} order */
export function costOf({ settled_fen, total_fen }) {
  return settled_fen ?? total_fen;
}

/** What a line costs as far as is known. @param {Line} line */
export function lineCost({ final_fen, price_fen, quantity }) {
  return final_fen ?? price_fen * quantity;
}

/** Whether goods sold by weight still wait for the scales. @param {Order} order */
export function needsWeighing({ status, lines }) {
  const open = status === "placed" || status === "paid" || status === "packed" || status === "picked_up";
  return open && lines.some((line) => isOnScales(line) && line.weight_g === null);
}

/** Whether something of a line is weighed: not what was given back whole. @param {Line} line */
export function isOnScales({ by_weight, returned, quantity }) {
  return by_weight && returned < quantity;
}

/** @param {Order} order */
export function canWeigh({ status, lines }) {
  return ["placed", "paid", "packed", "picked_up"].includes(status) && lines.some(isOnScales);
}

/** @param {string | null} via */
export function viaWord(via) {
  return { wechat: t("微信"), cash: t("现金"), shop: t("店铺代收"), other: t("其他方式") }[via ?? ""] ?? "";
}

/** @param {string} source */
export function sourceWord(source) {
  return (
    { manual: t("人工录入"), chain: t("接龙"), page: t("买家页面"), shop: t("买家页面"), generic: t("通用接口") }[
      source
    ] ?? source
  );
}

/** @param {Line} line */
export function lineWord({ name, quantity }) {
  return `${name} ×${quantity}`;
}

/** A weight as people say it: 850 → "850 g", 1250 → "1.25 kg". @param {number} grams */
export function weightWord(grams) {
  return grams < 1000 ? `${grams} g` : `${grams / 1000} kg`;
}

/**
 * One step of the history in words.
 * @param {Step} step
 */
export function stepWord({ step, detail }) {
  const words = /** @type {Record<string, string>} */ ({
    placed: t("下单"),
    waitlisted: t("排队候补"),
    paid: t("收到款"),
    packed: t("打包好了"),
    picked_up: t("买家提走了"),
    closed: t("完成"),
    cancelled: t("取消"),
    expired: t("超时没付款，自动取消"),
    reopened: t("又付款了，订单恢复"),
    settled: t("称重结算"),
    refunded: t("退款"),
  });
  const money = detail.amount_fen ?? (step === "settled" ? detail.settled_fen : null);
  return [
    words[step] ?? step,
    typeof money === "number" ? price(money) : "",
    viaWord(detail.via ?? null),
    ...Object.entries(detail.weights ?? {}).map(([sku, grams]) => `${sku} ${weightWord(Number(grams))}`),
    detail.reason ?? "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {string} by */
export function byWord(by) {
  return (
    {
      host: t("主播"),
      producer: t("导播"),
      moderator: t("助手"),
      buyer: t("买家"),
      webhook: t("店铺系统"),
      clock: t("自动"),
    }[by] ?? by
  );
}
