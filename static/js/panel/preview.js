// @ts-check
/** An overlay page shown small: its frame keeps the canvas' size and is scaled into its box. */

const scale = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const frame = /** @type {HTMLElement | null} */ (target.querySelector("iframe"));
    if (frame?.offsetWidth) frame.style.scale = String(contentRect.width / frame.offsetWidth);
  }
});

/**
 * Keeps the frame in `box` as wide as the box.
 * @param {Element} box a `.preview` that holds an iframe
 */
export function fit(box) {
  scale.observe(box);
}

/**
 * Shows an overlay that is not counted as on air.
 * @param {HTMLIFrameElement} frame
 * @param {string} url the overlay's address; empty shows nothing
 */
export function showOverlay(frame, url) {
  // replaced, not added: “back” must leave the page around it at once
  frame.contentWindow?.location.replace(url ? `${url}&preview=1` : "about:blank");
}
