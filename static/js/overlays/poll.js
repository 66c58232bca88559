// @ts-check
/** A poll while buyers vote, and for a minute after it closed what they chose. */
import { count } from "../format.js";
import { t } from "../i18n.js";
import { enter, leave, roll } from "./motion.js";
import { image, part, write, writeWords } from "./parts.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{id: number, text: string, votes: number, winner: boolean}} Option */
/**
 * @typedef {object} Poll
 * @property {number} id
 * @property {string} title
 * @property {"open" | "closed"} state
 * @property {number | null} closed_ms
 * @property {number} total
 * @property {Option[]} options
 * @property {string} url
 * @property {string | null} qr data URL
 * @property {boolean} [qr_lan] only phones in the same network open it
 */

const CHOSEN_MS = 60_000;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 */
export function mountPoll(root, link) {
  /** @type {Poll | null} */
  let current = null;
  /** @type {number | null} id of what is written on the element */
  let shown = null;
  let first = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const show = () => {
    clearTimeout(timer);
    if (!current) return;
    const arriving = root.hidden || root.classList.contains("leaving");
    shown = current.id;
    root.dataset.state = current.state;
    render(root, current);
    if (arriving) enter(root, first ? Number.POSITIVE_INFINITY : 0);
    // it goes by itself: when its time is over the server may be away
    if (current.state === "closed") timer = setTimeout(() => leave(root), left(current));
  };

  /** @param {Poll} poll */
  const left = (poll) => (poll.closed_ms ?? 0) + CHOSEN_MS - link.now();

  link.on("poll", (/** @type {Poll | null} */ value) => {
    const over = value?.state === "closed" && (!value.total || left(value) <= 0);
    const other = !root.hidden && value?.id !== shown;
    current = over ? null : value;
    if (!current || other) {
      clearTimeout(timer);
      if (root.hidden) show();
      else leave(root, show);
    } else {
      show();
    }
    first = false;
  });
}

/**
 * @param {HTMLElement} root
 * @param {Poll} poll
 */
function render(root, poll) {
  const open = poll.state === "open";
  const winners = poll.options.filter((option) => option.winner);
  writeWords(part(root, "poll-title"), poll.title);
  write(part(root, "poll-total"), t("共 {n} 票", { n: count(poll.total) }));
  part(root, "poll-options").hidden = !open;
  part(root, "poll-chosen").hidden = open;
  if (open) {
    renderOptions(part(root, "poll-options"), poll);
  } else {
    writeWords(part(root, "poll-title"), winners.length > 1 ? t("平票") : t("你们选的"));
    writeWords(part(root, "poll-winner"), winners.map((option) => option.text).join(t("、")));
    const votes = count(winners[0]?.votes ?? 0);
    write(
      part(root, "poll-share"),
      winners.length > 1
        ? t("各 {n} 票", { n: votes })
        : t("{n} 票 / 共 {total} 票", { n: votes, total: count(poll.total) }),
    );
    write(part(root, "poll-url"), poll.qr ? poll.url.replace(/^https?:\/\//, "").replace(/#.*$/, "") : "");
  }
  part(root, "poll-total").hidden = !open;
  part(root, "poll-qr").hidden = !poll.qr;
  if (poll.qr && image(root, "poll-qr-image").getAttribute("src") !== poll.qr)
    image(root, "poll-qr-image").src = poll.qr;
  write(part(root, "poll-qr-word"), poll.qr_lan ? t("同一 Wi-Fi 扫码") : open ? t("扫码投票") : t("扫码看看"));
}

/**
 * Rows of a poll stay, so that their bars and numbers move.
 *
 * @param {HTMLElement} list
 * @param {Poll} poll
 */
function renderOptions(list, poll) {
  const ids = poll.options.map((option) => option.id).join();
  if (list.dataset.options !== ids) {
    list.dataset.options = ids;
    list.replaceChildren(...poll.options.map(makeRow));
  }
  for (const [index, option] of poll.options.entries()) {
    const row = /** @type {HTMLElement} */ (list.children[index]);
    const before = Number(row.dataset.votes ?? option.votes);
    row.dataset.votes = String(option.votes);
    row.style.setProperty("--share", (poll.total ? option.votes / poll.total : 0).toFixed(4));
    roll(part(row, "poll-votes"), count(option.votes), option.votes > before ? 1 : option.votes < before ? -1 : 0);
  }
}

/** @param {Option} option */
function makeRow(option) {
  const row = document.createElement("li");
  const text = document.createElement("bdi");
  const votes = document.createElement("span");
  text.className = "poll-text";
  text.textContent = option.text;
  votes.className = "poll-votes";
  votes.dataset.part = "poll-votes";
  row.append(text, votes);
  return row;
}
