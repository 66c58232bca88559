// @ts-check
/** The list of products: the server draws the cards, this keeps stock, what is on air and the chosen quantities live. */
import { t } from "../i18n.js";
import { price } from "../money.js";
import { choose, chosen, onChange } from "./cart.js";
import { byId, toast, write } from "./page.js";

const MOST = 999;

/** @typedef {{sku: string, name: string, priceFen: number, available: number, cap: number, byWeight: boolean}} Product */

/**
 * @param {string} sku
 * @returns {HTMLElement | null}
 */
function card(sku) {
  return document.getElementById(`p-${sku}`);
}

/**
 * What the card says of a product, null when it is not on sale any more.
 * @param {string} sku
 * @returns {Product | null}
 */
export function product(sku) {
  const data = card(sku)?.dataset;
  if (!data) return null;
  return {
    sku,
    name: data.name ?? sku,
    priceFen: Number(data.price),
    available: Number(data.available),
    cap: data.cap ? Number(data.cap) : MOST,
    byWeight: data.byWeight !== undefined,
  };
}

/** @param {Product} item @returns {number} most units that can be chosen */
export function most(item) {
  return Math.min(MOST, item.cap, Math.max(0, item.available));
}

/**
 * @param {string} sku
 * @param {number} available
 */
export function setAvailable(sku, available) {
  const element = card(sku);
  const stock = element?.querySelector("[data-stock]");
  if (!element || !stock) return;
  element.dataset.available = String(available);
  write(stock, available > 0 ? t("还剩 {n} 份", { n: available }) : t("卖完了"));
  drawStepper(element);
}

/** @param {string | null} sku the product that the host talks about */
export function setOnAir(sku) {
  for (const element of document.querySelectorAll(".product"))
    element.toggleAttribute("data-on-air", element.id === `p-${sku}`);
}

/** Draws steppers and the bar anew, after the list came from the server. */
export function drawProducts() {
  for (const element of document.querySelectorAll(".product")) drawStepper(/** @type {HTMLElement} */ (element));
  drawBar();
}

/** @param {(sku: string) => void} wait what 候补 does */
export function startProducts(wait) {
  byId("shop").addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    const sku = button?.closest(".product")?.getAttribute("data-sku");
    if (!button || !sku) return;
    if (button.hasAttribute("data-wait")) wait(sku);
    else if (button.dataset.step) change(sku, Number(button.dataset.step));
  });
  onChange(drawProducts);
  drawProducts();
}

/**
 * @param {string} sku
 * @param {number} step
 */
export function change(sku, step) {
  const item = product(sku);
  if (!item) return choose(sku, 0);
  const quantity = (chosen().get(sku) ?? 0) + step;
  if (step > 0 && quantity > most(item)) {
    toast(item.cap < item.available ? t("每人限 {n} 份", { n: item.cap }) : t("只剩 {n} 份了", { n: item.available }));
    return;
  }
  choose(sku, quantity);
}

/** @param {HTMLElement} element a card */
function drawStepper(element) {
  const quantity = chosen().get(element.dataset.sku ?? "") ?? 0;
  const stepper = element.querySelector(".stepper");
  const output = stepper?.querySelector("output");
  if (!stepper || !output) return;
  stepper.classList.toggle("none", quantity === 0);
  write(output, String(quantity));
}

function drawBar() {
  let [count, fen] = [0, 0];
  for (const [sku, quantity] of chosen()) {
    count += quantity;
    fen += (product(sku)?.priceFen ?? 0) * quantity;
  }
  write(byId("bar-count"), t("共 {n} 份", { n: count }));
  write(byId("bar-total"), price(fen));
  byId("bar").hidden = count === 0;
}
