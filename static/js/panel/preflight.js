// @ts-check
/** 开播检查: the dialog between the button and going live. It shows every check as it stands, and what to do. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { remedies } from "./remedies.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {"green" | "amber" | "red"} Level */
/** @typedef {{name: string, level: Level, lines: {level: Level, zh: string, en: string}[]}} Check */
/** @typedef {{show_id: number, ready: boolean, measuring: boolean, speed: number | null, checks: Check[]}} Report */

/** What draws the open dialog. @type {(() => void) | null} */
let draw = null;

/** Keeps the open dialog in step with the checks. */
export function startPreflight() {
  watch(["preflight", "show"], () => draw?.());
}

/**
 * Shows the checks, and goes live.
 * @param {number} show_id
 */
export async function openPreflight(show_id) {
  const summary = h("p", { class: "preflight-summary", role: "status" });
  const list = h("ul", { class: "checks" });
  const reason = h("textarea", { name: "reason", rows: 2, minlength: 2, maxlength: 300 });
  const override = h(
    "div",
    { class: "override", hidden: true },
    field(t("有红项还要开播：写明理由，会记进回看"), reason),
  );
  const measure = h("button", { class: "button", type: "button" }, icon("gauge"), t("测识别速度"));
  measure.hidden = !may("producer");
  measure.addEventListener("click", async () => {
    measure.setAttribute("aria-busy", "true");
    try {
      await api.post(`/shows/${show_id}/preflight`, {}, { timeoutMs: 130_000 });
    } catch (error) {
      toast(explain(error), "bad");
    } finally {
      measure.removeAttribute("aria-busy");
    }
  });
  draw = () => {
    const report = stage.preflight;
    if (!report || report.show_id !== show_id) return;
    const red = report.checks.filter(({ level }) => level === "red").length;
    const amber = report.checks.filter(({ level }) => level === "amber").length;
    fill(summary, ...words(red, amber));
    // the worst first, each where it was among its equals
    const order = ["red", "amber", "green"];
    const sorted = [...report.checks].sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
    keep(
      list,
      sorted,
      ({ name }) => name,
      () => h("li"),
      update,
    ); // what has the focus keeps it
    override.hidden = red === 0;
    reason.required = red > 0;
  };
  draw();
  if (stage.preflight?.speed === null && !measure.hidden && stage.ear) measure.click(); // asked for anyway, some seconds
  try {
    await openDialog({
      title: t("开播检查"),
      wide: true,
      body: [summary, override, list, h("div", {}, measure)],
      submit: t("开播"),
      sign: "radio",
      run: () => api.post(`/shows/${show_id}/live`, override.hidden ? {} : { override: reason.value.trim() }),
    });
  } finally {
    draw = null;
  }
}

/**
 * @param {number} red
 * @param {number} amber
 */
function words(red, amber) {
  if (red) return [icon("triangle-alert"), t("{n} 项不过，先处理再开播。", { n: red })];
  if (amber) return [icon("circle-help"), t("可以开播，{n} 项还不确定。", { n: amber })];
  return [icon("circle-check"), t("都好了，可以开播。")];
}

/**
 * @param {HTMLElement} row
 * @param {Check} check
 */
function update(row, check) {
  const { name, level, lines } = check;
  const english = language() === "en";
  if (isDrawn(row, check, stage.obs?.state)) return;
  Object.assign(row.dataset, { level, check: name });
  fill(
    row,
    state(level),
    h("strong", {}, title(name)),
    h("ul", {}, ...lines.map((line) => h("li", { "data-level": line.level }, english ? line.en : line.zh))),
    h("div", { class: "tools" }, ...remedies(check)),
  );
}

/** @param {Level} level */
function state(level) {
  if (level === "red") return badge("bad", "x", t("不过"));
  return level === "amber" ? badge("warn", "circle-help", t("注意")) : badge("good", "check", t("好了"));
}

/** @param {string} name */
function title(name) {
  const titles = /** @type {Record<string, string>} */ ({
    obs: "OBS",
    overlays: t("叠加画面"),
    sound: t("声音"),
    model: t("语音识别"),
    disk: t("磁盘"),
    labels: t("标签项"),
    cold_chain: t("冷链记录"),
    stock: t("库存盘点"),
    prices: t("价格依据"),
    script: t("稿子"),
  });
  return titles[name] ?? name;
}
