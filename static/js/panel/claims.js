// @ts-check
/** Claims that need care: an alert, and a list. */

import { api } from "../api.js";
import { mediaTime } from "../format.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, empty, fill, h, keep, write } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { claimBadge, claimKind, claimNote } from "./claim_words.js";
import { productOf, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Claim} Claim */

/** Ids of claims that came before a show was live: nothing to put away on the server. @type {Set<number>} */
const putAway = new Set();

/** Draws the alert and the list. */
export function startClaims() {
  watch(["claims", "catalogue"], renderClaims);
  byId("claim-alert")
    .querySelector("button")
    ?.addEventListener("click", (event) => {
      const alert = pending().at(-1);
      if (alert) void dismiss(/** @type {Element} */ (event.currentTarget), alert);
    });
  renderClaims();
}

/** Claims that nobody has put away, taken back, or that are borne out. */
function pending() {
  return (stage.claims ?? []).filter(
    (claim) =>
      claim.level === "red" && !claim.retracted && !claim.seen && !(claim.id === null && putAway.has(claim.seq)),
  );
}

/**
 * @param {Element} button
 * @param {Claim} claim
 */
async function dismiss(button, claim) {
  if (claim.id === null) {
    putAway.add(claim.seq);
    renderClaims();
  } else await act(button, () => api.post(`/claims/${claim.id}/seen`));
}

function renderClaims() {
  const pane = byId("pane-claims");
  const heard = [...(stage.claims ?? [])].reverse();
  const alerts = pending();
  count("claims", alerts.length, alerts.length > 0);
  renderAlert(alerts.at(-1));
  if (!heard.length) {
    fill(pane, empty("shield-check", t("绝对化、功效、紧缺和原价这类话会在这里核对，说过头时立刻提醒。")));
    return;
  }
  keep(
    pane,
    heard,
    (claim) => `${claim.seq}-${claim.kind}`,
    () => h("div", { class: "entry" }),
    (element, claim) =>
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          claimBadge(claim),
          h("time", {}, mediaTime(claim.start)),
          h("span", {}, [claimKind(claim.kind), productOf(claim.product)?.name].filter(Boolean).join(" · ")),
        ),
        h("p", { lang: "zh-CN" }, ...marked(claim.text, claim.term)),
        claimNote(claim) ? h("p", { class: "soft" }, claimNote(claim)) : null,
        claim.correction_zh && !claim.retracted ? h("p", { class: "say", lang: "zh-CN" }, claim.correction_zh) : null,
      ),
  );
}

/** @param {Claim | undefined} claim the newest that is still to be put right */
function renderAlert(claim) {
  const banner = byId("claim-alert");
  banner.hidden = claim === undefined;
  if (!claim) return;
  const words = t("“{term}”不能这么说（{kind}）。{advice}。当场收回就记为已更正。", {
    term: claim.term,
    kind: claimKind(claim.kind),
    advice: claimNote(claim) || (language() === "en" ? claim.advice_en : claim.advice_zh),
  });
  write(byId("claim-words"), words);
  write(byId("claim-say"), claim.correction_zh);
}

/**
 * The text with the term marked.
 * @param {string} text
 * @param {string} term
 */
function marked(text, term) {
  const at = text.indexOf(term);
  return at < 0 ? [text] : [text.slice(0, at), h("mark", {}, term), text.slice(at + term.length)];
}
