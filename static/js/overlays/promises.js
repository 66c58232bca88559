// @ts-check
/** Promises that an operator confirmed, with the time that is left. */
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { leftText } from "./left.js";
import { part, write } from "./parts.js";
import { mountPanel } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, text: string, due_ms: number | null}} Pledge */

const MOST = 3;
const LATE = Number.MAX_SAFE_INTEGER / 2;
const SOON_MS = 24 * 3_600_000;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{page: string}} options
 */
export function mountPromises(root, link, { page }) {
  const list = part(root, "promise-lines");
  /** @type {Pledge[]} */
  let shown = [];
  const tick = () => {
    for (const [index, pledge] of shown.entries())
      drawState(/** @type {HTMLElement} */ (list.children[index]), pledge, link.now());
  };
  setInterval(tick, 1000);
  mountPanel(root, link, {
    name: "promises",
    topic: "pledges",
    page,
    draw: (/** @type {Pledge[]} */ pledges) => {
      if (!pledges.length) return false;
      // what falls due next stands first, then what has no end, then what is due already
      const now = link.now();
      const order = (/** @type {Pledge} */ { due_ms: due }) =>
        due === null ? LATE : due > now ? due : LATE + now - due;
      shown = [...pledges].sort((a, b) => order(a) - order(b) || a.id - b.id).slice(0, MOST);
      list.style.setProperty("--rows", String(shown.length));
      list.replaceChildren(...shown.map(line));
      write(part(root, "of"), pledges.length > MOST ? t("共 {n} 条", { n: pledges.length }) : "");
      tick();
      return true;
    },
  });
}

/** @param {Pledge} pledge */
function line(pledge) {
  const row = document.createElement("li");
  const words = document.createElement("bdi");
  words.className = "line-text";
  words.textContent = pledge.text;
  const state = document.createElement("span");
  state.className = "line-kind";
  const sign = document.createElement("span");
  sign.className = "sign";
  sign.setAttribute("aria-hidden", "true");
  const word = document.createElement("span");
  word.className = "line-word";
  state.append(sign, word);
  row.append(state, words);
  return row;
}

/**
 * Running, due, or without an end. Whether a promise that is due was kept is not known here, and so not said.
 *
 * @param {HTMLElement} row
 * @param {Pledge} pledge
 * @param {number} now
 */
function drawState(row, pledge, now) {
  const left = pledge.due_ms === null ? null : pledge.due_ms - now;
  const state = left === null ? "lasting" : left > 0 ? "running" : "due";
  row.dataset.state = state;
  const sign = /** @type {HTMLElement} */ (row.querySelector(".sign"));
  sign.className = `sign ${{ lasting: "sign-hand", running: "sign-clock", due: "sign-bell" }[state]}`;
  const word = /** @type {HTMLElement} */ (row.querySelector(".line-word"));
  if (left === null) write(word, t("一直有效"));
  else if (left <= 0) write(word, t("已到期"));
  else
    write(
      word,
      left < SOON_MS
        ? t("还剩 {left}", { left: leftText(left) })
        : t("到 {when}", { when: dayAndClock(pledge.due_ms ?? 0) }),
    );
}

/** @param {number} ms */
function dayAndClock(ms) {
  const date = new Date(ms);
  return `${date.getMonth() + 1}-${date.getDate()} ${clock(ms)}`;
}
