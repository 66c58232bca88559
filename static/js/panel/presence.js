// @ts-check
/** Who else has the studio open, and what they did last, so that two do not do the same. */

import { clock } from "../format.js";
import { t } from "../i18n.js";
import { byId, h, icon, keep, write } from "../ui/element.js";
import { eachSecond, serverNow } from "./clock.js";
import { deedWords } from "./deeds.js";
import { stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Seat} Seat */

/** So long the bar tells what somebody else has just done. */
const FRESH_MS = 20_000;

const button = byId("presence");
const news = /** @type {HTMLElement} */ (button.querySelector(".presence-news"));

/** Draws the count in the bar and the list behind it; alone, there is nothing to tell. */
export function startPresence() {
  watch(["presence"], render);
  eachSecond(renderNews);
}

function render() {
  const seats = stage.presence ?? [];
  button.hidden = seats.length < 2;
  const words = t("{n} 个页面在场", { n: seats.length });
  write(/** @type {HTMLElement} */ (button.querySelector(".number")), String(seats.length));
  button.setAttribute("aria-label", words);
  button.title = words;
  keep(
    byId("presence-list"),
    seats,
    (seat) => seat.id,
    (seat) =>
      h(
        "li",
        {},
        icon(seat.role === "prompter" ? "captions" : "user"),
        h(
          "div",
          { class: "grow" },
          h("strong", {}, who(seat), seat.id === mine() ? t(" · 这个页面") : null),
          h("p", { class: "soft small" }, whence(seat)),
        ),
        h("p", { class: "presence-deed small" }),
      ),
    (element, seat) => write(/** @type {Element} */ (element.querySelector(".presence-deed")), lastOf(seat)),
  );
  renderNews();
}

/** The bar names what another one did within the last seconds. */
function renderNews() {
  const others = (stage.presence ?? []).filter((seat) => seat.id !== mine() && seat.deed !== null);
  const [last] = others.toSorted((one, other) => (other.deed_ms ?? 0) - (one.deed_ms ?? 0));
  const fresh = last && serverNow() - (last.deed_ms ?? 0) < FRESH_MS;
  write(
    news,
    fresh ? t("{who}刚刚：{deed}", { who: last.name || role(last.role), deed: deedWords(last.deed ?? "") }) : "",
  );
}

/** The id of this page's own seat; its key begins with it. */
function mine() {
  return Number(document.documentElement.dataset.seat?.split(".")[0]);
}

/** @param {Seat} seat */
function who({ role: name, name: device }) {
  return device ? `${role(name)} · ${device}` : role(name);
}

/** @param {Seat} seat */
function whence(seat) {
  const since = t("{when} 起", { when: clock(seat.since_ms) });
  return [place(seat.page), seat.name ? "" : seat.device, since].filter(Boolean).join(" · ");
}

/** @param {Seat} seat */
function lastOf({ deed, deed_ms }) {
  if (deed === null || deed_ms === null) return t("还没有操作");
  return t("{when} {deed}", { when: clock(deed_ms, { seconds: true }), deed: deedWords(deed) });
}

/** @param {Seat["role"]} name */
function role(name) {
  return { host: t("主播"), producer: t("导播"), moderator: t("场控"), prompter: t("提词器") }[name];
}

/** @param {string} page */
function place(page) {
  /** @type {Record<string, string>} */
  const names = {
    control: t("控制台"),
    orders: t("订单"),
    buyers: t("买家"),
    pickup: t("自提"),
    announce: t("接龙海报"),
    review: t("回看"),
    settings: t("设置"),
    prompter: t("提词器"),
  };
  return names[page] ?? "";
}
