// @ts-check
/** What binds the host: claims that need care as an alert and a list, promises to confirm. */

import { api } from "../api.js";
import { mediaTime } from "../format.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { badge, byId, empty, fill, h, icon, keep, write } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { claimBadge, claimKind, claimNote, promiseWords } from "./claim_words.js";
import { productOf, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Claim} Claim */
/** @typedef {import("./stage.js").Spoken} Spoken */

/** Ids of claims that came before a show was live: nothing to put away on the server. @type {Set<number>} */
const putAway = new Set();

/** Draws the alert, the list of claims and the list of promises. */
export function startClaims() {
  watch(["claims", "catalogue"], renderClaims);
  watch(["promises", "catalogue"], renderPromises);
  byId("claim-alert")
    .querySelector("button")
    ?.addEventListener("click", (event) => {
      const alert = pending().at(-1);
      if (alert) void dismiss(/** @type {Element} */ (event.currentTarget), alert);
    });
  renderClaims();
  renderPromises();
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

function renderPromises() {
  const pane = byId("pane-promises");
  const heard = [...(stage.promises ?? [])].reverse();
  const drafts = heard.filter((each) => each.state === "draft").length;
  count("promises", drafts, drafts > 0);
  if (!heard.length) {
    fill(pane, empty("handshake", t("说出口的承诺会记在这里，确认后开始计时。")));
    return;
  }
  keep(
    pane,
    heard,
    (each) => each.id,
    () => h("div", { class: "entry" }),
    (element, each) => {
      const drawn = JSON.stringify([each, productOf(each.product)?.name]);
      if (element.dataset.drawn === drawn) return;
      element.dataset.drawn = drawn;
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          state(each),
          h("time", {}, mediaTime(each.start)),
          h("span", {}, [promiseWords(each), productOf(each.product)?.name].filter(Boolean).join(" · ")),
        ),
        h("p", { lang: "zh-CN" }, each.text),
        each.state === "draft" ? choice(each) : null,
      );
    },
  );
}

/** @param {Spoken} promise */
function state(promise) {
  if (promise.state === "confirmed") return badge("good", "check", t("已确认"));
  if (promise.state === "dismissed") return badge("", "x", t("不是承诺"));
  return badge("warn", "handshake", t("待确认"));
}

/** @param {Spoken} promise */
function choice(promise) {
  /** @param {string} to @param {string} sign @param {string} words @param {string} kind */
  const button = (to, sign, words, kind) =>
    h(
      "button",
      {
        class: `button ${kind}`,
        type: "button",
        onclick: (/** @type {Event} */ event) =>
          act(/** @type {Element} */ (event.currentTarget), () => api.put(`/promises/${promise.id}`, { state: to })),
      },
      icon(sign),
      words,
    );
  return h(
    "div",
    { class: "entry-tools" },
    button("confirmed", "check", t("确认"), "main"),
    button("dismissed", "x", t("不是承诺"), "quiet"),
  );
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
