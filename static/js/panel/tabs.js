// @ts-check
/** Tabs of the log (WAI-ARIA pattern, selection follows focus) and the phone's areas. */

import { byId } from "./element.js";

/** Wires both. */
export function startTabs() {
  const list = byId("tabs");
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
  for (const tab of tabs) tab.addEventListener("click", () => select(tab, tabs));
  list.addEventListener("keydown", (event) => {
    const here = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = tabs[(there + tabs.length) % tabs.length];
    if (tab) select(tab, tabs);
    tab?.focus();
  });
  byId("views").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.view) showView(button.dataset.view);
  });
}

/**
 * On a phone, shows one area; elsewhere all are on screen.
 * @param {string} view
 */
export function showView(view) {
  byId("deck").dataset.view = view;
  for (const button of byId("views").querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
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
 * @param {HTMLElement} chosen
 * @param {HTMLElement[]} tabs
 */
function select(chosen, tabs) {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls") ?? "").hidden = !on;
  }
}
