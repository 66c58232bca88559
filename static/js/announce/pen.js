// @ts-check
/** Drawing on the poster's canvas: words in lines, rounded boxes, pictures that fill their box. */

import { graphemes, words } from "../format.js";

const NEVER_FIRST = /^[，。！？；：、）》」』”’…·,.!?;:)\]}%％]/u;

/** @typedef {Record<"paper" | "card" | "ink" | "ink-soft" | "leaf" | "leaf-soft" | "persimmon" | "persimmon-ink" | "persimmon-soft" | "sky-soft" | "mist" | "white" | "black" | "shade", string>} Colours */

const NAMES = /** @type {(keyof Colours)[]} */ ([
  "paper",
  "card",
  "ink",
  "ink-soft",
  "leaf",
  "leaf-soft",
  "persimmon",
  "persimmon-ink",
  "persimmon-soft",
  "sky-soft",
  "mist",
  "white",
  "black",
  "shade",
]);

/**
 * The theme's colours by day: the poster is the same whatever the host's screen.
 * @param {HTMLElement} beside an element inside the page's theme
 * @returns {Colours}
 */
export function dayColours(beside) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.colorScheme = "light";
  beside.after(probe);
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries);
}

/**
 * Text in lines of at most `width`, broken between words; what is beyond the last line ends in an ellipsis.
 * @param {CanvasRenderingContext2D} pen with its font set
 * @param {string} text
 * @param {number} width
 * @param {number} most lines
 */
export function linesOf(pen, text, width, most) {
  const fits = (/** @type {string} */ line) => pen.measureText(line).width <= width;
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of words(text).flatMap((part) => (fits(part) ? [part] : graphemes(part)))) {
    if (line && !fits(line + word.trimEnd()) && !NEVER_FIRST.test(word)) {
      lines.push(line.trim());
      line = "";
    }
    line += word;
  }
  if (line.trim()) lines.push(line.trim());
  if (lines.length <= most) return lines;
  const rest = graphemes(lines[most - 1] + (lines[most] ?? ""));
  while (rest.length && !fits(`${rest.join("").trim()}…`)) rest.pop();
  return [...lines.slice(0, most - 1), `${rest.join("").trim()}…`];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number | number[]} radius
 * @param {string} colour
 */
export function box(pen, x, y, width, height, radius, colour) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.fillStyle = colour;
  pen.fill();
}

/**
 * A picture that fills a rounded box, or stands free in it with a margin.
 * @param {CanvasRenderingContext2D} pen
 * @param {{image: HTMLImageElement, photo: boolean} | null} picture
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {number | number[]} radius
 */
export function paint(pen, picture, x, y, width, height, radius) {
  if (!picture) return;
  const { image, photo } = picture;
  pen.save();
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.clip();
  const ratio = image.naturalWidth / image.naturalHeight || 1;
  const room = photo ? 1 : 0.86;
  const wide = photo ? Math.max(width, height * ratio) : Math.min(width, height * ratio) * room;
  pen.drawImage(image, x + (width - wide) / 2, y + (height - wide / ratio) / 2, wide, wide / ratio);
  pen.restore();
}

/**
 * A product's photo, or the drawing of its category; null when neither loads.
 * @param {{image: string | null, category: string}} product
 */
export async function pictureOf({ image, category }) {
  const photo = image ? await load(image) : null;
  if (photo) return { image: photo, photo: true };
  const drawn = (await drawing(category)) ?? (await drawing("other"));
  return drawn && { image: drawn, photo: false };
}

/** @param {string} category */
async function drawing(category) {
  if (!/^[a-z]+$/.test(category)) return null;
  try {
    const answer = await fetch(new URL(`../../img/product/${category}.svg`, import.meta.url));
    if (!answer.ok) return null;
    // Firefox draws no SVG on a canvas that tells no size of its own
    const sized = (await answer.text()).replace("<svg ", '<svg width="480" height="480" ');
    return await load(`data:image/svg+xml,${encodeURIComponent(sized)}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} url
 * @returns {Promise<HTMLImageElement | null>}
 */
async function load(url) {
  // a picture of another site would make the canvas unreadable
  if (!url.startsWith("data:") && new URL(url, location.href).origin !== location.origin) return null;
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  }
}
