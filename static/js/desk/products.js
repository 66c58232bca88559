// @ts-check
/** Products and pickup points as the API has them now; read once a page, the stock whenever it is asked for. */

import { api } from "../api.js";

/** @typedef {{sku: string, name: string, unit: string, price_fen: number, price_per_kg_fen: number | null}} Product */
/** @typedef {{id: number, name: string, active: boolean}} Point */

/** @type {Promise<Product[]> | undefined} */
let products;

/** @returns {Promise<Product[]>} */
export function readProducts() {
  products ??= api.get("/products").then(
    (answer) => answer.products,
    (error) => {
      products = undefined;
      throw error;
    },
  );
  return /** @type {Promise<Product[]>} */ (products);
}

/** The catalogue changed: read it again when it is needed. */
export function forgetProducts() {
  products = undefined;
}

/** Units that can still be sold, by SKU. @returns {Promise<Record<string, number>>} */
export async function readAvailable() {
  /** @type {{items: Record<string, {available: number}>}} */
  const { items } = await api.get("/stock");
  return Object.fromEntries(Object.entries(items).map(([sku, count]) => [sku, count.available]));
}

/** @returns {Promise<Point[]>} */
export async function readPoints() {
  return (await api.get("/pickup-points")).points;
}
