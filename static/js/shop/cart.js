// @ts-check
/** The basket: kept in this tab, so that a reload or a closed WeChat page loses nothing that was chosen. */

const KEY = "linli.cart";

/** @typedef {Map<string, number>} Cart SKU → units, in the order they were chosen */

/** @type {Array<() => void>} */
const listeners = [];
/** @type {Cart} */
const cart = new Map(read());

/** @returns {Cart} */
export function chosen() {
  return cart;
}

/**
 * @param {string} sku
 * @param {number} quantity 0 takes it out
 */
export function choose(sku, quantity) {
  if (quantity > 0) cart.set(sku, quantity);
  else cart.delete(sku);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...cart]));
  } catch {
    // private mode: the basket lives as long as the page
  }
  for (const listener of listeners) listener();
}

export function empty() {
  for (const sku of [...cart.keys()]) choose(sku, 0);
}

/** @param {() => void} listener called after every change */
export function onChange(listener) {
  listeners.push(listener);
}

/** @returns {Array<[string, number]>} */
function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return kept.filter((/** @type {any} */ pair) => typeof pair?.[0] === "string" && Number.isInteger(pair[1]));
  } catch {
    return [];
  }
}
