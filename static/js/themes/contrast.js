// @ts-check
/** Whether texts can be read on what they stand on (WCAG 2.2 contrast of #rrggbb colours), and what a chroma key takes. */

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} 1 to 21
 */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Whether a chroma key takes a colour along: programs key by the distance in Cb and Cr (BT.601), set so that the key goes
 * and grey stays; well below grey's distance something is lost.
 *
 * @param {string} key
 * @param {string} colour
 */
export function isKeyed(key, colour) {
  const [cb, cr] = chroma(key);
  const [ownCb, ownCr] = chroma(colour);
  return Math.hypot(ownCb - cb, ownCr - cr) < KEPT_FROM * Math.hypot(cb, cr);
}

const KEPT_FROM = 0.7;

/** @param {string} colour */
function chroma(colour) {
  const [red, green, blue] = shares(colour);
  return [-0.1687 * red - 0.3313 * green + 0.5 * blue, 0.5 * red - 0.4187 * green - 0.0813 * blue];
}

/** @param {string} colour */
function shares(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
}

/** @param {string} colour */
function luminance(colour) {
  const [red, green, blue] = shares(colour).map((share) => {
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
