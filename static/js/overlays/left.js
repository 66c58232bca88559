// @ts-check

/**
 * Time that is left, rounded up: it says 0:00 only when it is over.
 *
 * @param {number} ms
 * @returns {string} "4:05", "1:02:45"
 */
export function leftText(ms) {
  const whole = Math.max(0, Math.ceil(ms / 1000));
  const pad = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
