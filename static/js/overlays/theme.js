// @ts-check
/** What the overlays wear: properties of a theme, its motion and its logo, changed while they are open. */
import { presence } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{name: string, properties: Record<string, string>, motion: "full" | "calm" | "none", logo: string | null}} Theme */

/**
 * What lies below captions: the video is seen through it.
 *
 * @param {string} solid "#rrggbb"
 */
export function plate(solid) {
  return `${solid}c7`;
}

/**
 * @param {Link} link
 * @param {URLSearchParams} options `motion=none` of the address and the PC's own setting are stronger than the theme
 */
export function wearTheme(link, options) {
  const root = document.documentElement;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {string[]} */
  let worn = [];
  /** @type {Theme["motion"]} */
  let motion = "full";
  const move = () => {
    root.dataset.motion = reduced.matches || options.get("motion") === "none" ? "none" : motion;
  };
  reduced.addEventListener("change", move);
  move();
  link.on("theme", (/** @type {Theme | null} */ theme) => {
    for (const name of worn) root.style.removeProperty(name);
    const properties = { ...theme?.properties };
    const solid = properties["--plate-solid"];
    if (solid && root.dataset.chroma === undefined) properties["--plate"] = plate(solid);
    worn = Object.keys(properties);
    for (const [name, value] of Object.entries(properties)) root.style.setProperty(name, value);
    motion = theme?.motion ?? "full";
    move();
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
