// @ts-check
/** Who else has the studio open, so that two do not do the same. */

import { clock } from "../format.js";
import { t } from "../i18n.js";
import { byId, h, icon, keep, write } from "../ui/element.js";
import { stage, watch } from "./stage.js";

/** Draws the count in the bar and the list behind it; alone, there is nothing to tell. */
export function startPresence() {
  const button = byId("presence");
  const count = /** @type {HTMLElement} */ (button.querySelector(".number"));
  watch(["presence"], () => {
    const seats = stage.presence ?? [];
    button.hidden = seats.length < 2;
    write(count, String(seats.length));
    button.setAttribute("aria-label", t("{n} 个页面在场", { n: seats.length }));
    button.title = t("{n} 个页面在场", { n: seats.length });
    keep(
      byId("presence-list"),
      seats,
      (seat) => seat.id,
      (seat) =>
        h(
          "li",
          {},
          icon(seat.role === "prompter" ? "captions" : "user"),
          h("strong", {}, role(seat.role)),
          h("span", { class: "grow" }, [place(seat.page), seat.device].filter(Boolean).join(" · ")),
          h("time", { class: "soft small number" }, clock(seat.since_ms)),
        ),
      () => {},
    );
  });
}

/** @param {import("./stage.js").Seat["role"]} name */
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
