// @ts-check
/** Product names inside a text. */

import { escapePattern } from "../format.js";
import { h } from "../ui/element.js";

/**
 * The text in pieces, with every product name and alias in a <mark>; a longer name wins over a shorter one inside it.
 * @param {string} text
 * @param {readonly {name: string, aliases: string[]}[]} products
 * @param {string} [wanted] also mark this, whatever its case
 * @returns {(string | HTMLElement)[]}
 */
export function markNames(text, products, wanted = "") {
  const names = products.flatMap((product) => [product.name, ...product.aliases]);
  const words = [...names, wanted].filter(Boolean).sort((a, b) => b.length - a.length);
  if (!words.length) return [text];
  const pattern = new RegExp(`(${words.map(escapePattern).join("|")})`, "gi");
  const found = wanted.toLowerCase();
  return text
    .split(pattern)
    .filter(Boolean)
    .map((part) => {
      const lower = part.toLowerCase();
      if (found && lower === found) return h("mark", { class: "found" }, part);
      return words.some((word) => word.toLowerCase() === lower) ? h("mark", {}, part) : part;
    });
}
