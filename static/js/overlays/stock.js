// @ts-check
/** Live stock of the product on air: what the ledger says, and nothing else. */
import { count } from "../format.js";
import { t } from "../i18n.js";
import { enter, leave, pulse, roll } from "./motion.js";
import { part, write, writeWords } from "./parts.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{on_hand: number, held: number, sold: number, available: number, initial: number}} Count */
/** @typedef {{sku: string, unit: string, lot: {expired: boolean} | null}} Counted */

/**
 * The word to count by, from a 规格 like "950毫升/瓶": "瓶"; "份" when there is none.
 *
 * @param {string} unit
 */
export function measureWord(unit) {
  return /[/／每](\p{Script=Han}{1,2})$/u.exec(unit.trim())?.[1] ?? t("份");
}

/**
 * Renders the stock row of a template.
 *
 * @param {HTMLElement} root holds the parts of `stock_row`
 * @returns {(product: Counted, count: Count | undefined) => void}
 */
export function stockRow(root) {
  const row = part(root, "stock-row");
  const number = part(root, "stock-number");
  const fill = part(root, "stock-fill");
  let shownSku = "";
  /** @type {number | undefined} */
  let shown;
  return ({ sku, unit, lot }, current) => {
    const available = current ? Math.max(0, current.available) : undefined;
    // what is past its shelf life is sold to nobody, however much of it there is
    const state = lot?.expired ? "expired" : available === undefined ? "unknown" : available === 0 ? "out" : "some";
    row.dataset.state = state;
    const labels = { expired: t("已过保质期，不卖"), unknown: t("库存未知"), out: t("已售罄"), some: t("剩余") };
    write(part(root, "stock-label"), labels[state]);
    write(part(root, "stock-measure"), state === "some" ? measureWord(unit) : "");
    const changed = sku === shownSku && shown !== undefined && available !== undefined && shown !== available;
    const direction = changed ? (Number(available) > Number(shown) ? 1 : -1) : 0;
    roll(number, state === "some" ? count(Number(available)) : "", direction);
    if (changed) pulse(part(root, "stock-number"));
    const share = current && current.initial > 0 ? Math.min(1, Math.max(0, current.available) / current.initial) : 0;
    fill.style.setProperty("--share", share.toFixed(4));
    shownSku = sku;
    shown = available;
  };
}

/**
 * The stock overlay.
 *
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountStock(root, link) {
  const renderRow = stockRow(root);
  /** @type {(Counted & {name: string}) | null} */
  let product = null;
  /** @type {{items: Record<string, Count>} | null} */
  let stock = null;
  let first = true;
  const render = () => {
    if (!product) {
      leave(root);
    } else if (stock) {
      writeWords(part(root, "name"), product.name);
      renderRow(product, stock.items[product.sku]);
      if (root.hidden || root.classList.contains("leaving")) enter(root, first ? Number.POSITIVE_INFINITY : 0);
    }
    if (stock) first = false;
  };
  link.on("product", (value) => {
    product = value;
    render();
  });
  link.on("stock", (value) => {
    stock = value;
    render();
  });
}
