// @ts-check
/** A goal of the show: what the ledger counts, and how much was aimed at. */
import { count } from "../format.js";
import { t } from "../i18n.js";
import { pulse, roll } from "./motion.js";
import { part, write, writeWords } from "./parts.js";
import { presence } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{title: string, measure: "orders" | "households" | "units", target: number, count: number}} Goal */

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountGoal(root, link) {
  const show = presence(root);
  /** @type {Goal | null} */
  let before = null;
  link.on("goal", (/** @type {Goal | null} */ goal) => {
    if (goal) {
      const same = before?.title === goal.title && before.measure === goal.measure;
      const moved = same && before ? Math.sign(goal.count - before.count) : 0;
      const reached = goal.count >= goal.target;
      writeWords(part(root, "goal-title"), goal.title);
      roll(part(root, "goal-count"), count(goal.count), /** @type {-1 | 0 | 1} */ (moved));
      write(
        part(root, "goal-target"),
        `/ ${count(goal.target)} ${{ orders: t("单"), households: t("户"), units: t("份") }[goal.measure]}`,
      );
      part(root, "goal-fill").style.setProperty("--share", Math.min(1, goal.count / goal.target).toFixed(4));
      part(root, "goal-reached").hidden = !reached;
      root.classList.toggle("reached", reached);
      if (reached && same && before && before.count < before.target) pulse(root);
    }
    before = goal;
    show(goal !== null);
  });
}
