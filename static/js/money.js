// @ts-check
/**
 * How prices are written. A module of its own, so that a buyer's page loads nothing else for it.
 *
 * @module money
 */

/**
 * A price in parts, so that ¥ and decimals can be small: 1590 → {sign: "", currency: "¥", yuan: "15", decimals: ".90"}.
 * Thousands are grouped; decimals are empty for whole yuan.
 *
 * @param {number} fen integer
 * @returns {{sign: string, currency: string, yuan: string, decimals: string}}
 */
export function priceParts(fen) {
  const whole = Math.trunc(Math.abs(fen));
  const yuan = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const cents = whole % 100;
  return {
    sign: fen < 0 ? "−" : "",
    currency: "¥",
    yuan,
    decimals: cents ? `.${String(cents).padStart(2, "0")}` : "",
  };
}

/**
 * @param {number} fen integer
 * @returns {string} "¥15.90", "¥1,280"
 */
export function price(fen) {
  const parts = priceParts(fen);
  return parts.sign + parts.currency + parts.yuan + parts.decimals;
}
