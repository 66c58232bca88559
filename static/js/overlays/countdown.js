// @ts-check
/** A countdown to a real moment; when it is over it says so for a minute and goes. */
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { leftText } from "./left.js";
import { part, write, writeWords } from "./parts.js";
import { presence } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{title: string, ends_ms: number, moved: boolean}} Countdown */

const OVER_MS = 60_000;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountCountdown(root, link) {
  const show = presence(root);
  /** @type {Countdown | null} */
  let current = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const tick = () => {
    clearTimeout(timer);
    if (!current) return show(false);
    const left = current.ends_ms - link.now();
    root.classList.toggle("over", left <= 0);
    write(part(root, "countdown-left"), left > 0 ? leftText(left) : t("时间到"));
    show(left > -OVER_MS);
    if (left > -OVER_MS) timer = setTimeout(tick, left > 0 ? left % 1000 || 1000 : OVER_MS + left);
  };

  link.on("countdown", (/** @type {Countdown | null} */ value) => {
    current = value;
    if (value) {
      writeWords(part(root, "countdown-title"), value.title);
      const moved = part(root, "countdown-moved");
      moved.hidden = !value.moved;
      write(moved, t("改到 {when}", { when: clock(value.ends_ms) }));
    }
    tick();
  });
}
