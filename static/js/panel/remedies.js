// @ts-check
/** The buttons beside a check of 开播检查 that is not green: each opens what mends it. */

import { t } from "../i18n.js";
import { h, icon } from "../ui/element.js";
import { chooseCatalogue } from "./catalogue.js";
import { openEar, openModel, openObs, openOverlays } from "./connections.js";
import { openSetup } from "./obs_setup.js";
import { openRundown } from "./plan.js";
import { stage } from "./stage.js";

/** @typedef {[sign: string, word: string, open: () => unknown]} Remedy */

/**
 * @param {import("./preflight.js").Check} check
 * @returns {HTMLElement[]}
 */
export function remedies({ name, level }) {
  if (level === "green") return [];
  return remediesOf(name).map(([sign, word, open]) =>
    h("button", { class: "button", type: "button", onclick: () => void open() }, icon(sign), word),
  );
}

/** @param {string} name of a check @returns {Remedy[]} */
function remediesOf(name) {
  /** @type {Remedy} */
  const plan = ["pencil", t("编辑流程"), openRundown];
  switch (name) {
    case "obs":
      return stage.obs?.state === "connected"
        ? [["wand-sparkles", t("布置 OBS"), openSetup], plan]
        : [["plug", t("怎么连接"), openObs]];
    case "overlays":
      return [["layers", t("怎么打开"), openOverlays]];
    case "sound":
      return [["mic", t("麦克风与识别"), openEar]];
    case "model":
      return [["audio-lines", t("怎么办"), openModel]];
    case "labels":
      return [["upload", t("导入商品"), chooseCatalogue], plan];
    case "cold_chain":
    case "prices":
    case "script":
      return [plan];
    default:
      return []; // disk and stock are mended elsewhere; their lines say where
  }
}
