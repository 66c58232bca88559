// @ts-check
/** Finding the parts of a template, and texts that change only when they must. */
import { phrases } from "../format.js";

/**
 * The element marked `data-part="name"` below `root`; the template and the script belong together.
 *
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`the template has no part ${name}`);
  return found;
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLImageElement}
 */
export function image(root, name) {
  return /** @type {HTMLImageElement} */ (part(root, name));
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Text that may break between words only (with `word-break: keep-all`): 冷藏 is not torn apart at the end of a line.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function writeWords(element, text) {
  if (element.textContent === text) return;
  // none before the first: a word that fills the line would leave an empty one above it
  const pieces = phrases(text).flatMap((word, index) => (index ? [document.createElement("wbr"), word] : [word]));
  element.replaceChildren(...pieces);
}

const MOST_LINES = 4;

/**
 * Give every row of a list as many lines (`--lines`) as all of them find room for.
 *
 * @param {HTMLElement} list is on screen, and clips what it has no room for
 */
export function fitLines(list) {
  for (let lines = MOST_LINES; lines > 0; lines--) {
    list.style.setProperty("--lines", String(lines));
    if (list.scrollHeight <= list.clientHeight + 1) return;
  }
}
