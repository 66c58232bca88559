// @ts-check
/** Areas of the control page: one at a time on a phone, panes out of their tabs on a wide desk. */

import { byId } from "../ui/element.js";
import { selectTab, tabsOf, wireTabs } from "../ui/tabs.js";

const WIDE = "(min-width: 1680px) and (min-height: 580px)";
const ASIDE = ["orders", "heard"];

/** Wires the log's tabs, the phone's buttons and the wide desk. */
export function startAreas() {
  wireTabs(byId("tabs"));
  const wide = matchMedia(WIDE);
  wide.addEventListener("change", () => spread(wide.matches));
  spread(wide.matches);
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
 * On a wide desk orders and transcript leave their tabs and stand beside the others all the time.
 * @param {boolean} wide
 */
function spread(wide) {
  const list = byId("tabs");
  for (const name of ASIDE) {
    const pane = byId(`pane-${name}`);
    byId(`tab-${name}`).hidden = wide;
    byId(`${name}-aside`).hidden = !wide;
    (wide ? byId(`${name}-aside`) : list.parentElement)?.append(pane);
    pane.hidden = !wide;
    // outside its tab list a pane is no tab panel
    pane.setAttribute("role", wide ? "group" : "tabpanel");
  }
  const shown = tabsOf(list);
  const chosen = shown.find((tab) => tab.getAttribute("aria-selected") === "true") ?? shown[0];
  if (chosen) selectTab(chosen);
}
