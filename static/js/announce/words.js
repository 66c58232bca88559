// @ts-check
/** What the preview says about a row, in words. */

import { t } from "../i18n.js";

/** @typedef {{sku: string | null, written: string, quantity: number, confidence: number, candidates: string[], issues: string[]}} Wanted */
/** @typedef {{id: number, number: string, status: string}} Earlier */
/**
 * @typedef {object} Row
 * @property {number} line of the paste
 * @property {number | null} number
 * @property {string} text
 * @property {number} repeat
 * @property {string} buyer
 * @property {string | null} phone
 * @property {number | null} pickup_point_id
 * @property {string} note
 * @property {boolean} paid
 * @property {Wanted[]} lines
 * @property {string[]} issues
 * @property {boolean} ready
 * @property {boolean} known
 * @property {Earlier | null} earlier
 */

/**
 * @param {string} issue
 * @param {Row} row
 */
export function rowIssue(issue, row) {
  /** @type {Record<string, string>} */
  const texts = {
    "no-name": t("没看准是谁"),
    "no-goods": t("没看出要什么"),
    cancelled: t("写了取消"),
    struck: t("划掉了"),
    "extra-number": t("多出一个数字"),
    "many-lines": t("商品太多，只取前面的"),
    "two-phones": t("有两个手机号，取第一个"),
    "two-points": t("写了两个自提点"),
    "same-again": t("和上面一行一模一样"),
    "same-name": t("同名再来一单（加单）"),
    changed: t("同名已有订单 {number}，内容不一样", { number: row.earlier?.number ?? "" }),
  };
  return texts[issue] ?? issue;
}

/**
 * @param {string} issue
 * @param {Wanted} line
 */
export function lineIssue(issue, line) {
  const { written } = line;
  /** @type {Record<string, string>} */
  const texts = {
    similar: t("写的是“{written}”", { written }),
    ambiguous: t("“{written}”可能是别的商品", { written }),
    unknown: t("不认识“{written}”", { written }),
    "assumed-one": t("没写数量，按 1 份"),
    measure: t("单位和规格对不上"),
    amount: t("数量不是合适的整数"),
    "only-one": t("没写商品，只有这一款"),
  };
  return texts[issue] ?? issue;
}

/** @param {string} why */
export function asideWhy(why) {
  /** @type {Record<string, string>} */
  const texts = {
    heading: t("不是接龙的行"),
    offer: t("是商品清单"),
    "older-copy": t("下面有更新的一份"),
    "too-many": t("太多了，没有读"),
  };
  return texts[why] ?? why;
}

/** Issues that a person need not decide about. */
export const NOTES = new Set(["similar", "assumed-one", "only-one", "same-name"]);
