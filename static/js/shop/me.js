// @ts-check
/** The page of one's own: /me. */
import { t } from "../i18n.js";
import { price } from "../money.js";
import { call, Problem } from "./net.js";
import { byId, make, showProblem, showTimes, toast } from "./page.js";

function startForm() {
  const form = document.getElementById("me");
  if (!(form instanceof HTMLFormElement)) return;
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const data = new FormData(form);
    button.disabled = true;
    showProblem(form, null, byId("me-error"));
    try {
      const nickname = String(data.get("nickname") ?? "").trim();
      await call("PUT", "/me", { quiet: data.has("quiet"), nickname });
      toast(t("已保存"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      showProblem(form, problem, byId("me-error"));
    }
    button.disabled = false;
  });
  byId("forget").addEventListener("click", async () => {
    if (!confirm(t("昵称、手机号和订单链接都会删掉，找不回来。确定吗？"))) return;
    try {
      await call("DELETE", "/me");
      location.reload();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toast(problem.detail);
    }
  });
}

async function loadReferral() {
  const place = byId("referral");
  if (!place.hasAttribute("data-load")) return;
  /** @type {any} */
  let referral;
  try {
    referral = await call("GET", "/referral");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    place.replaceChildren(make("p", problem.detail, "soft"));
    return;
  }
  const worth = price(referral.reward_fen);
  const about = t("新邻居从这个链接来，第一单取货、过了售后期，你得 {worth}，由团长给你。只算一层。", { worth });
  const link = make("input");
  link.readOnly = true;
  link.value = referral.url;
  link.setAttribute("aria-label", t("专属链接"));
  link.addEventListener("focus", () => link.select());
  const copy = make("button", t("复制"), "button");
  copy.type = "button";
  copy.addEventListener("click", () => copyFrom(link));
  const line = make("div", "", "line");
  line.append(link, copy);
  const figures = t("带来 {n} 位 · 等待中 {pending} · 已得 {earned}", {
    n: referral.invited,
    pending: price(referral.pending_fen),
    earned: price(referral.earned_fen),
  });
  place.replaceChildren(line, make("p", figures), make("p", about, "soft small"));
}

/** @param {HTMLInputElement} link */
async function copyFrom(link) {
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
  } catch {
    document.execCommand("copy"); // no clipboard without https
  }
  toast(t("已复制，发给邻居吧"));
}

showTimes();
startForm();
loadReferral();
