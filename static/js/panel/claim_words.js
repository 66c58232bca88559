// @ts-check
/** Claims and promises in words: their kinds, how they stand, what is known. */

import { moment, price } from "../format.js";
import { t } from "../i18n.js";
import { badge } from "../ui/element.js";

/** @param {string} kind a category of the claim rules */
export function claimKind(kind) {
  const words = /** @type {Record<string, string>} */ ({
    absolute: t("绝对化用语"),
    health: t("功效宣传"),
    special: t("特殊人群"),
    referral: t("多级返利"),
    privacy: t("个人信息"),
    evidence: t("要有证书"),
    price: t("价格比较"),
    scarcity: t("紧缺说法"),
    disparagement: t("贬低别家"),
    alcohol: t("饮酒"),
    child: t("儿童代言"),
  });
  return words[kind] ?? kind;
}

/** @param {{level: string, retracted: boolean}} claim */
export function claimBadge({ level, retracted }) {
  if (retracted) return badge("good", "undo-2", t("已收回"));
  if (level === "true") return badge("good", "check", t("属实"));
  return level === "red" ? badge("bad", "triangle-alert", t("不能说")) : badge("warn", "shield-check", t("要核实"));
}

/**
 * What the ledger or real sales say to it, "" when nothing is known.
 * @param {{kind: string, known: number | null}} claim
 */
export function claimNote({ kind, known }) {
  if (known === null) return kind === "price" ? t("最近没有成交记录，原价说不清") : "";
  if (kind === "evidence")
    return known > 0 ? t("这一批有 {n} 份有效的证书或报告", { n: known }) : t("这一批没有能证明它的有效证书");
  if (kind === "scarcity") return t("库存账本还有 {known} 份", { known });
  return kind === "price" ? t("最近七天最低成交 {price}", { price: price(known) }) : "";
}

/** Kind and limit of a promise. @param {{kind: string, within_hours: number | null, due_ms: number | null}} promise */
export function promiseWords({ kind, within_hours, due_ms }) {
  const words = /** @type {Record<string, string>} */ ({
    refund: t("退款"),
    replace: t("补换"),
    delivery: t("送达"),
    reply: t("答复"),
    gift: t("赠送"),
  });
  const limit =
    within_hours === null
      ? due_ms === null
        ? t("没有说期限")
        : t("到 {when}", { when: moment(due_ms) })
      : within_hours < 1
        ? t("{n} 分钟内", { n: Math.round(within_hours * 60) })
        : t("{n} 小时内", { n: Math.round(within_hours * 10) / 10 });
  return `${words[kind] ?? kind} · ${limit}`;
}
