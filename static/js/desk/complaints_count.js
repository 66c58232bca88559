// @ts-check
/** How many complaints wait, on the navigation's bubbles of every page that has a socket. */

import { count } from "../ui/tabs.js";

/**
 * @param {readonly {state: string}[] | null} complaints the topic's value
 * @returns {number} how many are open
 */
export function followComplaints(complaints) {
  const open = (complaints ?? []).filter(({ state }) => state === "open").length;
  for (const bubble of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-open-complaints]"))) {
    bubble.hidden = !open;
    /** @type {Element} */ (bubble.firstElementChild).textContent = String(open);
  }
  if (document.getElementById("tab-complaints")) count("complaints", open, open > 0);
  return open;
}
