// @ts-check
/** What goes on the poster: title, host, time and goods; drawn anew at every change. */

import { priceParts } from "../format.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, h, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { copyImage } from "./copy.js";
import { drawPoster, MOST_PRODUCTS } from "./poster.js";

/** @typedef {import("./announce.js").Product} Product */
/** @typedef {import("./announce.js").Show} Show */

const KEPT = "linli.poster";
const form = /** @type {HTMLFormElement} */ (byId("poster-form"));
const canvas = /** @type {HTMLCanvasElement} */ (byId("poster"));
/** @type {Product[]} */
let catalogue = [];
/** @type {Show | null} */
let show = null;
/** @type {Set<string> | null} null until the host chooses: the rundown's goods, or all */
let chosen = null;
let drawing = false;
let again = false;

/** Wires the form; what it returns takes new values of the topics. */
export function startPoster() {
  remember();
  form.addEventListener("input", () => {
    keep();
    void redraw();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("save-poster").addEventListener(
    "click",
    (event) => void act(/** @type {Element} */ (event.currentTarget), save),
  );
  byId("copy-poster").addEventListener(
    "click",
    (event) => void act(/** @type {Element} */ (event.currentTarget), copy),
  );
  return {
    /** @param {Product[]} products */
    products(products) {
      catalogue = products;
      listProducts();
    },
    /** @param {Show | null} value */
    show(value) {
      if (show?.id !== value?.id) chosen = null;
      const title = input("title");
      if (!title.value || title.value === show?.title) title.value = value?.title ?? "";
      show = value;
      listProducts();
    },
  };
}

function listProducts() {
  const wanted = selected();
  fill(
    byId("poster-products"),
    ...catalogue.map((product) => {
      const tick = h("input", { type: "checkbox", checked: wanted.has(product.sku) });
      tick.addEventListener("change", () => {
        chosen = new Set(selected());
        if (tick.checked) chosen.add(product.sku);
        else chosen.delete(product.sku);
        void redraw();
      });
      const price = priceParts(product.price_fen);
      return h(
        "li",
        {},
        h(
          "label",
          { class: "choice" },
          tick,
          h("span", { class: "grow clip" }, product.name),
          h("span", { class: "soft number" }, price.currency + price.yuan + price.decimals),
        ),
      );
    }),
  );
  void redraw();
}

/** SKUs on the poster. */
function selected() {
  if (chosen) return chosen;
  const skus = (show?.rundown ?? []).map(({ sku }) => sku).filter((sku) => sku !== null);
  return new Set(skus.length ? skus : catalogue.map(({ sku }) => sku));
}

/** The goods in the rundown's order, then the catalogue's. */
function goods() {
  const wanted = selected();
  const order = new Map((show?.rundown ?? []).map(({ sku }, index) => [sku, index]));
  const place = (/** @type {Product} */ { sku }) => order.get(sku) ?? order.size;
  return catalogue.filter(({ sku }) => wanted.has(sku)).sort((one, other) => place(one) - place(other));
}

async function redraw() {
  again = drawing;
  if (drawing) return;
  drawing = true;
  const products = goods();
  const pane = byId("pane-poster");
  write(
    byId("poster-count"),
    products.length > MOST_PRODUCTS ? t("{n} 款，画前 {most} 款", { n: products.length, most: MOST_PRODUCTS }) : "",
  );
  try {
    await drawPoster(canvas, {
      title: input("title").value.trim() || t("今天开团"),
      host: input("host").value.trim(),
      when: whenText(input("when").value),
      line: input("line").value.trim(),
      products,
      matrix: (pane.dataset.matrix ?? "").split(",").filter(Boolean),
    });
    canvas.dataset.drawn = String(products.length);
  } finally {
    drawing = false;
  }
  if (again) await redraw();
}

/** @param {string} value of a datetime-local field */
function whenText(value) {
  const date = new Date(value);
  if (!value || Number.isNaN(date.getTime())) return "";
  const day = date.toLocaleDateString(language(), { month: "long", day: "numeric", weekday: "short" });
  return t("{day} {time} 开播", { day, time: value.slice(11, 16) });
}

function picture() {
  return /** @type {Promise<Blob>} */ (
    new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(t("图片没有画成，请再试一次")))), "image/png"),
    )
  );
}

async function save() {
  const url = URL.createObjectURL(await picture());
  h("a", { href: url, download: `${input("title").value.trim() || t("海报")}.png` }).click();
  URL.revokeObjectURL(url);
}

async function copy() {
  if (await copyImage(await picture())) toast(t("图片已复制，去群里粘贴吧。"));
  else {
    await save();
    toast(t("这个浏览器不能复制图片，已经改为保存。"));
  }
}

/** @param {string} name */
function input(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

/** Host and sentence stay the same from show to show. */
function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ host: input("host").value, line: input("line").value }));
  } catch {
    // a browser that keeps nothing asks again next time
  }
}

function remember() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    input("host").value = String(kept.host ?? "");
    input("line").value = String(kept.line ?? "");
  } catch {
    // nothing was kept, or nothing of ours
  }
}
