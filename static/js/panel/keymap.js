// @ts-check
/** The keyboard map: the one source of what keys do, of the hints on buttons, of the list of keys and of the docs. */

import { t } from "../i18n.js";

/**
 * Chords as in `aria-keyshortcuts`; `1…9` stands for nine of them. `where`: only while an item of the rundown has the
 * focus, and there before all others. Keys of the left hand come first: the right one may hold a product.
 *
 * @typedef {{id: string, keys: readonly string[], where?: "rundown", words: () => string}} Shortcut
 */

export const SHORTCUTS = /** @type {const} @satisfies {readonly Shortcut[]} */ ([
  { id: "next", keys: ["Space", "ArrowRight"], words: () => t("下一个上屏，有备好的先上备好的") },
  { id: "previous", keys: ["Q", "ArrowLeft"], words: () => t("前一个再上屏") },
  { id: "take", keys: ["1…9"], words: () => t("第 1 到 9 项上屏") },
  { id: "standby", keys: ["Shift+1…9"], words: () => t("第 1 到 9 项备好，再按一次取消") },
  { id: "select", keys: ["ArrowUp", "ArrowDown"], words: () => t("在流程里上下选") },
  { id: "ready", keys: ["Enter"], where: "rundown", words: () => t("流程里选中的一项备好，再按一次取消") },
  { id: "move", keys: ["Alt+ArrowUp", "Alt+ArrowDown"], where: "rundown", words: () => t("流程里选中的一项换顺序") },
  { id: "undo", keys: ["Z", "Control+Z", "Meta+Z"], words: () => t("撤销上一步：上屏、备好、跳过或隐藏") },
  { id: "cue", keys: ["F", "Enter"], words: () => t("主播讲到的商品上屏") },
  { id: "dismiss", keys: ["X"], words: () => t("主播讲到的商品先不上屏") },
  { id: "pause", keys: ["A", "P"], words: () => t("感谢播报暂停或继续") },
  { id: "skip", keys: ["D", "K"], words: () => t("跳过正在播的感谢，没有在播的就撤下下一条") },
  { id: "replay", keys: ["Shift+D"], words: () => t("最近一条感谢再播一次") },
  { id: "restore", keys: ["U"], words: () => t("撤销跳过（10 秒内）") },
  { id: "question", keys: ["E"], words: () => t("问的人最多的提问上屏，或把屏幕上的撤下") },
  { id: "answer", keys: ["Shift+E"], words: () => t("回答屏幕上的提问") },
  { id: "poll", keys: ["T"], words: () => t("开始准备好的投票，或结束正在投的") },
  { id: "mute", keys: ["W", "M"], words: () => t("麦克风静音或打开") },
  { id: "record", keys: ["R"], words: () => t("开始或停止录制") },
  { id: "stream", keys: ["Shift+B"], words: () => t("开始或停止推流，先问一次") },
  { id: "save", keys: ["G"], words: () => t("回放缓存：存下刚才一段") },
  { id: "captions", keys: ["C"], words: () => t("字幕放上画面或撤下") },
  { id: "mark", keys: ["V"], words: () => t("标记刚才这句，留作亮点") },
  { id: "note", keys: ["Shift+V"], words: () => t("给最近的标记写备注") },
  { id: "scenes", keys: ["S"], words: () => t("选 OBS 场景（方向键移动，回车切换）") },
  { id: "close", keys: ["Escape"], words: () => t("关闭窗口") },
  { id: "help", keys: ["?", "H"], words: () => t("这张表") },
]);

/** @typedef {typeof SHORTCUTS[number]["id"]} ShortcutId */

/** @type {Record<string, string>} */
const ARROWS = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
const CAPS = new Set(["Shift", "Control", "Alt", "Meta"]);

/** How a chord is written on a key cap. @param {string} chord */
export function capOf(chord) {
  return chord
    .split("+")
    .map((part) => {
      if (part === "Space") return t("空格");
      if (part === "Control") return "Ctrl";
      if (part === "Meta") return "⌘";
      if (part === "Shift") return "⇧";
      if (part === "Escape") return "Esc";
      return ARROWS[part] ?? part;
    })
    .join(" ");
}

/** The keys of a shortcut, first the one to show on its button. @param {ShortcutId} id @returns {readonly string[]} */
export function keysOf(id) {
  return /** @type {Shortcut} */ (SHORTCUTS.find((each) => each.id === id)).keys;
}

/** One chord for `1…9` nine. @param {string} chord @returns {string[]} */
function each(chord) {
  if (!chord.endsWith("1…9")) return [chord];
  const before = chord.slice(0, -3);
  return Array.from({ length: 9 }, (_, index) => `${before}${index + 1}`);
}

/** @type {Record<"page" | "rundown", Map<string, ShortcutId>>} */
const MAPS = { page: new Map(), rundown: new Map() };
for (const { id, keys, ...rest } of SHORTCUTS) {
  const map = MAPS["where" in rest ? rest.where : "page"];
  for (const chord of keys.flatMap(each)) {
    if (map.has(chord)) throw new Error(`${chord} is two shortcuts: ${map.get(chord)}, ${id}`);
    map.set(chord, id);
  }
}

/**
 * What a chord does at a place.
 * @param {string} chord
 * @param {boolean} in_rundown whether an item of the rundown has the focus
 */
export function shortcutOf(chord, in_rundown) {
  return (in_rundown ? MAPS.rundown.get(chord) : undefined) ?? MAPS.page.get(chord);
}

/**
 * The chord of a key press, whatever a Chinese input method makes of the key: full-width forms count as the plain
 * ones, and where it keeps the key for itself its place on the keyboard tells.
 * @param {KeyboardEvent} event
 */
export function chordOf(event) {
  const key = plainKey(event);
  const held = [
    event.ctrlKey && "Control",
    event.altKey && "Alt",
    event.metaKey && "Meta",
    event.shiftKey && (key.length > 1 || /[A-Z0-9]/.test(key)) && "Shift",
  ];
  return CAPS.has(key) ? "" : [...held.filter(Boolean), key].join("+");
}

/** @param {KeyboardEvent} event */
function plainKey({ key, code, shiftKey }) {
  const plain = key.normalize("NFKC");
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit && shiftKey) return digit;
  const known = plain.length > 1 ? plain !== "Process" && plain !== "Unidentified" : /[ -~]/.test(plain);
  if (known) return plain === " " ? "Space" : plain.length === 1 ? plain.toUpperCase() : plain;
  if (code === "Slash") return shiftKey ? "?" : "/";
  return digit ?? /^Key([A-Z])$/.exec(code)?.[1] ?? code;
}
