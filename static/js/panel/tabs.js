// @ts-check
/** Tabs of the log (WAI-ARIA pattern, selection follows focus) and the phone's areas. */

import { byId } from "./element.js";

const WIDE = "(min-width: 1680px) and (min-height: 580px)";
const ASIDE = ["orders", "heard"];

/** Wires both. */
export function startTabs() {
  const list = byId("tabs");
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="tab"]')]);
  for (const tab of tabs) tab.addEventListener("click", () => select(tab, tabs));
  list.addEventListener("keydown", (event) => {
    const shown = tabs.filter((tab) => !tab.hidden);
    const here = shown.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = shown[(there + shown.length) % shown.length];
    if (tab) select(tab, tabs);
    tab?.focus();
  });
  const wide = matchMedia(WIDE);
  wide.addEventListener("change", () => spread(wide.matches, tabs));
  spread(wide.matches, tabs);
  byId("views").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.view) showView(button.dataset.view);
  });
}

/**
 * On a wide desk orders and transcript leave their tabs and stand beside the others all the time.
 * @param {boolean} wide
 * @param {HTMLElement[]} tabs
 */
function spread(wide, tabs) {
  const log = byId("tabs").parentElement;
  for (const name of ASIDE) {
    const pane = byId(`pane-${name}`);
    byId(`tab-${name}`).hidden = wide;
    byId(`${name}-aside`).hidden = !wide;
    (wide ? byId(`${name}-aside`) : log)?.append(pane);
    pane.hidden = !wide;
    // outside its tab list a pane is no tab panel
    pane.setAttribute("role", wide ? "group" : "tabpanel");
  }
  const chosen = tabs.find((tab) => tab.getAttribute("aria-selected") === "true" && !tab.hidden) ?? tabs[0];
  if (chosen) select(chosen, tabs);
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
  for (const tab of tabs.filter((each) => !each.hidden)) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls") ?? "").hidden = !on;
  }
}
