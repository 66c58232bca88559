// @ts-check
/** The dialogs of the board: goal, countdown, ticker, and where the community is. */

import { api } from "../api.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { change } from "./board.js";
import { stage } from "./stage.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A goal; how far it is only the ledger says. */
export function openGoal() {
  const now = stage.goal;
  const measure = h(
    "select",
    { name: "measure" },
    ...Object.entries({
      households: t("户（下单的不同邻居）"),
      orders: t("单（付了款的）"),
      units: t("份（卖出的件数）"),
    }).map(([value, word]) => h("option", { value, selected: value === now?.measure }, word)),
  );
  return openDialog({
    title: t("小目标"),
    body: [
      field(
        t("标题"),
        h("input", { name: "title", required: true, maxlength: 40, autocomplete: "off", value: now?.title ?? "" }),
      ),
      field(t("数什么"), measure),
      field(
        t("到多少"),
        h("input", {
          name: "target",
          type: "number",
          required: true,
          min: 1,
          max: 1_000_000,
          step: 1,
          inputmode: "numeric",
          value: now?.target ?? "",
        }),
      ),
    ],
    submit: t("放上去"),
    run: (form) =>
      change("goal", () =>
        api.put("/board/goal", {
          title: form.get("title"),
          measure: form.get("measure"),
          target: Number(form.get("target")),
        }),
      ),
  });
}

/** A countdown to a time of the clock. */
export function openCountdown() {
  const now = stage.countdown;
  const when = h("input", { name: "when", type: "time", required: true, value: now ? clock(now.ends_ms) : "" });
  const later = (/** @type {number} */ minutes) => {
    const choose = () => {
      when.value = clock(Math.ceil((Date.now() + minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
    };
    return h("button", { class: "button", type: "button", onclick: choose }, t("{n} 分钟后", { n: minutes }));
  };
  return openDialog({
    title: t("倒计时"),
    body: [
      field(
        t("标题"),
        h("input", {
          name: "title",
          required: true,
          maxlength: 40,
          autocomplete: "off",
          value: now?.title ?? t("今晚截单"),
        }),
      ),
      field(t("到几点"), when),
      h("div", { class: "row wrap" }, ...[5, 10, 20, 30].map(later)),
      h("p", { class: "soft small" }, t("到点就结束，不能重来；改时间会在画面上写明。")),
    ],
    submit: t("开始"),
    sign: "clock",
    run: (form) =>
      change("countdown", () =>
        api.put("/board/countdown", { title: form.get("title"), ends_ms: nextTime(String(form.get("when"))) }),
      ),
  });
}

/**
 * The next moment at which this PC's clock shows the time.
 * @param {string} text "20:15"
 */
function nextTime(text) {
  const [hours, minutes] = text.split(":").map(Number);
  const date = new Date();
  date.setHours(hours, minutes, 0, 0);
  return date.getTime() > Date.now() ? date.getTime() : date.getTime() + DAY_MS;
}

/** Lines that take turns. */
export function openTicker() {
  const now = stage.ticker;
  const lines = h("textarea", { name: "texts", rows: 5, maxlength: 700 }, (now?.texts ?? []).join("\n"));
  return openDialog({
    title: t("滚动提示"),
    body: [
      field(t("一行一条，最多 8 条，每条 80 字"), lines),
      h(
        "label",
        { class: "choice" },
        h("input", { type: "checkbox", name: "pickup", checked: (now?.points.length ?? 0) > 0 }),
        t("后面接着放自提点和时间"),
      ),
    ],
    submit: t("放上去"),
    run: (form) => {
      const texts = String(form.get("texts"))
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
      return change("ticker", () => api.put("/board/ticker", { texts, pickup: form.has("pickup") }));
    },
  });
}

/** Where the buyers live: food miles count to there. */
export function openCommunity() {
  const now = stage.miles?.community;
  const degrees = (/** @type {string} */ name, /** @type {number} */ most) =>
    h("input", {
      name,
      type: "number",
      required: true,
      step: "any",
      min: -most,
      max: most,
      inputmode: "decimal",
      value: now?.[/** @type {"latitude" | "longitude"} */ (name)] ?? "",
    });
  return openDialog({
    title: t("小区在哪里"),
    body: [
      field(
        t("小区名字"),
        h("input", { name: "name", required: true, maxlength: 40, autocomplete: "off", value: now?.name ?? "" }),
      ),
      h(
        "div",
        { class: "row" },
        field(t("纬度"), degrees("latitude", 90)),
        field(t("经度"), degrees("longitude", 180)),
      ),
      h("p", { class: "soft small" }, t("在地图里长按小区，复制坐标：先纬度（约 18 到 54），后经度（约 73 到 135）。")),
    ],
    submit: t("保存"),
    run: (form) =>
      api.put("/community", {
        name: form.get("name"),
        latitude: Number(form.get("latitude")),
        longitude: Number(form.get("longitude")),
      }),
  });
}
