// @ts-check
/** One button, and Ctrl or Cmd with Z, takes the last take, skip or hidden question back; it says which. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, write } from "../ui/element.js";
import { may, stage, watch } from "./stage.js";

const button = byId("undo");

/** Draws and wires the button. */
export function startUndo() {
  button.addEventListener("click", undoLast);
  watch(["undo"], render);
  render();
}

/** Takes back what the button names; nothing while it names nothing. */
export function undoLast() {
  const step = stage.undo;
  if (step && !button.hidden) void act(button, () => api.post("/undo", { id: step.id }));
}

function render() {
  const step = stage.undo;
  button.hidden = !step || (step.kind === "take" && !may("producer"));
  if (!step) return;
  const words = {
    take: t("撤销：{what} 上屏", { what: step.what }),
    skip: t("撤销：跳过 {who}", { who: step.what }),
    hide: t("撤销：隐藏“{question}”", { question: step.what }),
  }[step.kind];
  write(/** @type {Element} */ (button.querySelector(".clip")), words);
  button.title = words;
}
