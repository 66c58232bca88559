// @ts-check
/** What was said too much, with the sentence that puts it right (Mandarin to read out, in whatever language the page is), and alarms of OBS. */

import { price } from "../format.js";
import { language, t } from "../i18n.js";
import { claimKind } from "../panel/claim_words.js";
import { byId, write } from "../ui/element.js";

/** @typedef {import("../panel/stage.js").Claim} Claim */
/** @typedef {import("../panel/stage.js").Price} Price */
/** @typedef {import("../panel/stage.js").ObsAlarm} ObsAlarm */
/** @typedef {{key: string, what: string, say: string, red: boolean, lasting: boolean}} Alert */

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
        say: t("请说：{sentence}", { sentence: claim.correction_zh }),
        red: claim.level === "red",
        lasting: false,
      })),
    ...wrong.map((slip) => ({
      key: `price-${slip.seq}-${slip.sku}`,
      what: t("报价 {heard}，商品表是 {listed}", { heard: price(slip.price_fen), listed: price(slip.expected_fen) }),
      say: t("请说：{sentence}", { sentence: `更正一下，${nameOf(slip.sku)}是${yuan(slip.expected_fen)}` }),
      red: true,
      lasting: false,
    })),
  ];
}

/**
 * @param {ObsAlarm[] | null} alarms
 * @returns {Alert[]}
 */
export function alarmsOf(alarms) {
  return (alarms ?? []).map((alarm) => ({
    key: `obs-${alarm.code}`,
    what: "OBS",
    say: language() === "en" ? alarm.en : alarm.zh,
    red: alarm.level === "red",
    lasting: true,
  }));
}

/**
 * Shows the newest alert, a red one before an amber one; one that was over and comes again is new.
 * @param {Alert[]} alerts
 * @param {number} now
 */
export function renderAlert(alerts, now) {
  const standing = new Set(alerts.map(({ key }) => key));
  for (const key of seen_at.keys()) if (!standing.has(key)) seen_at.delete(key);
  // what was said before this page opened is no news; an alarm holds now
  for (const { key, lasting } of alerts)
    if (!seen_at.has(key)) seen_at.set(key, first && !lasting ? Number.NEGATIVE_INFINITY : now);
  first = false;
  const fresh = alerts.filter(({ key }) => now - (seen_at.get(key) ?? now) < STAYS_MS);
  const shown = fresh.findLast((each) => each.red) ?? fresh.at(-1);
  const box = byId("alert");
  box.hidden = !shown;
  if (!shown) return;
  write(/** @type {Element} */ (box.querySelector(".alert-what")), shown.what);
  write(/** @type {Element} */ (box.querySelector(".alert-say")), shown.say);
}
