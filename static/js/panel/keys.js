// @ts-check
/** Keyboard: one key an action, never while typing, in a dialog, or where the key already means something. */

import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { showView } from "./areas.js";
import { cueWaits, dismissCue, takeCue } from "./cue.js";
import { takeNext, takeNumber } from "./rundown.js";
import { focusScenes, toggleMicrophone, toggleRecording } from "./scenes.js";
import { skipFirst, togglePause, undoSkip } from "./shoutouts.js";
import { undoLast } from "./undo.js";

const OWN_MEANING = 'input, select, textarea, [contenteditable], [role="tab"], dialog, [popover]:popover-open';
const ACTIVATED_BY_SPACE = "button, a, summary, .scroll";
const ACTIVATED_BY_ENTER = "button, a, summary";

/** Listens on the page. */
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if (target.closest(OWN_MEANING) || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "z" || event.shiftKey || event.repeat) return;
      event.preventDefault();
      undoLast();
      return;
    }
    if (event.key === " " && target.closest(ACTIVATED_BY_SPACE)) return;
    if (event.key === "Enter" && target.closest(ACTIVATED_BY_ENTER)) return;
    const run = event.repeat ? undefined : action(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  });
  // after a click or tap the space bar belongs to “next” again; keyboard users keep their place
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (event.detail > 0 && button && !button.closest("dialog, [popover]")) button.blur();
  });
}

/**
 * @param {string} key
 * @returns {(() => unknown) | undefined}
 */
function action(key) {
  if (key >= "1" && key <= "9") return () => takeNumber(Number(key));
  switch (key.toLowerCase()) {
    case " ":
    case "arrowright":
      return takeNext;
    case "enter":
      return cueWaits() ? takeCue : undefined;
    case "x":
      return cueWaits() ? dismissCue : undefined;
    case "s":
      return () => {
        showView("scenes");
        focusScenes();
      };
    case "m":
      return toggleMicrophone;
    case "r":
      return toggleRecording;
    case "p":
      return togglePause;
    case "k":
      return skipFirst;
    case "u":
      return undoSkip;
    case "?":
    case "？":
      return openKeys;
    default:
      return undefined;
  }
}

/** The list of keys. */
export function openKeys() {
  /** @type {[string[], string][]} */
  const rows = [
    [[t("空格"), "→"], t("下一个上屏")],
    [["1", "…", "9"], t("第 1 到 9 项上屏")],
    [["Enter"], t("主播讲到的商品上屏")],
    [["X"], t("主播讲到的商品先不上屏")],
    [["S"], t("选 OBS 场景（方向键移动，回车切换）")],
    [["M"], t("麦克风静音或打开")],
    [["R"], t("开始或停止录制")],
    [["P"], t("感谢播报暂停或继续")],
    [["K"], t("跳过正在播的感谢，没有在播的就撤下下一条")],
    [["U"], t("撤销跳过（10 秒内）")],
    [["Ctrl Z", "⌘ Z"], t("撤销上一步：上屏、跳过或隐藏")],
    [["Alt ↑", "Alt ↓"], t("流程里选中的一项换顺序")],
    [["Esc"], t("关闭窗口")],
    [["?"], t("这张表")],
  ];
  return openDialog({
    title: t("快捷键"),
    body: [
      h(
        "dl",
        { class: "keys" },
        ...rows.flatMap(([keys, words]) => [
          h("dt", {}, ...keys.flatMap((key) => [h("kbd", {}, key), " "])),
          h("dd", {}, words),
        ]),
      ),
      h("p", { class: "soft small" }, t("正在输入文字时，快捷键不起作用。")),
    ],
  });
}
