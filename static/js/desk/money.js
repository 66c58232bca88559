// @ts-check
/** Yuan as people type them. */

/**
 * "12", "12.5", "¥12.50" → 1250; null for anything that is no amount.
 * @param {string} typed
 * @returns {number | null}
 */
export function fenOf(typed) {
  const match = /^[¥￥]?\s*(\d{1,9})(?:[.．](\d{1,2}))?$/.exec(typed.normalize("NFKC").trim());
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

/** 1250 → "12.50", as a field holds it. @param {number} fen */
export function yuanOf(fen) {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}
