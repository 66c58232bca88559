// @ts-check
/** OBS's browser sources that show our overlays: how each one is, and another try for those that were given up. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { h, icon } from "../ui/element.js";
import { openSetup } from "./obs_setup.js";
import { may, stage } from "./stage.js";

/** @typedef {"alive" | "resting" | "waiting" | "refreshed" | "swapped" | "lost" | "outdated"} SourceState */

/** How many sources nothing helps. */
export function blankSources() {
  return (stage.overlay_sources ?? []).filter(({ state }) => state === "lost" || state === "outdated").length;
}

/** The sources as a list, with what a host can do; null without any. */
export function sourceList() {
  const sources = stage.overlay_sources ?? [];
  if (!sources.length) return null;
  return h(
    "div",
    {},
    h("h3", {}, t("OBS 里的叠加画面来源")),
    h("ul", {}, ...sources.map(row)),
    blankSources() && may("producer") ? h("div", { class: "row" }, retryButton(), setupButton()) : null,
  );
}

/** @param {{source: string, state: SourceState}} source */
function row({ source, state }) {
  const [sign, word] = look(state);
  return h("li", { class: "row" }, icon(sign), h("bdi", { class: "grow clip" }, source), word);
}

/** @param {SourceState} state @returns {[string, string]} */
function look(state) {
  switch (state) {
    case "alive":
      return ["check", t("正常")];
    case "resting":
      return ["eye-off", t("没有显示，网页已休息")];
    case "waiting":
      return ["loader", t("没有画面，稍等")];
    case "refreshed":
      return ["refresh-cw", t("没有画面，已刷新")];
    case "swapped":
      return ["refresh-cw", t("没有画面，已换过网址")];
    case "outdated":
      return ["triangle-alert", t("网址里是旧口令")];
    default:
      return ["triangle-alert", t("一直空白，要看一下")];
  }
}

function retryButton() {
  const button = h("button", { class: "button", type: "button" }, icon("refresh-cw"), t("再试一次"));
  button.addEventListener("click", () => void act(button, () => api.post("/obs/overlays/retry")));
  return button;
}

function setupButton() {
  const button = h("button", { class: "button", type: "button" }, icon("wand-sparkles"), t("布置 OBS"));
  button.addEventListener("click", () => {
    button.closest("dialog")?.close();
    void openSetup();
  });
  return button;
}
