// @ts-check
/** Makes and keeps DOM elements. Text only ever goes in as text. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Props */

/**
 * An element with attributes, `on…` listeners and children; false and null are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/**
 * @param {string} name of a Lucide icon that icons.css knows
 */
export function icon(name) {
  return h("span", { class: `icon icon-${name}`, "aria-hidden": "true" });
}

/**
 * A state in icon and word.
 * @param {"" | "good" | "warn" | "bad" | "air"} kind
 * @param {string} sign icon name
 * @param {string} word
 */
export function badge(kind, sign, word) {
  return h("span", { class: `badge ${kind}` }, icon(sign), word);
}

/**
 * What a list says while it has nothing to show.
 * @param {string} sign icon name
 * @param {...Child} children
 */
export function empty(sign, ...children) {
  return h("div", { class: "empty", "data-key": "empty" }, icon(sign), h("p", {}, ...children));
}

/**
 * The element of the page's template with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * Writes text only where it differs, so that live regions stay quiet.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Replaces all children.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * Whether an element shows these facts already; whoever is told that it does not draws them now.
 * @param {HTMLElement} element
 * @param {...unknown} facts as JSON can hold them
 */
export function isDrawn(element, ...facts) {
  const drawn = JSON.stringify(facts);
  if (element.dataset.drawn === drawn) return true;
  element.dataset.drawn = drawn;
  return false;
}

/**
 * Makes `parent` show `items` in order and keeps the element of a key that stays, with its focus and scroll position.
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T, index: number) => string | number} key
 * @param {(item: T) => HTMLElement} make
 * @param {(element: HTMLElement, item: T, index: number) => void} update
 * @param {HTMLElement} [nothing] stands there while there are no items
 */
export function keep(parent, items, key, make, update, nothing) {
  if (!items.length && nothing) return parent.replaceChildren(nothing);
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  const wanted = new Set(items.map((item, index) => String(key(item, index))));
  for (const child of /** @type {HTMLElement[]} */ ([...parent.children])) {
    const name = child.dataset.key;
    if (name !== undefined && wanted.has(name)) known.set(name, child);
    else child.remove();
  }
  let place = parent.firstElementChild;
  for (const [index, item] of items.entries()) {
    const name = String(key(item, index));
    const element = known.get(name) ?? make(item);
    element.dataset.key = name;
    update(element, item, index);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/**
 * @param {Element} parent
 * @param {Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child === false || child == null) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}
