// @ts-check
/** The product card of the item on air. */
import { priceParts, shortDate } from "../format.js";
import { t } from "../i18n.js";
import { enter, leave } from "./motion.js";
import { image, part, write, writeWords } from "./parts.js";
import { stockRow } from "./stock.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {import("./stock.js").Count} Count */
/**
 * @typedef {object} Product
 * @property {string} sku
 * @property {string} name
 * @property {string} unit
 * @property {number} price_fen
 * @property {string} category
 * @property {string | null} image
 * @property {boolean} verified
 * @property {{batch: string, produced_on: string | null, origin: string, expired: boolean} | null} lot
 * @property {string | null} qr data URL
 * @property {boolean} [qr_lan] only phones in the same network open it
 */

const CATEGORIES = ["dairy", "egg", "vegetable", "seafood", "meat", "fruit", "grain", "tofu"];

/**
 * Address of the drawn picture for products without a photo.
 *
 * @param {string} category
 */
function placeholder(category) {
  const name = CATEGORIES.includes(category) ? category : "other";
  return new URL(`../../img/product/${name}.svg`, import.meta.url).href;
}

/**
 * @param {HTMLImageElement} photo
 * @param {string | null} url null draws the category
 * @param {string} category
 */
function showPhoto(photo, url, category) {
  photo.classList.toggle("drawn", !url);
  photo.dataset.category = category;
  setPhoto(photo, url || placeholder(category));
}

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountCard(root, link) {
  const renderRow = stockRow(root);
  const photo = image(root, "photo");
  /** @type {Product | null} */
  let product = null;
  /** @type {Product | null} what the card shows; while it leaves, not yet what it will show */
  let shown = null;
  /** @type {{items: Record<string, Count>} | null} */
  let stock = null;
  let first = true;

  photo.addEventListener("error", () => {
    if (shown) showPhoto(photo, null, shown.category);
  });

  const show = () => {
    if (!product) return;
    const arriving = root.hidden;
    shown = product;
    renderProduct(root, product);
    renderStock();
    if (arriving || root.classList.contains("leaving")) enter(root, first ? Number.POSITIVE_INFINITY : 0);
  };
  const renderStock = () => {
    if (shown && stock) renderRow(shown, stock.items[shown.sku]);
  };

  link.on("product", (/** @type {Product | null} */ value) => {
    const other = shown !== null && !root.hidden && value?.sku !== shown.sku;
    product = value;
    if (!value || other) leave(root, show);
    else show();
    first = false;
  });
  link.on("stock", (value) => {
    stock = value;
    renderStock();
  });
}

/**
 * @param {HTMLElement} root
 * @param {Product} product
 */
function renderProduct(root, product) {
  showPhoto(image(root, "photo"), product.image, product.category);
  writeWords(part(root, "name"), product.name);
  write(part(root, "unit"), product.unit);
  const price = priceParts(product.price_fen);
  write(part(root, "currency"), price.sign + price.currency);
  write(part(root, "yuan"), price.yuan);
  write(part(root, "decimals"), price.decimals);
  part(root, "seal").hidden = !product.verified;
  const code = part(root, "qr");
  code.hidden = !product.qr;
  if (product.qr) setPhoto(image(root, "qr-image"), product.qr);
  part(root, "qr-lan").hidden = !product.qr_lan;
  const facts = lotFacts(product.lot).map((fact) => {
    const entry = document.createElement("li");
    entry.textContent = fact;
    entry.dir = "auto";
    return entry;
  });
  part(root, "lot").replaceChildren(...facts);
}

/**
 * 产地 · 生产日期 · 批次; what is missing is left out: a card with missing labels does not go on air.
 *
 * @param {Product["lot"]} lot
 * @returns {string[]}
 */
function lotFacts(lot) {
  if (!lot) return [];
  const facts = [];
  if (lot.origin) facts.push(lot.origin);
  if (lot.produced_on) facts.push(t("{date}生产", { date: shortDate(lot.produced_on) }));
  if (lot.batch) facts.push(t("批次 {batch}", { batch: lot.batch }));
  return facts;
}

/**
 * @param {HTMLImageElement} element
 * @param {string} url
 */
function setPhoto(element, url) {
  if (element.getAttribute("src") !== url) element.setAttribute("src", url);
}
