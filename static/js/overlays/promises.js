// @ts-check
/** Promises that an operator confirmed, with the time that is left, or what became of them. */
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { leftText } from "./left.js";
import { fitLines, part, write } from "./parts.js";
import { mountPanel } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, text: string, due_ms: number | null, outcome: "kept" | "late" | "broken" | null}} Pledge */

const MOST = 3;
const SIGNS = {
  lasting: "sign-hand",
  running: "sign-clock",
  due: "sign-bell",
  kept: "sign-check",
  late: "sign-bell",
  broken: "sign-cross",
};
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
      // what falls due next stands first, then what is overdue or broken: nothing pleasant hides it
      const now = link.now();
      const rank = (/** @type {Pledge} */ pledge) =>
        ["running", "due", "broken", "late", "lasting", "kept"].indexOf(standing(pledge, now));
      shown = [...pledges]
        .sort((a, b) => rank(a) - rank(b) || (a.due_ms ?? 0) - (b.due_ms ?? 0) || a.id - b.id)
        .slice(0, MOST);
      list.replaceChildren(...shown.map(line));
      write(part(root, "of"), countWords(pledges));
      tick();
      return true;
    },
    shown: () => fitLines(list),
  });
}

/** @param {Pledge[]} pledges */
function countWords(pledges) {
  const kept = pledges.filter(({ outcome }) => outcome === "kept").length;
  if (kept) return t("共 {n} 条，已兑现 {kept}", { n: pledges.length, kept });
  return pledges.length > MOST ? t("共 {n} 条", { n: pledges.length }) : "";
}

/**
 * What became of it; while nobody said so: running, due, or without an end.
 * @param {Pledge} pledge
 * @param {number} now
 */
function standing({ due_ms, outcome }, now) {
  return outcome ?? (due_ms === null ? "lasting" : due_ms > now ? "running" : "due");
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
 * @param {HTMLElement} row
 * @param {Pledge} pledge
 * @param {number} now
 */
function drawState(row, pledge, now) {
  const left = pledge.due_ms === null ? null : pledge.due_ms - now;
  const state = standing(pledge, now);
  row.dataset.state = state;
  const sign = /** @type {HTMLElement} */ (row.querySelector(".sign"));
  sign.className = `sign ${SIGNS[state]}`;
  const word = /** @type {HTMLElement} */ (row.querySelector(".line-word"));
  if (state === "kept") write(word, t("已兑现"));
  else if (state === "late") write(word, t("晚了才兑现"));
  else if (state === "broken") write(word, t("未兑现"));
  else if (left === null) write(word, t("一直有效"));
  else if (left <= 0) write(word, t("已到期"));
  else
    write(
      word,
      left < SOON_MS
        ? t("还剩 {left}", { left: leftText(left) })
        : t("到 {when}", { when: moment(pledge.due_ms ?? 0) }),
    );
}
