// @ts-check
/** A short menu below a button: choices of one action, or what is done seldom. Arrow keys move, Escape closes. */

import { h, icon } from "./element.js";

/** @typedef {{word: string, sign: string, grave?: boolean, run: () => unknown}} Choice */

const MARGIN = 8;

/**
 * @param {HTMLElement} button where the menu opens, and the focus returns
 * @param {readonly Choice[]} choices
 */
export function openMenu(button, choices) {
  const items = choices.map(({ word, sign, grave, run }) =>
    h(
      "button",
      {
        class: `button quiet ${grave ? "grave" : ""}`,
        type: "button",
        role: "menuitem",
        tabindex: -1,
        onclick: () => {
          menu.hidePopover();
          run();
        },
      },
      icon(sign),
      word,
    ),
  );
  const menu = h(
    "div",
    {
      class: "choices",
      role: "menu",
      popover: "auto",
      "aria-label": button.getAttribute("aria-label") ?? button.textContent,
    },
    ...items,
  );
  menu.addEventListener("keydown", (event) => move(event, items));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement)) button.focus();
    menu.remove();
  });
  // below a modal dialog everything else is dead: the menu belongs into the dialog then
  (button.closest("dialog") ?? button.closest("main") ?? document.body).append(menu);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "true");
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  items[0]?.focus();
}

/**
 * Below the button, or above it where there is no room.
 * @param {HTMLElement} menu
 * @param {DOMRect} anchor
 */
function place(menu, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = anchor.bottom + 4;
  const fits = below + height + MARGIN <= innerHeight;
  menu.style.top = `${Math.max(MARGIN, fits ? below : anchor.top - height - 4)}px`;
  menu.style.left = `${Math.max(MARGIN, Math.min(anchor.right - width, innerWidth - width - MARGIN))}px`;
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 */
function move(event, items) {
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const there = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  event.stopPropagation();
  if (there === undefined) return;
  event.preventDefault();
  items[(there + items.length) % items.length]?.focus();
}
