// @ts-check
/** The buyer's question that the host is answering, and its answer for as long as the server lets it stay. */
import { t } from "../i18n.js";
import { enter, leave } from "./motion.js";
import { part, write, writeWords } from "./parts.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, asker: string, text: string, askers: number, answer: string | null}} Question */

const LONG = 34;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountQuestion(root, link) {
  /** @type {Question | null} */
  let current = null;
  /** @type {number | null} id of what is written on the element */
  let shown = null;
  let first = true;

  const show = () => {
    if (!current) return;
    const arriving = root.hidden || root.classList.contains("leaving");
    shown = current.id;
    write(part(root, "question-asker"), current.asker);
    const askers = part(root, "question-askers");
    askers.hidden = current.askers < 2;
    write(askers, t("{n} 人在问", { n: current.askers }));
    writeWords(part(root, "question-text"), current.text);
    root.classList.toggle("long", Array.from(current.text).length > LONG || Boolean(current.answer));
    part(root, "question-answer").hidden = !current.answer;
    writeWords(part(root, "question-words"), current.answer ?? "");
    if (arriving) enter(root, first ? Number.POSITIVE_INFINITY : 0);
  };

  link.on("question", (/** @type {Question | null} */ value) => {
    const other = !root.hidden && value?.id !== shown;
    current = value;
    if (!value || other) leave(root, show);
    else show();
    first = false;
  });
}
