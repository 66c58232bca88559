// @ts-check
/** Rewards for bringing neighbours: whose, for whom, when due; what the host owes; void with a reason. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { toast } from "../ui/toast.js";
import { whenWord } from "./times.js";

/** @typedef {{id: number, who: string}} Person */
/** @typedef {{id: number, code: string, referrer: Person, buyer: Person, order_id: number, number: string, state: "pending" | "released" | "void", reason: string, waits_for: "pickup" | "window" | "complaint" | null, reward_fen: number, created_ms: number, due_ms: number | null, settled_ms: number | null}} Referral */
/** @typedef {{referrals: Referral[], released: {buyer_id: number, who: string, rewards: number, earned_fen: number}[]}} Rewards */

/** Reads and draws the rewards. */
export async function loadReferrals() {
  try {
    draw(await api.get("/referrals"));
  } catch (error) {
    const again = h(
      "button",
      { class: "button", type: "button", onclick: () => void loadReferrals() },
      icon("refresh-cw"),
      t("再试一次"),
    );
    fill(
      byId("referrals"),
      h("li", { class: "empty", role: "alert" }, icon("circle-alert"), h("p", {}, explain(error)), again),
    );
  }
}

/** @param {Rewards} rewards */
function draw({ referrals, released }) {
  count("referrals", referrals.filter(({ state }) => state === "pending").length);
  if (!referrals.length) {
    fill(byId("referrals"), h("li", {}, empty("gift", t("还没有推荐奖励。买家在“我的”页面能拿到自己的推荐链接。"))));
    return;
  }
  const owed = released.map(({ who, rewards, earned_fen }) =>
    h(
      "li",
      { class: "person owed" },
      h("strong", {}, icon("gift"), h("bdi", {}, who)),
      h("span", { class: "number" }, price(earned_fen)),
      h("span", { class: "soft" }, t("到期 {n} 笔，可以发给他", { n: rewards })),
    ),
  );
  fill(byId("referrals"), ...owed, ...referrals.map(row));
}

/** @param {Referral} referral */
function row(referral) {
  return h(
    "li",
    { class: "person" },
    h(
      "div",
      {},
      h("strong", {}, h("bdi", {}, referral.referrer.who)),
      t(" 带来 "),
      h("strong", {}, h("bdi", {}, referral.buyer.who)),
      h("span", { class: "soft small block number" }, t("推荐码 {code}", { code: referral.code })),
    ),
    h("a", { class: "number", href: `/orders?q=${referral.number}` }, referral.number),
    h("div", {}, stateBadge(referral), h("span", { class: "soft small block" }, stateWord(referral))),
    h("strong", { class: "number" }, price(referral.reward_fen)),
    h(
      "div",
      { class: "person-tools" },
      referral.state === "void"
        ? null
        : h(
            "button",
            { class: "button quiet grave", type: "button", onclick: () => void openVoid(referral) },
            icon("ban"),
            t("作废"),
          ),
    ),
  );
}

/** @param {Referral} referral */
function stateBadge({ state }) {
  if (state === "released") return badge("good", "circle-check", t("已到期"));
  if (state === "void") return badge("", "ban", t("作废"));
  return badge("warn", "hourglass", t("等待中"));
}

/** @param {Referral} referral */
function stateWord({ state, reason, waits_for, due_ms }) {
  if (state === "void")
    return (
      { self: t("推荐了自己"), same_phone: t("手机号相同"), refunded: t("订单退款了"), erased: t("资料已删除") }[
        reason
      ] ?? reason
    );
  if (waits_for === "pickup") return t("等提货");
  if (waits_for === "complaint") return t("等售后解决");
  return due_ms ? t("{time} 到期", { time: whenWord(due_ms) }) : "";
}

/** @param {Referral} referral */
function openVoid(referral) {
  return openDialog({
    title: t("作废这笔奖励？"),
    body: [
      h(
        "p",
        {},
        t("{referrer} 因为 {buyer} 的第一单得到的 {amount} 不再发。", {
          referrer: referral.referrer.who,
          buyer: referral.buyer.who,
          amount: price(referral.reward_fen),
        }),
      ),
      field(t("原因"), h("input", { name: "reason", maxlength: 40, required: true, autocomplete: "off" })),
    ],
    submit: t("作废"),
    sign: "ban",
    grave: true,
    run: async (form) => {
      draw(await api.post(`/referrals/${referral.id}/void`, { reason: form.get("reason") }));
      toast(t("已作废"));
    },
  });
}
