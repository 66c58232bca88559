// @ts-check
/** One button, and its key, takes the last take, standby, skip or hidden question back; it says which. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { titled } from "./key_hints.js";
import { may, stage, watch } from "./stage.js";

const OF_PRODUCERS = new Set(["take", "standby", "add"]);
const button = byId("undo");

/** Draws and wires the button. */
export function startUndo() {
  button.addEventListener("click", undoLast);
  watch(["undo"], render);
  render();
}

/** Takes back what the button names; while it names nothing, it says so. */
export function undoLast() {
  const step = stage.undo;
  if (step && !button.hidden) void act(button, () => api.post("/undo", { id: step.id }));
  else toast(t("没有可以撤销的操作"), "bad");
}

function render() {
  const step = stage.undo;
  button.hidden = !step || (OF_PRODUCERS.has(step.kind) && !may("producer"));
  if (!step) return;
  const words = {
    take: t("撤销：{what} 上屏", { what: step.what }),
    standby: step.what ? t("撤销：备好 {what}", { what: step.what }) : t("撤销：取消备好"),
    add: t("撤销：加上并备好 {what}", { what: step.what }),
    skip: t("撤销：跳过 {who}", { who: step.what }),
    hide: t("撤销：隐藏“{question}”", { question: step.what }),
  }[step.kind];
  write(/** @type {Element} */ (button.querySelector(".clip")), words);
  button.title = titled(words, "undo");
}
