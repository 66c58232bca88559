// @ts-check
/** The poster, 1080 wide and as tall as its goods need: an awning, who sells what when, and the way in. */

import { t } from "../i18n.js";
import { goods, INNER, MARGIN, SMALL, WIDTH } from "./goods.js";
import { box, dayColours, linesOf, pictureOf } from "./pen.js";

/** @typedef {import("./goods.js").Kit} Kit */
/** @typedef {import("./goods.js").Block} Block */
/** @typedef {{title: string, host: string, when: string, line: string, products: import("./announce.js").Product[], matrix: string[]}} Content */

export const MOST_PRODUCTS = 12;
const QUIET_MODULES = 4;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Content} content
 */
export async function drawPoster(canvas, content) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const colours = dayColours(canvas);
  const family = getComputedStyle(document.body).fontFamily;
  /** @type {Kit} */
  const kit = { pen, colours, font: (size, weight = 400) => `${weight} ${size}px ${family}` };
  const tints = [colours["leaf-soft"], colours["persimmon-soft"], colours["sky-soft"], colours.mist];
  const shown = await Promise.all(
    content.products.slice(0, MOST_PRODUCTS).map(async (product, index) => ({
      product,
      picture: await pictureOf(product),
      tint: tints[index % tints.length] ?? colours.mist,
    })),
  );
  const blocks = [
    awning(kit),
    heading(kit, content),
    ...goods(kit, shown),
    ...more(kit, content.products.length),
    entrance(kit, content),
  ];
  canvas.width = WIDTH;
  canvas.height = blocks.reduce((sum, block) => sum + block.height, 0);
  pen.textBaseline = "alphabetic";
  box(pen, 0, 0, WIDTH, canvas.height, 0, colours.paper);
  let y = 0;
  for (const block of blocks) {
    block.draw(y);
    y += block.height;
  }
}

/**
 * @param {Kit} kit
 * @returns {Block}
 */
function awning({ pen, colours }) {
  const stripes = 12;
  const width = WIDTH / stripes;
  return {
    height: 118 + width / 2,
    draw(y) {
      for (let stripe = 0; stripe < stripes; stripe += 1) {
        const colour = stripe % 2 ? colours.card : colours.leaf;
        pen.save();
        pen.shadowColor = colours.shade;
        pen.shadowBlur = 14;
        pen.shadowOffsetY = 5;
        box(pen, stripe * width, y - 20, width, 118 + 20 + width / 2, [0, 0, width / 2, width / 2], colour);
        pen.restore();
      }
    },
  };
}

/**
 * @param {Kit} kit
 * @param {Content} content
 * @returns {Block}
 */
function heading({ pen, colours, font }, { title, host, when, line }) {
  pen.font = font(92, 800);
  const size = linesOf(pen, title, INNER, 3).length > 2 ? 76 : 92;
  pen.font = font(size, 800);
  const titleLines = linesOf(pen, title, INNER, 3);
  pen.font = font(42, 600);
  const hostLines = host ? linesOf(pen, host, INNER, 1) : [];
  pen.font = font(40);
  const sentence = line ? linesOf(pen, line, INNER, 2) : [];
  pen.font = font(46, 700);
  const [whenLine] = when ? linesOf(pen, when, INNER - 80, 1) : [];
  const leading = size * 1.24;
  const height =
    56 + (hostLines.length ? 70 : 0) + titleLines.length * leading + (whenLine ? 126 : 16) + sentence.length * 56 + 44;
  return {
    height,
    draw(y) {
      let at = y + 56;
      pen.fillStyle = colours.leaf;
      pen.font = font(42, 600);
      for (const text of hostLines) {
        pen.fillText(text, MARGIN, at + 42);
        at += 70;
      }
      pen.fillStyle = colours.ink;
      pen.font = font(size, 800);
      for (const text of titleLines) {
        pen.fillText(text, MARGIN, at + size * 0.94);
        at += leading;
      }
      if (whenLine) {
        pen.font = font(46, 700);
        const wide = pen.measureText(whenLine).width + 80;
        box(pen, MARGIN, at + 22, wide, 84, 42, colours["persimmon-ink"]);
        pen.fillStyle = colours.white;
        pen.fillText(whenLine, MARGIN + 40, at + 80);
        at += 126;
      } else at += 16;
      pen.fillStyle = colours["ink-soft"];
      pen.font = font(40);
      for (const text of sentence) {
        pen.fillText(text, MARGIN, at + 44);
        at += 56;
      }
    },
  };
}

/**
 * @param {Kit} kit
 * @param {number} total
 * @returns {Block[]}
 */
function more({ pen, colours, font }, total) {
  if (total <= MOST_PRODUCTS) return [];
  return [
    {
      height: 92,
      draw(y) {
        pen.fillStyle = colours["ink-soft"];
        pen.font = font(44, 600);
        pen.textAlign = "center";
        pen.fillText(t("…等 {n} 款", { n: total }), WIDTH / 2, y + 54);
        pen.textAlign = "start";
      },
    },
  ];
}

/**
 * The way in: the code to press long on, or, where phones cannot reach the studio, the group's list.
 * @param {Kit} kit
 * @param {Content} content
 * @returns {Block}
 */
function entrance({ pen, colours, font }, { matrix }) {
  const modules = matrix.length + 2 * QUIET_MODULES;
  const module = matrix.length ? Math.floor(400 / modules) : 0;
  const side = modules * module;
  const inside = matrix.length ? Math.max(side, 330) : 150;
  const height = inside + 96;
  const x = matrix.length ? MARGIN + 48 + side + 44 : MARGIN + 48;
  const width = WIDTH - MARGIN - 40 - x;
  return {
    height: 20 + height + 120,
    draw(top) {
      const y = top + 20;
      box(pen, MARGIN, y, INNER, height, 40, colours.leaf);
      if (matrix.length) {
        const left = MARGIN + 48;
        const upper = y + (height - side) / 2;
        box(pen, left, upper, side, side, 20, colours.white);
        pen.fillStyle = colours.black;
        for (const [row, line] of matrix.entries())
          for (const [column, dark] of [...line].entries())
            if (dark === "1")
              pen.fillRect(
                left + (column + QUIET_MODULES) * module,
                upper + (row + QUIET_MODULES) * module,
                module,
                module,
              );
      }
      const texts = matrix.length
        ? [t("长按识别二维码"), t("看直播 · 下单 · 提问"), t("微信里就能打开")]
        : [t("在群里接龙下单"), t("想问什么，群里说一声")];
      pen.font = font(54, 700);
      const head = linesOf(pen, texts[0] ?? "", width, 2);
      pen.font = font(40);
      const rest = texts.slice(1).flatMap((text) => linesOf(pen, text, width, 2));
      let at = y + (height - head.length * 70 - rest.length * 58 - 12) / 2;
      pen.fillStyle = colours.white;
      pen.font = font(54, 700);
      for (const text of head) {
        pen.fillText(text, x, at + 54);
        at += 70;
      }
      at += 12;
      pen.font = font(40);
      for (const text of rest) {
        pen.fillText(text, x, at + 42);
        at += 58;
      }
      pen.fillStyle = colours["ink-soft"];
      pen.font = font(SMALL);
      pen.textAlign = "center";
      pen.fillText(t("邻里直播间 · 价格和余量以下单时为准"), WIDTH / 2, y + height + 74);
      pen.textAlign = "start";
    },
  };
}
