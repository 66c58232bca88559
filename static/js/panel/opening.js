// @ts-check
/** Opening and closing: go live, end, the welcome page of a studio without a show. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { ask } from "../ui/dialog.js";
import { byId, fill, h, icon, isDrawn } from "../ui/element.js";
import { chooseCatalogue } from "./catalogue.js";
import { openNewShow, openRundown } from "./plan.js";
import { openPreflight, startPreflight } from "./preflight.js";
import { may, stage, watch } from "./stage.js";

/** Wires the bar's buttons and draws the welcome page. */
export function startOpening() {
  watch(["show", "catalogue"], render);
  startPreflight();
  byId("go-live").addEventListener("click", () => {
    if (stage.show) void openPreflight(stage.show.id);
  });
  byId("end-show").addEventListener("click", () => void endShow());
  byId("new-show").addEventListener("click", () => void openNewShow());
  byId("plan-show").hidden = !may("producer");
  byId("plan-show").addEventListener("click", () => {
    byId("menu").hidePopover();
    void openNewShow();
  });
  byId("edit-rundown").addEventListener("click", () => void openRundown());
  byId("import-catalogue").addEventListener("click", () => {
    byId("menu").hidePopover();
    chooseCatalogue();
  });
}

async function endShow() {
  const show = stage.show;
  if (!show) return;
  await ask({
    title: t("结束这场直播？"),
    text: t("结束后不能再开。OBS 的推流和录制不受影响，请在 OBS 里停。"),
    submit: t("结束直播"),
    sign: "square",
    run: () => api.post(`/shows/${show.id}/end`),
  });
}

function render() {
  const status = stage.show?.status ?? "none";
  byId("go-live").hidden = status !== "draft" || !may("host");
  byId("end-show").hidden = status !== "live" || !may("host");
  byId("new-show").hidden = status !== "ended" || !may("producer");
  byId("edit-rundown").hidden = status === "none" || status === "ended" || !may("producer");
  byId("show-title").textContent = stage.show?.title ?? t("邻里直播间");
  byId("demo-badge").hidden = !stage.show?.demo;
  const welcome = byId("welcome");
  welcome.hidden = status !== "none";
  for (const column of document.querySelectorAll(".stage > .column"))
    column.toggleAttribute("hidden", status === "none");
  if (status === "none") renderWelcome(welcome);
}

/** @param {HTMLElement} box */
function renderWelcome(box) {
  const products = stage.catalogue?.length ?? 0;
  if (isDrawn(box, products)) return;
  fill(
    box,
    h("h2", { id: "welcome-title" }, t("今天给邻居们看什么？")),
    h("p", { class: "soft" }, t("三步就能开播。没有 OBS 也没关系，可以先看看商品卡和字幕长什么样。")),
    h(
      "div",
      { class: "steps" },
      step(
        "package",
        t("商品"),
        products
          ? t("已有 {n} 个商品。重新导入会更新同编号的商品。", { n: products })
          : t("导入商品表（JSON 或 TOML）：名称、规格、价格、库存，还有这一批的产地和生产日期。"),
        h(
          "button",
          { class: `button ${products ? "" : "main"}`, type: "button", onclick: chooseCatalogue },
          icon("upload"),
          t("导入商品"),
        ),
      ),
      step(
        "list-ordered",
        t("流程"),
        t("起个标题，排好先讲什么后讲什么，每一项可以写要点、配 OBS 场景。"),
        h(
          "button",
          { class: `button ${products ? "main" : ""}`, type: "button", onclick: () => void openNewShow() },
          icon("plus"),
          t("新建直播"),
        ),
      ),
      step(
        "layers",
        t("画面"),
        t("把叠加画面的地址放进 OBS：商品卡、库存、感谢播报、字幕，竖屏横屏都有。"),
        h("a", { class: "button", href: "/overlays" }, icon("external-link"), t("看地址")),
      ),
    ),
  );
}

/**
 * @param {string} sign
 * @param {string} title
 * @param {string} text
 * @param {HTMLElement} button
 */
function step(sign, title, text, button) {
  return h("section", { class: "panel step" }, h("h3", {}, icon(sign), title), h("p", { class: "soft" }, text), button);
}
