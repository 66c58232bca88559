// @ts-check
/** An order as the server has just answered it: whoever shows it hears of it here, before the topic says so. */

/** @type {((order: import("./order.js").Order) => void)[]} */
const listeners = [];

/** @param {(order: import("./order.js").Order) => void} listener */
export function onOrder(listener) {
  listeners.push(listener);
}

/**
 * @template {import("./order.js").Order} T
 * @param {T} order
 * @returns {T}
 */
export function tellOrder(order) {
  for (const listener of listeners) listener(order);
  return order;
}
