// @ts-check
/** The review of one show: loads what was heard, wires search, filter and keys. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { KIND_SIGNS } from "../panel/kinds.js";
import { connect } from "../socket.js";
import { explain } from "../ui/action.js";
import { byId, empty, fill, h, write } from "../ui/element.js";
import { wireTabs } from "../ui/tabs.js";
import { toast } from "../ui/toast.js";
import { drawBeside } from "./beside.js";
import { startRetake } from "./retake.js";
import { startSummary } from "./summary.js";
import { writeTimes } from "./times.js";
import { drawTranscript, editSelected, filterTranscript, move, moveToFound, selectSegment } from "./transcript.js";
import { editSegment } from "./versions.js";

/** @typedef {import("./transcript.js").Segment} Segment */
/** @typedef {import("./beside.js").Found & {segments: Segment[]}} Transcript */
/** @typedef {{sku: string, name: string, aliases: string[]}} Product */

const root = byId("review");
const query = /** @type {HTMLInputElement} */ (byId("query"));
const product = /** @type {HTMLSelectElement} */ (byId("product"));
const only = /** @type {HTMLInputElement} */ (byId("only-found"));

writeTimes(document);
wireTabs(byId("tabs"));
void load();
void startSummary(root.dataset.show ?? "", root.dataset.role === "host", selectSegment);
const host = root.dataset.role === "host";
const live = root.dataset.live === "true";
/** Of the show on air: not written down yet. @type {import("../panel/gaps.js").Gap[]} */
let gaps = [];
if (host || live) {
  const link = connect({ page: "review" });
  if (host) startRetake(root.dataset.show ?? "", link, load);
  if (live) link.on("gaps", followGaps);
}
query.addEventListener("input", filter);
product.addEventListener("change", filter);
only.addEventListener("change", filter);
document.addEventListener("keydown", onKey);

async function load() {
  /** @type {Transcript} */
  let heard;
  /** @type {Product[]} */
  let products;
  try {
    [heard, { products }] = await Promise.all([
      api.get(`/shows/${root.dataset.show}/transcript`),
      api.get("/products"),
    ]);
  } catch (error) {
    fill(byId("transcript"), h("li", {}, empty("circle-alert", explain(error))));
    return;
  }
  const names = new Map(products.map(({ sku, name }) => [sku, name]));
  const nameOf = (/** @type {string | null} */ sku) => (sku ? (names.get(sku) ?? sku) : "");
  const skus = new Set(heard.segments.map((segment) => segment.product).filter((sku) => sku !== null));
  product.replaceChildren(...[...product.options].slice(0, 1));
  for (const sku of skus) product.append(h("option", { value: sku }, nameOf(sku)));
  drawTranscript(
    heard.segments,
    products,
    nameOf,
    signsOf(heard),
    ({ seq }) => history.replaceState(null, "", `#${seq}`),
    (segment) => void change(segment),
    gaps,
  );
  drawBeside(heard, nameOf, selectSegment, load);
  write(byId("counts"), t("{n} 句", { n: heard.segments.length }));
  filter();
  // an address with #seq opens at that line
  if (/^#-?\d+$/.test(location.hash)) selectSegment(Number(location.hash.slice(1)));
}

/** A gap that came or was filled: the transcript is another. @param {typeof gaps | null} value */
function followGaps(value) {
  const ends = (/** @type {typeof gaps} */ of) => of.map((gap) => gap.end).join(" ");
  const known = ends(gaps);
  gaps = value ?? [];
  if (ends(gaps) !== known) void load();
}

/** @param {Segment} segment */
async function change(segment) {
  try {
    if (await editSegment(root.dataset.show ?? "", segment)) {
      history.replaceState(null, "", `#${segment.seq}`);
      await load();
      byId("transcript").focus();
    }
  } catch (error) {
    toast(explain(error), "bad");
  }
}

/** @param {Transcript} heard */
function signsOf({ highlights, qa, prices, claims, promises }) {
  /** @type {Map<number, string[]>} */
  const signs = new Map();
  const add = (/** @type {number} */ seq, /** @type {string} */ sign) =>
    signs.set(seq, [...(signs.get(seq) ?? []), sign]);
  for (const each of highlights) add(each.seq, KIND_SIGNS[each.kind] ?? "star");
  for (const each of qa) add(each.question_seq, "message-circle-question-mark");
  for (const each of prices) if (each.price_fen !== each.expected_fen) add(each.seq, "triangle-alert");
  for (const each of claims) if (each.level !== "true") add(each.seq, "shield-check");
  for (const each of promises) add(each.seq, "handshake");
  return signs;
}

function filter() {
  const asked = query.value.trim() || product.value;
  const matches = filterTranscript({ query: query.value, product: product.value, only: only.checked });
  write(byId("found"), asked ? t("找到 {n} 句", { n: matches }) : "");
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const typing = target === query;
  if (target.closest("select, a, button, [role=tabpanel]") || (target.closest("input") && !typing)) return;
  const run = typing ? keysWhileTyping(event) : keys(event);
  if (!run) return;
  event.preventDefault();
  run();
}

/** @param {KeyboardEvent} event */
function keysWhileTyping({ key, shiftKey }) {
  if (key === "Enter") return () => moveToFound(shiftKey ? -1 : 1);
  if (key === "ArrowDown") return () => byId("transcript").focus();
  if (key !== "Escape") return undefined;
  return () => {
    query.value = "";
    filter();
    byId("transcript").focus();
  };
}

/** @param {KeyboardEvent} event */
function keys({ key, shiftKey }) {
  /** @type {Record<string, () => void>} */
  const actions = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    "/": () => query.focus(),
    e: editSelected,
    n: () => moveToFound(1),
    N: () => moveToFound(-1),
    Enter: () => moveToFound(shiftKey ? -1 : 1),
  };
  return actions[key];
}
