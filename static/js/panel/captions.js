// @ts-check
/** Captions on screen or not: the switch in the strip of what is heard. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, icon } from "../ui/element.js";
import { hint, titled } from "./key_hints.js";
import { stage, watch } from "./stage.js";

const button = byId("captions");

/** Draws and wires the switch. */
export function startCaptions() {
  hint(button, "captions");
  button.addEventListener("click", toggleCaptions);
  watch(["captions", "show"], render);
  render();
}

/** Captions go off the screen, or on it again. */
export async function toggleCaptions() {
  if (stage.show) await act(button, () => api.put("/board/captions", { shown: stage.captions === "off" }));
}

function render() {
  const shown = stage.captions !== "off";
  const words = shown ? t("字幕在画面上，点一下撤下") : t("字幕不在画面上，点一下放上");
  button.hidden = !stage.show;
  button.setAttribute("aria-pressed", String(shown));
  button.setAttribute("aria-label", words);
  button.title = titled(words, "captions");
  fill(button, icon(shown ? "captions" : "captions-off"));
}
