// @ts-check
/** The hints on buttons: key cap, tooltip and `aria-keyshortcuts`, all out of the keyboard map. */

import { h, write } from "../ui/element.js";
import { capOf, keysOf } from "./keymap.js";

/** @typedef {import("./keymap.js").ShortcutId} ShortcutId */

/** Fills in the hints of the page's template: `data-shortcut` names the shortcut. @param {ParentNode} root */
export function fillHints(root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-shortcut]"))) {
    const id = /** @type {ShortcutId} */ (element.dataset.shortcut);
    hint(element, id);
    const cap = element.querySelector("kbd");
    if (cap) write(cap, capFor(id));
    else element.title = titled(element.title, id);
  }
}

/**
 * Tells assistive technology the keys of a button.
 * @param {Element} element
 * @param {ShortcutId} id
 */
export function hint(element, id) {
  element.setAttribute("aria-keyshortcuts", keysOf(id).join(" "));
}

/** The key cap to stand on a button. @param {ShortcutId} id */
export function cap(id) {
  return h("kbd", { "aria-hidden": "true" }, capFor(id));
}

/** Words of a tooltip with the key. @param {string} words @param {ShortcutId} id */
export function titled(words, id) {
  return `${words} (${capFor(id)})`;
}

/** @param {ShortcutId} id */
function capFor(id) {
  return capOf(keysOf(id)[0] ?? "");
}
