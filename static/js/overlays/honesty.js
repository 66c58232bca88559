// @ts-check
/** Known defects of the lot on air, and what the host said honestly about it. */
import { t } from "../i18n.js";
import { fitLines, part, write } from "./parts.js";
import { mountPanel } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{name: string, batch: string, defects: string[], notes: string[]}} Honesty */

const MOST = 4;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{page: string}} options
 */
export function mountHonesty(root, link, { page }) {
  const list = part(root, "honesty-lines");
  mountPanel(root, link, {
    name: "honesty",
    topic: "honesty",
    page,
    draw: (/** @type {Honesty} */ value) => {
      // the newest words of the host find room beside many defects
      const notes = value.notes.slice(-Math.max(1, MOST - value.defects.length));
      const lines = [
        ...value.defects.slice(0, MOST - notes.length).map((text) => line(t("小毛病"), "sign-mark", text)),
        ...notes.map((text) => line(t("主播说"), "sign-speak", text)),
      ];
      if (!lines.length) return false;
      write(part(root, "of"), value.name);
      write(part(root, "of-lot"), t("批次 {batch}", { batch: value.batch }));
      list.replaceChildren(...lines);
      return true;
    },
    shown: () => fitLines(list),
  });
}

/**
 * @param {string} kind
 * @param {string} sign
 * @param {string} text
 */
function line(kind, sign, text) {
  const row = document.createElement("li");
  const mark = document.createElement("span");
  mark.className = `sign ${sign}`;
  mark.setAttribute("aria-hidden", "true");
  const word = document.createElement("span");
  word.className = "line-kind";
  word.append(mark, kind);
  const words = document.createElement("bdi");
  words.className = "line-text";
  words.textContent = text;
  row.append(word, words);
  return row;
}
