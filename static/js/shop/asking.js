// @ts-check
/** Questions to the host and the open poll. */
import { dayOf } from "../format.js";
import { t } from "../i18n.js";
import { call, Problem } from "./net.js";
import { byId, toast, write } from "./page.js";

const VOTED = "linli.voted";
const KNOWN_FROM = 4;
const QUIET_MS = 600;

export function startAsking() {
  const form = /** @type {HTMLFormElement} */ (byId("ask"));
  const input = /** @type {HTMLInputElement} */ (byId("ask-text"));
  const error = byId("ask-error");
  tellKnown(input);
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (busy || !text) return;
    busy = true;
    error.hidden = true;
    try {
      const answer = await call("POST", "/questions", { text });
      input.value = "";
      byId("ask-known").hidden = true;
      toast(answer.answer ? t("团长答过：{answer}", { answer: answer.answer }) : t("问题送到了，团长会在直播里回答"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      error.textContent = problem.detail;
      error.hidden = false;
    }
    busy = false;
  });
  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-option]");
    const poll = button?.closest("[data-poll]")?.getAttribute("data-poll");
    if (button && poll) vote(poll, Number(button.getAttribute("data-option")));
  });
  showVote();
}

/**
 * While a question is being written, tells what the host answered to it before, with the day: asking stays possible.
 * @param {HTMLInputElement} input
 */
function tellKnown(input) {
  const line = byId("ask-known");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    line.hidden = true;
    const text = input.value.trim();
    if (text.length < KNOWN_FROM) return;
    timer = setTimeout(async () => {
      const { known } = await call("GET", `/answers?${new URLSearchParams({ text })}`).catch(() => ({ known: null }));
      if (!known || input.value.trim() !== text) return;
      const date = dayOf(known.answered_ms);
      write(line, t("之前答过（{date}）：{answer}", { date, answer: known.answer }));
      line.hidden = false;
    }, QUIET_MS);
  });
}

/**
 * @param {any} poll shape of the `poll` topic, or null
 * @returns {boolean} whether the page shows this poll in this state already; if not, it has to be drawn anew
 */
export function showPoll(poll) {
  const place = byId("poll").querySelector("[data-poll]");
  if (!poll || !place) return !poll && !place;
  if (place.getAttribute("data-poll") !== String(poll.id) || place.getAttribute("data-state") !== poll.state)
    return false;
  const total = place.querySelector("[data-total]");
  if (total) write(total, t("{n} 票", { n: poll.total }));
  for (const option of poll.options) {
    const button = place.querySelector(`[data-option="${option.id}"]`);
    const [votes, share] = [button?.querySelector("[data-votes]"), button?.querySelector("progress")];
    if (!votes || !share) return false;
    write(votes, String(option.votes));
    share.max = poll.total || 1;
    share.value = option.votes;
  }
  return true;
}

/** Marks what this browser chose. */
export function showVote() {
  const place = byId("poll").querySelector("[data-poll]");
  const mine = place && voted()[place.getAttribute("data-poll") ?? ""];
  for (const button of byId("poll").querySelectorAll("[data-option]"))
    button.setAttribute("aria-pressed", String(button.getAttribute("data-option") === String(mine)));
}

/**
 * @param {string} poll
 * @param {number} option
 */
async function vote(poll, option) {
  try {
    const answer = await call("POST", `/polls/${poll}/vote`, { option_id: option });
    try {
      localStorage.setItem(VOTED, JSON.stringify({ [poll]: option }));
    } catch {
      // the vote counts, the mark is lost with the page
    }
    showPoll(answer.poll);
    showVote();
    toast(t("已投票"));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.detail);
  }
}

/** @returns {Record<string, number>} */
function voted() {
  try {
    return JSON.parse(localStorage.getItem(VOTED) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
