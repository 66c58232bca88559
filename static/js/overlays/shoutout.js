// @ts-check
/**
 * One buyer's paid order, or a burst of them, announced. The server says which and for how long; this shows it, also
 * from the middle, and tells the server once it is painted.
 */
import { newKey } from "../api.js";
import { t } from "../i18n.js";
import { enter, LEAVE_MS, leave } from "./motion.js";
import { part, write } from "./parts.js";

// a timer may ring a moment before its time by the server's clock
const EARLY_MS = 10;

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, who: string, product: string, quantity: number, more: number, people: number, shown_ms: number, until_ms: number}} Shout */

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{preview: boolean}} options a preview shows nothing to buyers: it proves nothing
 */
export function mountShoutout(root, link, { preview }) {
  const client = newKey();
  /** @type {Shout | null} */
  let current = null;
  /** @type {number | null} shown_ms of the showing on the element: a burst goes on when who leads it is refunded */
  let shown = null;
  /** @type {number | null} id whose proof was sent over this connection */
  let proven = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const show = () => {
    clearTimeout(timer);
    if (!current) return;
    const left = current.until_ms - link.now();
    if (left <= LEAVE_MS + EARLY_MS) {
      leave(root, show);
      return;
    }
    const arriving = root.hidden || shown !== current.shown_ms;
    shown = current.shown_ms;
    draw(root, current);
    if (arriving) enter(root, link.now() - current.shown_ms);
    // It goes by itself: when its time is over the server may be away.
    timer = setTimeout(() => leave(root, show), left - LEAVE_MS);
    prove();
  };

  // A hidden page (a scene that is not on air) gets no frames, and says nothing until it is seen. The second frame
  // begins after the first one, with the shout-out in it, was painted.
  const prove = () => {
    if (preview) return;
    const painted = current?.id;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const there = current?.id === painted && !root.hidden && document.visibilityState === "visible";
        if (!painted || !there || proven === painted) return;
        proven = painted;
        link.send("ack", { kind: "shoutout", id: painted, client });
      }),
    );
  };

  link.hello(() => {
    // whether the last word arrived before the link was lost is not known: the server counts it once
    proven = null;
    if (current && !root.hidden) prove();
  });

  link.on("shoutout", (value) => {
    const next = value?.current ?? null;
    const other = !root.hidden && next?.shown_ms !== shown;
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

/**
 * @param {HTMLElement} root
 * @param {Shout} shout
 */
function draw(root, { who, product, quantity, more, people }) {
  write(part(root, "who"), who);
  part(root, "people").hidden = people < 2;
  write(part(root, "people"), t("等 {count} 人", { count: people }));
  write(part(root, "product"), product);
  write(part(root, "quantity"), `×${quantity}`);
  part(root, "more").hidden = more < 1;
  write(part(root, "more"), t("等 {count} 款", { count: more + 1 }));
}
