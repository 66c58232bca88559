// @ts-check
/** Tabs after the WAI-ARIA pattern; the selection follows the focus. */

import { byId } from "./element.js";

/**
 * Wires a tab list; each tab names its pane by aria-controls.
 * @param {HTMLElement} list
 */
export function wireTabs(list) {
  for (const tab of tabsOf(list)) tab.addEventListener("click", () => selectTab(tab));
  list.addEventListener("keydown", (event) => {
    const shown = tabsOf(list);
    const here = shown.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = shown[(there + shown.length) % shown.length];
    if (tab) selectTab(tab);
    tab?.focus();
  });
}

/**
 * Shows a tab's pane and hides those of its neighbours.
 * @param {HTMLElement} chosen
 */
export function selectTab(chosen) {
  const list = /** @type {HTMLElement} */ (chosen.closest('[role="tablist"]'));
  for (const tab of tabsOf(list)) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls") ?? "").hidden = !on;
  }
}

/**
 * The number on a tab; `alert` when somebody should look.
 * @param {string} name
 * @param {number} value
 * @param {boolean} [alert]
 */
export function count(name, value, alert = false) {
  const bubble = byId(`tab-${name}`).querySelector("b");
  if (!bubble) return;
  bubble.hidden = !value;
  bubble.textContent = String(value);
  bubble.toggleAttribute("data-alert", alert);
}

/**
 * The tabs that are shown.
 * @param {HTMLElement} list
 */
export function tabsOf(list) {
  return /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]:not([hidden])')]);
}
