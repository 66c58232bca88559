// @ts-check
/** One-click set-up of OBS: first what it would do, then doing it, and taking it back. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { ask, openDialog } from "../ui/dialog.js";
import { h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {{scene: string | null, source: string | null, zh: string, en: string}} Change */
/**
 * @typedef {object} Setup
 * @property {"portrait" | "landscape"} orientation
 * @property {number} width
 * @property {number} height
 * @property {boolean} fits the canvas has the overlays' own size
 * @property {boolean} browser this OBS has browser sources
 * @property {boolean} undoable
 * @property {{name: string, zh: string, en: string}[]} obstacles what has to be renamed first
 * @property {Change[]} changes
 * @property {string[]} kept scenes and sources that an undo left
 */

/** Shows what set-up would do now; nothing happens before the button is pressed. */
export async function openSetup() {
  /** @type {Setup} */
  let plan;
  try {
    plan = await api.get("/obs/setup");
  } catch (error) {
    toast(explain(error), "bad");
    return;
  }
  const barred = plan.obstacles.length > 0;
  const done = !plan.changes.length && !barred;
  const undo = h("button", { class: "button", type: "button" }, icon("undo-2"), t("撤销布置"));
  undo.addEventListener("click", () => void takeBack(undo));
  await openDialog({
    title: t("布置 OBS"),
    wide: true,
    body: [
      h(
        "p",
        {},
        plan.orientation === "portrait"
          ? t("竖屏画布 {size}。", { size: size(plan) })
          : t("横屏画布 {size}。", { size: size(plan) }),
        plan.fits
          ? ""
          : t("叠加画面会缩放到这个尺寸；最清楚的是 1080×1920 或 1920×1080（OBS 设置 → 视频 → 基础画布）。"),
      ),
      plan.browser ? null : h("div", { class: "problem" }, withoutBrowser()),
      ...plan.obstacles.map((each) => h("p", { class: "problem" }, icon("circle-alert"), inWords(each))),
      done ? h("p", {}, icon("check"), t("都已就位，没有要改的。")) : null,
      ...(plan.changes.length ? changeList(plan.changes) : []),
      plan.undoable ? undo : null,
    ],
    submit: plan.changes.length ? t("开始布置") : undefined,
    sign: "wand-sparkles",
    run: async () => {
      await api.post("/obs/setup");
      toast(t("OBS 已布置好。把摄像头加进“邻里·机位”，其他场景都会用上它。"));
    },
  });
}

/** @param {Change[]} changes */
function changeList(changes) {
  /** @type {Map<string, Change[]>} */
  const rows = new Map();
  for (const change of changes) {
    const scene = change.scene ?? t("各处");
    rows.set(scene, [...(rows.get(scene) ?? []), change]);
  }
  const comma = language() === "en" ? ", " : "，";
  return [
    h("p", {}, t("会新建或改正下面这些；名字以“邻里·”开头，你自己的场景和来源不会动：")),
    h(
      "ul",
      { class: "obs-changes" },
      ...[...rows].map(([scene, inside]) =>
        h("li", {}, h("b", {}, scene), h("span", {}, inside.map(inWords).join(comma))),
      ),
    ),
  ];
}

/** @param {{zh: string, en: string}} told */
function inWords(told) {
  return language() === "en" ? told.en : told.zh;
}

/** @param {Setup} plan */
function size({ width, height }) {
  return `${width}×${height}`;
}

/** What to do with an OBS that cannot show web pages. */
function withoutBrowser() {
  return h(
    "p",
    {},
    t(
      "这个 OBS 没有“浏览器”来源，叠加画面放不进去。请安装官方版 OBS；或者用色键：在浏览器全屏打开叠加画面地址加 &background=%23ff00ff，在 OBS 里加“窗口采集”，再给它加“色度键”滤镜，颜色选品红。",
    ),
  );
}

/** Asks once, then takes the set-up back. @param {HTMLElement} button */
function takeBack(button) {
  return ask({
    title: t("撤销布置？"),
    text: t("布置时新建的场景和来源会删掉，改过的位置、显示、次序和设置恢复成布置前的样子；你自己在用的留着。"),
    submit: t("撤销布置"),
    sign: "undo-2",
    run: async () => {
      /** @type {Setup} */
      const after = await api.post("/obs/setup/undo");
      button.closest("dialog")?.close();
      toast(
        after.kept.length
          ? t("已撤销；这些你自己在用，留着：{names}", { names: after.kept.join("、") })
          : t("已撤销，OBS 和布置前一样。"),
      );
    },
  });
}
