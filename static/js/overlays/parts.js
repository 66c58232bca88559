// @ts-check
/** Finding the parts of a template, and texts that change only when they must. */
import { words } from "../format.js";

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
  const pieces = words(text).flatMap((word) => [document.createElement("wbr"), document.createTextNode(word)]);
  element.replaceChildren(...pieces);
}
