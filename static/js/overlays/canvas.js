// @ts-check
/**
 * The canvas of an overlay: 1080x1920 or 1920x1080 design pixels, scaled to whatever size the source in OBS has.
 *
 * Options of the URL: `background=%23ff00ff` for programs without transparency (chroma key),
 * `safe=220,150,480,40` for another platform's safe area (top, right, bottom, left in design pixels).
 */

const SIZES = { portrait: [1080, 1920], landscape: [1920, 1080] };
const TIGHT_BELOW = 1430;
const SIDES = ["top", "right", "bottom", "left"];
/** What is left over must hold a card; an area without room for one is not taken. */
const LEAST = { width: 600, height: 700 };

/** @param {URLSearchParams} options */
export function fitCanvas(options) {
  const root = document.documentElement;
  const background = options.get("background");
  if (background && CSS.supports("color", background)) {
    root.dataset.chroma = "";
    root.style.setProperty("--chroma", background);
  }
  const [width, height] = SIZES[root.dataset.orientation === "landscape" ? "landscape" : "portrait"];
  const insets = (options.get("safe") ?? "").split(",").map(Number);
  const [above, right, below, left] = insets;
  const roomy = width - left - right >= LEAST.width && height - above - below >= LEAST.height;
  if (insets.length === SIDES.length && insets.every((inset) => inset >= 0) && roomy)
    for (const [index, side] of SIDES.entries()) root.style.setProperty(`--safe-${side}`, `${insets[index]}px`);
  const bottom = Number.parseFloat(getComputedStyle(root).getPropertyValue("--safe-bottom")) || 0;
  // below the face there is less room than the card would like: it leaves its lot line out
  if (height > width) root.toggleAttribute("data-tight", height - bottom < TIGHT_BELOW);
  const fit = () => {
    const scale = Math.min(innerWidth / width, innerHeight / height) || 1;
    root.style.setProperty("--scale", String(scale));
    root.style.setProperty("--shift-x", `${(innerWidth - width * scale) / 2}px`);
    root.style.setProperty("--shift-y", `${(innerHeight - height * scale) / 2}px`);
  };
  addEventListener("resize", fit);
  fit();
}
