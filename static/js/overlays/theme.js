// @ts-check
/** What the overlays wear: properties of a theme, its motion and its logo, changed while they are open. */
import { presence } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{name: string, properties: Record<string, string>, motion: "full" | "calm" | "none", logo: string | null}} Theme */

/**
 * @param {Link} link
 * @param {URLSearchParams} options `motion=none` of the address is stronger than the theme
 */
export function wearTheme(link, options) {
  const root = document.documentElement;
  /** @type {string[]} */
  let worn = [];
  link.on("theme", (/** @type {Theme | null} */ theme) => {
    for (const name of worn) root.style.removeProperty(name);
    worn = Object.keys(theme?.properties ?? {});
    for (const [name, value] of Object.entries(theme?.properties ?? {})) root.style.setProperty(name, value);
    root.dataset.motion = options.get("motion") === "none" ? "none" : (theme?.motion ?? "full");
    root.dataset.theme = theme?.name ?? "";
  });
}

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountLogo(root, link) {
  const show = presence(root);
  link.on("theme", (/** @type {Theme | null} */ theme) => {
    if (theme?.logo) root.setAttribute("src", theme.logo);
    show(Boolean(theme?.logo));
  });
}
