// @ts-check
/** The goods on the poster: one large, a few as wide cards, many in two columns. */

import { priceParts } from "../format.js";
import { t } from "../i18n.js";
import { box, linesOf, paint } from "./pen.js";

/** @typedef {import("./announce.js").Product} Product */
/** @typedef {{height: number, draw: (y: number) => void}} Block */
/** @typedef {{pen: CanvasRenderingContext2D, colours: import("./pen.js").Colours, font: (size: number, weight?: number) => string}} Kit */
/** @typedef {Awaited<ReturnType<typeof import("./pen.js").pictureOf>>} Picture */
/** @typedef {{product: Product, picture: Picture, tint: string}} Shown */

export const WIDTH = 1080;
export const MARGIN = 56;
export const INNER = WIDTH - 2 * MARGIN;
export const SMALL = 36;
const GAP = 28;

/**
 * One large, up to four as wide cards, more in two columns.
 * @param {Kit} kit
 * @param {Shown[]} shown
 * @returns {Block[]}
 */
export function goods(kit, shown) {
  const [first, ...others] = shown;
  if (!first) return [];
  if (!others.length) return [hero(kit, first)];
  if (shown.length <= 4) return shown.map((item) => wideCard(kit, item));
  /** @type {Block[]} */
  const rows = [];
  for (let index = 0; index < shown.length; index += 2) {
    const [left, right] = shown.slice(index, index + 2);
    if (left && right) rows.push(pair(kit, left, right));
    else if (left) rows.push(wideCard(kit, left));
  }
  return rows;
}

/**
 * @param {Kit} kit
 * @param {Shown} item
 * @returns {Block}
 */
function hero(kit, { product, picture, tint }) {
  const { pen, colours, font } = kit;
  pen.font = font(68, 700);
  const name = linesOf(pen, product.name, INNER - 96, 3);
  const height = 620 + 56 + name.length * 86 + (product.unit ? 66 : 0) + 150;
  return {
    height: height + GAP,
    draw(y) {
      card(kit, MARGIN, y, INNER, height);
      box(pen, MARGIN, y, INNER, 620, [40, 40, 0, 0], tint);
      paint(pen, picture, MARGIN, y, INNER, 620, [40, 40, 0, 0]);
      let at = y + 620 + 48;
      pen.fillStyle = colours.ink;
      pen.font = font(68, 700);
      for (const text of name) {
        pen.fillText(text, MARGIN + 48, at + 62);
        at += 86;
      }
      pen.fillStyle = colours["ink-soft"];
      pen.font = font(42);
      for (const text of linesOf(pen, product.unit, INNER - 96, 1)) {
        pen.fillText(text, MARGIN + 48, at + 46);
        at += 66;
      }
      tag(kit, product, MARGIN + 48, at + 110, 112);
    },
  };
}

/**
 * @param {Kit} kit
 * @param {Shown} item
 * @returns {Block}
 */
function wideCard(kit, { product, picture, tint }) {
  const { pen, colours, font } = kit;
  const side = 300;
  const x = MARGIN + side + 40;
  const width = INNER - side - 80;
  return {
    height: side + GAP,
    draw(y) {
      card(kit, MARGIN, y, INNER, side);
      box(pen, MARGIN, y, side, side, [40, 0, 0, 40], tint);
      paint(pen, picture, MARGIN, y, side, side, [40, 0, 0, 40]);
      pen.font = font(50, 700);
      const name = linesOf(pen, product.name, width, 2);
      pen.font = font(SMALL);
      const unit = linesOf(pen, product.unit, width, 1);
      let at = y + (side - name.length * 62 - unit.length * 50 - 92) / 2;
      pen.fillStyle = colours.ink;
      pen.font = font(50, 700);
      for (const text of name) {
        pen.fillText(text, x, at + 48);
        at += 62;
      }
      pen.fillStyle = colours["ink-soft"];
      pen.font = font(SMALL);
      for (const text of unit) {
        pen.fillText(text, x, at + 38);
        at += 50;
      }
      tag(kit, product, x, at + 76, 72);
    },
  };
}

/**
 * @param {Kit} kit
 * @param {Shown} left
 * @param {Shown} right
 * @returns {Block}
 */
function pair(kit, left, right) {
  const { pen, colours, font } = kit;
  const width = (INNER - GAP) / 2;
  const inner = width - 64;
  pen.font = font(44, 700);
  const names = [left, right].map(({ product }) => linesOf(pen, product.name, inner, 2));
  const rows = Math.max(...names.map((name) => name.length));
  const height = 270 + 28 + rows * 56 + 50 + 108;
  return {
    height: height + GAP,
    draw(y) {
      for (const [index, { product, picture, tint }] of [left, right].entries()) {
        const x = MARGIN + index * (width + GAP);
        card(kit, x, y, width, height);
        box(pen, x, y, width, 270, [40, 40, 0, 0], tint);
        paint(pen, picture, x, y, width, 270, [40, 40, 0, 0]);
        let at = y + 270 + 24;
        pen.fillStyle = colours.ink;
        pen.font = font(44, 700);
        for (const text of names[index] ?? []) {
          pen.fillText(text, x + 32, at + 44);
          at += 56;
        }
        pen.fillStyle = colours["ink-soft"];
        pen.font = font(SMALL);
        for (const text of linesOf(pen, product.unit, inner, 1)) pen.fillText(text, x + 32, at + 40);
        tag(kit, product, x + 32, y + height - 36, 64);
      }
    },
  };
}

/**
 * @param {Kit} kit
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function card({ pen, colours }, x, y, width, height) {
  pen.save();
  pen.shadowColor = colours.shade;
  pen.shadowBlur = 26;
  pen.shadowOffsetY = 8;
  box(pen, x, y, width, height, 40, colours.card);
  pen.restore();
}

/**
 * A price with small ¥ and small decimals, on the baseline y; 约 where the scales decide.
 * @param {Kit} kit
 * @param {Product} product
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function tag({ pen, colours, font }, { price_fen, price_per_kg_fen }, x, y, size) {
  const price = priceParts(price_fen);
  pen.fillStyle = colours["persimmon-ink"];
  let at = x;
  for (const [text, part] of /** @type {[string, number][]} */ ([
    [price.currency, 0.58],
    [price.yuan, 1],
    [price.decimals, 0.58],
    [price_per_kg_fen === null ? "" : ` ${t("约")}`, 0.5],
  ])) {
    pen.font = font(Math.round(size * part), 800);
    pen.fillText(text, at, y);
    at += pen.measureText(text).width + (part < 1 ? 2 : 0);
  }
}
