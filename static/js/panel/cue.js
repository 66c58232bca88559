// @ts-check
/** The host's voice cues the rundown: the suggestion with its one key, and the switch of the mode. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, write } from "../ui/element.js";
import { may, stage, watch } from "./stage.js";

const banner = byId("cue");
const mode = /** @type {HTMLSelectElement} */ (byId("cue-mode"));
/** @type {() => number} */
let now = Date.now;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

/** @param {() => number} clock the server's */
export function startCue(clock) {
  now = clock;
  watch(["cue"], render);
  watch(["show"], renderMode);
  byId("cue-take").addEventListener("click", takeCue);
  byId("cue-dismiss").addEventListener("click", dismissCue);
  mode.addEventListener("change", () => void switchMode());
  render();
  renderMode();
}

/** Puts the suggested item on air; nothing without a suggestion. */
export function takeCue() {
  const { cue, show } = stage;
  if (cue && show && !banner.hidden)
    void act(byId("cue-take"), () => api.post(`/shows/${show.id}/take`, { item_id: cue.item_id }));
}

/** Puts the suggestion away. */
export function dismissCue() {
  if (stage.cue && !banner.hidden) void act(byId("cue-dismiss"), () => api.post("/cue/dismiss"));
}

/** Whether a suggestion waits for its key. */
export function cueWaits() {
  return !banner.hidden;
}

async function switchMode() {
  const show = stage.show;
  if (show && !(await act(mode, () => api.put(`/shows/${show.id}/cue-mode`, { mode: mode.value })))) renderMode();
}

function renderMode() {
  const show = stage.show;
  byId("cue-mode-field").hidden = !show || show.status === "ended";
  mode.disabled = !may("producer");
  if (show && mode.getAttribute("aria-busy") !== "true") mode.value = show.cue_mode;
}

function render() {
  const cue = may("producer") ? stage.cue : null;
  banner.hidden = !cue;
  clearInterval(ticking);
  if (!cue) return;
  write(byId("cue-title"), t("主播讲到“{title}”，上屏吗？", { title: cue.title }));
  write(byId("cue-heard"), cue.heard);
  count();
  ticking = setInterval(count, 500);
}

function count() {
  const cue = stage.cue;
  if (!cue) return;
  const seconds = Math.max(0, Math.ceil(((cue.auto_ms ?? cue.until_ms) - now()) / 1000));
  write(
    byId("cue-left"),
    cue.auto_ms === null ? t("{n} 秒后收起", { n: seconds }) : t("{n} 秒后自动上屏", { n: seconds }),
  );
}
