// @ts-check
/** Lines that take turns: the operators' words, then where to fetch. What is too long for one turn takes several. */
import { phrases, textWidth } from "../format.js";
import { t } from "../i18n.js";
import { fade } from "./motion.js";
import { part, write } from "./parts.js";
import { presence } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{texts: string[], points: {name: string, address: string, hours: string}[]}} Ticker */

const TURN_MS = 7000;
const WIDTHS = { portrait: 38, landscape: 60 }; // what two lines hold

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountTicker(root, link) {
  const show = presence(root);
  const most = document.documentElement.dataset.orientation === "landscape" ? WIDTHS.landscape : WIDTHS.portrait;
  /** @type {{mark: string, text: string}[]} */
  let turns = [];
  let index = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  const draw = () => {
    const turn = turns[index % turns.length];
    part(root, "ticker-sign").className = `sign ${turn.mark}`;
    write(part(root, "ticker-text"), turn.text);
    root.dataset.turn = String(index % turns.length);
  };

  link.on("ticker", (/** @type {Ticker | null} */ value) => {
    clearInterval(timer);
    turns = value ? turnsOf(value, most) : [];
    index = 0;
    if (turns.length) draw();
    if (turns.length > 1)
      timer = setInterval(() => {
        index += 1;
        draw();
        fade(part(root, "ticker-text"));
      }, TURN_MS);
    show(turns.length > 0);
  });
}

/**
 * @param {Ticker} value
 * @param {number} most width of one turn
 */
function turnsOf({ texts, points }, most) {
  return [
    ...texts.flatMap((text) => pages(text, most).map((page) => ({ mark: "sign-speak", text: page }))),
    ...points.flatMap(({ name, address, hours }) =>
      pages([t("自提点 {name}", { name }), hours, address].filter(Boolean).join(" · "), most).map((page) => ({
        mark: "sign-pin",
        text: page,
      })),
    ),
  ];
}

/**
 * A text in pieces that fit, broken between words.
 *
 * @param {string} text
 * @param {number} most
 */
export function pages(text, most) {
  /** @type {string[]} */
  const out = [];
  let page = "";
  for (const word of phrases(text.trim())) {
    if (page.trim() && textWidth(page + word) > most) {
      out.push(page.trim());
      page = "";
    }
    page += word;
  }
  if (page.trim()) out.push(page.trim());
  return out;
}
