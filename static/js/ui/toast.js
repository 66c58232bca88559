// @ts-check
import { t } from "../i18n.js";
import { byId, h, icon } from "./element.js";

// long enough to read a line, short enough not to cover the next order's button
const SHOWN_MS = 3000;
const PROBLEM_SHOWN_MS = 10_000;

/**
 * A passing note in the corner; problems stay longer and are read out at once.
 * @param {string} text
 * @param {"good" | "bad"} [kind]
 */
export function toast(text, kind = "good") {
  const tray = byId("toasts");
  const element = h(
    "div",
    { class: `toast ${kind}`, role: kind === "bad" ? "alert" : null },
    icon(kind === "bad" ? "circle-alert" : "circle-check"),
    h("p", {}, text),
    h(
      "button",
      { class: "button quiet square", type: "button", "aria-label": t("关闭"), onclick: () => drop() },
      icon("x"),
    ),
  );
  const timer = setTimeout(() => drop(), kind === "bad" ? PROBLEM_SHOWN_MS : SHOWN_MS);
  const drop = () => {
    clearTimeout(timer);
    element.remove();
    if (!tray.childElementCount && tray.matches(":popover-open")) tray.hidePopover();
  };
  for (const old of tray.children) if (old.querySelector("p")?.textContent === text) old.remove();
  tray.append(element);
  // opening again puts the tray above a dialog that opened since
  if (tray.matches(":popover-open")) tray.hidePopover();
  tray.showPopover();
}
