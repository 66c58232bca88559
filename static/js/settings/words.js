// @ts-check
/** What the codes of the webhooks' API mean to the host. */

import { clock, shortDate } from "../format.js";
import { language, t } from "../i18n.js";

/** @typedef {{name: string, path: string, enabled: boolean, has_secret: boolean, rotating: boolean, client_id: string | null, last_delivery_ms: number | null, last_failure_ms: number | null, last_failure: string, failures: number, parked: number, failed: number}} Source */
/** @typedef {{id: number, url: string, enabled: boolean, created_ms: number, last_ok_ms: number | null, last_failure_ms: number | null, last_failure: string, waiting: number, dead: number}} Target */
/** @typedef {{base_url: string, sources: Source[], parked: number, targets: Target[]}} Webhooks */
/** @typedef {{id: number, source: string, topic: string, state: string, reason: string, detail: string, message: {zh: string, en: string} | null, external_id: string | null, order_id: number | null, received_ms: number, number: string | null, who: string, total_fen: number | null, lines: {sku: string, name: string, quantity: number, price_fen: number}[], unknown: string[]}} Delivery */
/** @typedef {{on: boolean, fixed: boolean, url: string | null, address: string | null, wanted: string, addresses: string[], message_zh: string, message_en: string}} Lan */
/** @typedef {{id: number, name: string, role: string, paired_ms: number, seen_ms: number, online: boolean}} Device */
/** @typedef {{ok: boolean, status: number, text: string, took_ms: number, url: string}} TestAnswer */

/** @param {string} name */
export function sourceName(name) {
  if (name === "youzan") return t("有赞");
  if (name === "generic") return t("通用接口");
  return name === "shopify" ? "Shopify" : "WooCommerce";
}

/**
 * Where in the shop system the address and the secret belong.
 * @param {string} name
 */
export function sourceHint(name) {
  if (name === "shopify")
    return t(
      "Shopify 后台 → 设置 → 通知 → Webhook：订单创建、付款、更新、取消和退款各建一个，格式 JSON；密钥在那一页的底部。",
    );
  if (name === "woocommerce")
    return t("WooCommerce → 设置 → 高级 → Webhook：主题选“订单已创建”和“订单已更新”，密钥自己定，两边填一样的。");
  if (name === "youzan")
    return t("有赞云控制台 → 应用 → 消息推送：填地址，勾选交易和退款消息；client_id 和 client_secret 在应用概况里。");
  return t("任何会发 HTTP 请求的系统都行，格式和 curl 例子见 docs/webhooks.md；密钥自己定，两边填一样的。");
}

/** @param {string} code */
export function failureWord(code) {
  if (code === "missing") return t("没有签名");
  if (code === "clock") return t("时间戳相差超过 5 分钟，请校准对方或这台电脑的时钟");
  return t("签名不对，请核对两边的密钥");
}

/** @param {Delivery} delivery */
export function reasonWord({ reason, detail, message }) {
  if (reason === "unknown-sku") return t("商品没有对上：请选出它们在这里是哪一个");
  if (reason === "out-of-stock") return t("库存不够（{sku}）：补货后重试，或者联系买家", { sku: detail });
  if (reason === "over-cap") return t("超过每人限购（{sku}）：放宽限购后重试，或者联系买家", { sku: detail });
  if (reason === "no-order") return t("退款先到了，订单还没到；订单一到就会自动处理");
  if (reason === "currency") return t("不是人民币（{currency}），没有记账", { currency: detail });
  if (reason === "edited") return t("订单 {number} 在商城里改过商品，请核对后手工处理", { number: detail });
  if (reason === "unreadable") return t("签名正确，但内容读不懂：{detail}", { detail });
  if (reason === "refused" && message) return language().startsWith("en") ? message.en : message.zh;
  return t("处理了 5 次都没有成功（{detail}），请重试；一直这样请把日志发给我们", { detail });
}

/**
 * What the answer of a test says.
 * @param {TestAnswer} answer
 */
export function testWord({ ok, status, text, took_ms }) {
  if (ok) return t("通了：{text}，{ms} 毫秒", { text, ms: took_ms });
  if (!status) return t("没有回答（{text}）：地址打不开，或者被防火墙挡住了", { text });
  if (status === 401) return t("密钥不对（{text}）", { text });
  return t("没有收下（{text}）", { text });
}

/**
 * "20:15", with the date where it was not today.
 * @param {number} ms UTC milliseconds
 */
export function moment(ms) {
  const date = new Date(ms);
  if (date.toDateString() === new Date().toDateString()) return clock(ms, { seconds: true });
  const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${shortDate(`${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`)} ${clock(ms)}`;
}

/** Whether the signed-in person may change secrets and targets. */
export function isHost() {
  return document.getElementById("main")?.dataset.role === "host";
}

/** @param {string} role */
export function roleWord(role) {
  return role === "producer" ? t("导播") : t("场控");
}
