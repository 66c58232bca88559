// @ts-check
/** One-click set-up of OBS: first what it would do, then doing it, and taking it back. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { openDialog } from "../ui/dialog.js";
import { h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/**
 * @typedef {object} Setup
 * @property {"portrait" | "landscape"} orientation
 * @property {number} width
 * @property {number} height
 * @property {boolean} fits the canvas has the overlays' own size
 * @property {boolean} browser this OBS has browser sources
 * @property {boolean} undoable
 * @property {{scene: string | null, source: string | null, zh: string, en: string}[]} changes
 * @property {string[]} kept scenes that an undo left
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
  const done = !plan.changes.length;
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
      done
        ? h("p", {}, icon("check"), t("都已就位，没有要改的。"))
        : h("p", {}, t("会新建或改正下面这些；名字以“邻里·”开头，你自己的场景和来源不会动：")),
      done
        ? null
        : h(
            "ol",
            { class: "obs-changes" },
            ...plan.changes.map((change) => h("li", {}, language() === "en" ? change.en : change.zh)),
          ),
      plan.undoable ? undo : null,
    ],
    submit: done ? undefined : t("开始布置"),
    sign: "wand-sparkles",
    run: async () => {
      await api.post("/obs/setup");
      toast(t("OBS 已布置好。把摄像头加进“邻里·机位”，其他场景都会用上它。"));
    },
  });
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
      "这个 OBS 没有“浏览器”来源，叠加画面放不进去。请安装官方版 OBS；或者用色键：在浏览器全屏打开叠加画面地址加 &background=%2300b140，在 OBS 里加“窗口采集”，再给它加“色度键”滤镜。",
    ),
  );
}

/** @param {HTMLElement} button */
async function takeBack(button) {
  await act(button, async () => {
    /** @type {Setup} */
    const after = await api.post("/obs/setup/undo");
    button.closest("dialog")?.close();
    toast(
      after.kept.length
        ? t("已撤销；你往里加过东西的场景留着：{scenes}", { scenes: after.kept.join("、") })
        : t("已撤销，OBS 和布置前一样。"),
    );
  });
}
