// @ts-check
/** One buyer's paid order, announced. The server says which and for how long; this shows it, also from the middle. */
import { t } from "../i18n.js";
import { enter, LEAVE_MS, leave } from "./motion.js";
import { part, write } from "./parts.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, who: string, product: string, quantity: number, more: number, shown_ms: number, until_ms: number}} Shout */

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountShoutout(root, link) {
  /** @type {Shout | null} */
  let current = null;
  /** @type {number | null} id of what is written on the element */
  let shown = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const show = () => {
    clearTimeout(timer);
    if (!current) return;
    const left = current.until_ms - link.now();
    if (left <= LEAVE_MS) {
      leave(root, show);
      return;
    }
    const arriving = root.hidden || shown !== current.id;
    shown = current.id;
    write(part(root, "who"), current.who);
    write(part(root, "product"), current.product);
    write(part(root, "quantity"), `×${current.quantity}`);
    part(root, "more").hidden = current.more < 1;
    write(part(root, "more"), t("等 {count} 款", { count: current.more + 1 }));
    if (arriving) enter(root, link.now() - current.shown_ms);
    // It goes by itself: when its time is over the server may be away.
    timer = setTimeout(() => leave(root, show), left - LEAVE_MS);
  };

  link.on("shoutout", (value) => {
    const next = value?.current ?? null;
    const other = !root.hidden && next?.id !== shown;
    current = next;
    if (!next || other) {
      clearTimeout(timer);
      if (root.hidden) show();
      else leave(root, show);
    } else {
      show();
    }
  });
}
