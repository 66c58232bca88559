// @ts-check
/** Keyboard: what the map says, never while typing, in a dialog, or where the key already means something. */

import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { h } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { showView } from "./areas.js";
import { toggleCaptions } from "./captions.js";
import { cueWaits, dismissCue, takeCue } from "./cue.js";
import { fillHints } from "./key_hints.js";
import { capOf, chordOf, SHORTCUTS, shortcutOf } from "./keymap.js";
import { markLast, writeOnLast } from "./marks.js";
import { saveReplay, toggleStream } from "./obs_outputs.js";
import { togglePoll } from "./polls.js";
import { answerOnScreen, toggleQuestion } from "./questions.js";
import { readyFocused, readyNumber, select, takeNext, takeNumber, takePrevious } from "./rundown.js";
import { focusScenes, toggleMicrophone, toggleRecording } from "./scenes.js";
import { replayLast, skipFirst, togglePause, undoSkip } from "./shoutouts.js";
import { undoLast } from "./undo.js";

/** @typedef {import("./keymap.js").ShortcutId} ShortcutId */

const OWN_MEANING = 'input, select, textarea, [contenteditable], [role="tab"], dialog, [popover]:popover-open';
const OWN_ARROWS = ".scroll:not(.rundown-list)";
const ACTIVATED_BY_SPACE = "button:not(.item), a, summary, .scroll:not(.rundown-list)";
const ACTIVATED_BY_ENTER = "button, a, summary";
const OFF = "linli.single-keys-off";

/**
 * What each shortcut does; undefined leaves the key alone.
 * @type {Record<ShortcutId, (chord: string) => unknown>}
 */
const ACTIONS = {
  next: takeNext,
  previous: takePrevious,
  take: (chord) => takeNumber(digit(chord)),
  standby: (chord) => readyNumber(digit(chord)),
  select: (chord) => select(chord === "ArrowUp" ? -1 : 1),
  ready: readyFocused,
  move: () => undefined, // reorder.js: the list itself listens, its handles too
  undo: undoLast,
  cue: takeCue,
  dismiss: dismissCue,
  pause: togglePause,
  skip: skipFirst,
  replay: replayLast,
  restore: undoSkip,
  question: toggleQuestion,
  answer: answerOnScreen,
  poll: togglePoll,
  mute: toggleMicrophone,
  record: toggleRecording,
  stream: toggleStream,
  save: saveReplay,
  captions: toggleCaptions,
  mark: markLast,
  note: writeOnLast,
  scenes: () => {
    showView("scenes");
    focusScenes();
  },
  close: () => undefined, // the browser's own
  help: openKeys,
};
/** @type {ReadonlySet<ShortcutId>} */
const LEFT_TO_OTHERS = new Set(["move", "close"]);

/** Listens on the page. */
export function startKeys() {
  fillHints(document);
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.isComposing) return;
    if (target.closest(OWN_MEANING) || document.querySelector("dialog[open]")) return;
    const chord = chordOf(event);
    const id = shortcutOf(chord, target.matches(".item"));
    if (!id || LEFT_TO_OTHERS.has(id) || !applies(id, chord, target)) return;
    event.preventDefault(); // of a key that is held, too: the page must not scroll away
    if (!event.repeat || id === "select") void ACTIONS[id](chord);
  });
  leaveAfterMouse();
}

/** After a click or tap, and after the mouse set something, the keys are the show's; keyboard users keep their place. */
function leaveAfterMouse() {
  let by_mouse = false;
  document.addEventListener("pointerdown", () => (by_mouse = true), { capture: true });
  document.addEventListener("keydown", () => (by_mouse = false), { capture: true });
  for (const [type, left] of Object.entries({ click: "button, .scroll", change: "select, input[type=range]" }))
    document.addEventListener(type, () => {
      const focused = document.activeElement;
      if (by_mouse && focused instanceof HTMLElement && focused.matches(left) && !focused.closest("dialog, [popover]"))
        focused.blur();
    });
}

/**
 * @param {ShortcutId} id
 * @param {string} chord
 * @param {Element} target
 */
function applies(id, chord, target) {
  if ((id === "cue" || id === "dismiss") && !cueWaits()) return false;
  if (chord === "Space") return !target.closest(ACTIVATED_BY_SPACE);
  if (chord === "Enter") return id === "ready" || !target.closest(ACTIVATED_BY_ENTER);
  if (chord.startsWith("Arrow")) return !target.closest(OWN_ARROWS);
  return chord.includes("Control+") || chord.includes("Meta+") || id === "help" || localStorage.getItem(OFF) === null;
}

/** @param {string} chord */
function digit(chord) {
  return Number(chord.at(-1));
}

/** The list of keys. */
export function openKeys() {
  const single = h("input", { type: "checkbox", checked: localStorage.getItem(OFF) === null });
  single.addEventListener("change", () => {
    if (single.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    toast(single.checked ? t("字母和数字键可用") : t("字母和数字键已关，空格、方向键和 Ctrl Z 照常"));
  });
  return openDialog({
    title: t("快捷键"),
    wide: true,
    body: [
      h(
        "dl",
        { class: "keys" },
        ...SHORTCUTS.map(({ keys, words }) =>
          h(
            "div",
            {},
            h("dt", {}, ...keys.flatMap((chord) => [h("kbd", {}, capOf(chord)), " "])),
            h("dd", {}, words()),
          ),
        ),
      ),
      h("label", { class: "choice" }, single, h("span", {}, t("字母和数字键可用（读屏软件占用这些键时可以关掉）"))),
      h("p", { class: "soft small" }, t("正在输入文字时，快捷键不起作用；用中文输入法时照样可用。")),
    ],
  });
}
