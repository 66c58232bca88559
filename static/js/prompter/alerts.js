// @ts-check
/** What was said too much, with the sentence that puts it right: Mandarin to read out, in whatever language the page is. */

import { price } from "../format.js";
import { t } from "../i18n.js";
import { claimKind } from "../panel/claim_words.js";
import { byId, write } from "../ui/element.js";

/** @typedef {import("../panel/stage.js").Claim} Claim */
/** @typedef {import("../panel/stage.js").Price} Price */
/** @typedef {{key: string, what: string, say: string, red: boolean}} Alert */

/** An alert leaves the prompter by itself; on the control page it stays until somebody puts it away. */
const STAYS_MS = 45_000;

/** When this page first saw an alert. @type {Map<string, number>} */
const seen_at = new Map();
let first = true;

/** @param {number} fen */
function yuan(fen) {
  return `${fen % 100 ? (fen / 100).toFixed(2).replace(/0$/, "") : fen / 100}元`;
}

/**
 * @param {Claim[] | null} claims
 * @param {Price[] | null} prices
 * @param {(sku: string) => string} nameOf
 * @returns {Alert[]} oldest first
 */
export function alertsOf(claims, prices, nameOf) {
  const wrong = (prices ?? []).filter(
    (slip, index, all) =>
      slip.price_fen !== slip.expected_fen &&
      !all.slice(index).some((later) => later.sku === slip.sku && later.price_fen === later.expected_fen),
  );
  return [
    ...(claims ?? [])
      .filter((claim) => claim.level !== "true" && !claim.retracted && !claim.seen)
      .map((claim) => ({
        key: `claim-${claim.seq}-${claim.kind}`,
        what: `“${claim.term}” · ${claimKind(claim.kind)}`,
        say: claim.correction_zh,
        red: claim.level === "red",
      })),
    ...wrong.map((slip) => ({
      key: `price-${slip.seq}-${slip.sku}`,
      what: t("报价 {heard}，商品表是 {listed}", { heard: price(slip.price_fen), listed: price(slip.expected_fen) }),
      say: `更正一下，${nameOf(slip.sku)}是${yuan(slip.expected_fen)}`,
      red: true,
    })),
  ];
}

/**
 * Shows the newest alert, a red one before an amber one.
 * @param {Alert[]} alerts
 * @param {number} now
 */
export function renderAlert(alerts, now) {
  for (const { key } of alerts) if (!seen_at.has(key)) seen_at.set(key, first ? Number.NEGATIVE_INFINITY : now);
  first = false;
  const fresh = alerts.filter(({ key }) => now - (seen_at.get(key) ?? now) < STAYS_MS);
  const shown = fresh.findLast((each) => each.red) ?? fresh.at(-1);
  const box = byId("alert");
  box.hidden = !shown;
  if (!shown) return;
  write(/** @type {Element} */ (box.querySelector(".alert-what")), shown.what);
  write(/** @type {Element} */ (box.querySelector(".alert-say")), t("请说：{sentence}", { sentence: shown.say }));
}
