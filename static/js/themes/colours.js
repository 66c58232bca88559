// @ts-check
/** The colours of a theme, their names for people, and which must be readable on which. */
import { t } from "../i18n.js";

/** The studio's own (tokens.css). @type {Record<string, string>} */
export const OWN = {
  "--card": "#fffdf8",
  "--ink": "#23201b",
  "--ink-soft": "#5d564b",
  "--leaf": "#2f7d4f",
  "--leaf-soft": "#e3f0e6",
  "--persimmon": "#e2612b",
  "--persimmon-ink": "#bf4413",
  "--persimmon-soft": "#fce8de",
  "--mist": "#e9e2d4",
  "--plate-solid": "#23201b",
  "--on-plate": "#fffdf8",
};
export const OWN_RADIUS_PX = 20;

/** @returns {Record<string, string>} */
export function colourNames() {
  return {
    "--card": t("卡片底色"),
    "--ink": t("文字"),
    "--ink-soft": t("次要文字"),
    "--leaf": t("证明、真实"),
    "--leaf-soft": t("证明的浅底"),
    "--persimmon": t("强调"),
    "--persimmon-ink": t("价格文字"),
    "--persimmon-soft": t("强调的浅底"),
    "--mist": t("空槽"),
    "--plate-solid": t("字幕底板"),
    "--on-plate": t("字幕文字"),
  };
}

/** Text on ground and the least contrast of WCAG AA; 3 where it is only ever large. @type {[string, string, number][]} */
export const PAIRS = [
  ["--ink", "--card", 4.5],
  ["--ink-soft", "--card", 4.5],
  ["--persimmon-ink", "--card", 4.5],
  ["--leaf", "--card", 4.5],
  ["--leaf", "--leaf-soft", 3],
  ["--persimmon-ink", "--persimmon-soft", 3],
  ["--ink", "--mist", 4.5],
  ["--on-plate", "--leaf", 4.5],
  ["--on-plate", "--plate-solid", 4.5],
];
