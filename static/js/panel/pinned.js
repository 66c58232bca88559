// @ts-check
/** Rows that stay in sight wherever the rundown is scrolled, however low its box: the item on air, the one made ready. */

import { byId } from "../ui/element.js";

const GAP = 4; // between two rows, as in panel-parts.css
const sizes = new ResizeObserver(place);

/**
 * Keeps these rows of the rundown in sight, and no others.
 * @param {readonly Element[]} rows
 */
export function pin(rows) {
  for (const row of pinned())
    if (!rows.includes(row)) {
      row.classList.remove("pinned");
      sizes.unobserve(row);
    }
  for (const row of rows) {
    row.classList.add("pinned");
    sizes.observe(row);
  }
  place();
}

/**
 * Scrolls the list, and only the list: on a phone the page must stay where the host's thumb left it. A pinned row
 * brings its neighbours into sight, too.
 * @param {HTMLElement} row
 */
export function bringIntoList(row) {
  const list = byId("rundown");
  list.classList.add("unpinned");
  const { top, bottom } = row.getBoundingClientRect();
  list.classList.remove("unpinned");
  const room = list.getBoundingClientRect();
  const before = pinned().filter((each) => each.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
  const after = pinned().filter((each) => each.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_PRECEDING);
  const above = top - room.top - heightOf(before);
  const below = bottom - room.bottom + heightOf(after);
  if (above < 0) list.scrollTop += above;
  else if (below > 0) list.scrollTop += Math.min(below, above);
}

function pinned() {
  return /** @type {HTMLElement[]} */ ([...byId("rundown").querySelectorAll(".pinned")]);
}

/** @param {HTMLElement[]} rows */
function heightOf(rows) {
  return rows.reduce((sum, row) => sum + row.offsetHeight + GAP, 0);
}

/** Two rows at the same edge stand one beside the other. */
function place() {
  const rows = pinned();
  for (const [index, row] of rows.entries()) {
    row.style.top = `${heightOf(rows.slice(0, index))}px`;
    row.style.bottom = `${heightOf(rows.slice(index + 1))}px`;
  }
}
