// @ts-check
/** The latest value of every topic (docs/architecture.md), and who draws it. */

/** @typedef {{id: number, position: number, title: string, sku: string | null, scene: string | null, minutes: number | null, points: string[], trust: import("./trust.js").Trust[]}} Item */
/** @typedef {{id: number, title: string, status: "draft" | "live" | "ended", revision: string, started_ms: number | null, ended_ms: number | null, demo: boolean, current_item: number | null, previous_item: number | null, next_item: number | null, standby_item: number | null, passed_over: number[], item_taken_ms: number | null, cue_mode: "off" | "confirm" | "auto", rundown: Item[]}} Show */
/** @typedef {{item_id: number, sku: string, title: string, scene: string | null, heard: string, at: number, until_ms: number, auto_ms: number | null}} Cue */
/** @typedef {{batch: string, produced_on: string | null, best_before: string | null, shelf_life_days: number | null, storage: string | null, origin: string | null}} Lot */
/** @typedef {{sku: string, name: string, aliases: string[], unit: string, price_fen: number, category: string, verified: boolean, missing: string[], lot: Lot | null}} Product */
/** @typedef {Product & {image: string | null, facts: Record<string, string>}} Card */
/** @typedef {{on_hand: number, held: number, sold: number, available: number, initial: number}} Count */
/** @typedef {{as_of: number, items: Record<string, Count>}} Stock */
/** @typedef {{id: number, who: string, product: string, quantity: number, more: number, people: number}} Shoutout */
/** @typedef {{current: Shoutout & {shown_ms: number, until_ms: number} | null, waiting: number, paused: boolean, unseen: boolean}} Shoutouts */
/** @typedef {Shoutout & {order_id: number, priority: number, state: "queued" | "shown" | "ended" | "skipped" | "retracted", showings: number, queued_ms: number, due_ms: number, shown_ms: number | null, ended_ms: number | null, acks: number}} QueuedShoutout */
/** @typedef {{text: string, partial: boolean, settled?: number, names?: string[], seq: number, start: number, end: number, at: number}} Caption */
/** @typedef {{seq: number, start: number, end: number, text: string, product: string | null}} Segment */
/** @typedef {{start: number, end: number}} Gap what was said from here to there is not written down yet */
/** @typedef {{seq: number, product: string | null, kind: string, start: number, end: number, text: string, note?: string | null}} Highlight */
/** @typedef {{question_seq: number, product: string | null, asker: string, question: string, answer: string | null, question_start: number, question_end: number, answer_start: number | null, answer_end: number | null}} Question */
/** @typedef {{seq: number, sku: string, price_fen: number, expected_fen: number, start: number, end: number}} Price */
/** @typedef {{id: number | null, seq: number, product: string | null, kind: string, level: "red" | "amber" | "true", term: string, text: string, start: number, known: number | null, retracted: boolean, seen: boolean, advice_zh: string, advice_en: string, correction_zh: string}} Claim */
/** @typedef {{id: number, seq: number, product: string | null, kind: string, within_hours: number | null, text: string, start: number, state: "draft" | "confirmed" | "dismissed", due_ms: number | null, outcome: "kept" | "late" | "broken" | "void" | null, kept_ms: number | null}} Spoken */
/** @typedef {import("../desk/order.js").Order & {at: number}} Order */
/** @typedef {{paid: number, waiting: number, total_fen: number, recent: Order[]}} Orders */
/** @typedef {{state: "disabled" | "connecting" | "connected" | "off" | "refused", message_zh: string, message_en: string, version: string, program: string | null, preview: string | null, studio_mode: boolean, scenes: string[], inputs: Record<string, boolean>, recording: boolean, recording_ms: number | null, recording_paused: boolean, streaming: boolean}} Obs */
/** @typedef {{name: string, names: string[]}} Choice */
/** @typedef {{code: "stream" | "streaming" | "recording" | "scenes" | "network" | "encoder" | "render" | "cpu" | "disk", level: "amber" | "red", zh: string, en: string}} ObsAlarm */
/** @typedef {{cpu_percent: number, memory_mb: number, disk_mb: number | null, fps: number, render_skipped: number, render_total: number, encode_skipped: number, encode_total: number, stream_skipped: number, stream_total: number, reconnecting: boolean}} ObsLoad */
/** @typedef {{scene: string | null, items: {id: number, source: string, visible: boolean}[], volumes: Record<string, number>, transition: Choice & {duration_ms: number | null} | null, stream: {active: boolean, reconnecting: boolean}, record: {active: boolean, paused: boolean}, replay: {active: boolean} | null, collection: Choice | null, profile: Choice | null, known: string[], load: ObsLoad | null, alarms: ObsAlarm[]}} ObsControls */
/** @typedef {{state: "starting" | "loading" | "listening" | "behind" | "stopped" | "failed", source: string, model: string, lag_s: number, level_db: number | null, dropped_partials: number, waiting_s?: number, message_zh: string, message_en: string, position?: number | null, duration?: number | null}} Ear */

/** @typedef {{id: number, sku: string | null, asker: string, text: string, source: string, state: "open" | "on_screen" | "answered" | "hidden", answer: string | null, draft: boolean, askers: number, asked_since: number, asked_ms: number, changed_ms: number, known?: {id: number, text: string, answer: string, uses: number, confirmed_ms: number} | null}} Asked */
/** @typedef {{id: number, kind: "product" | "recipe" | "free", title: string, state: "draft" | "open" | "closed", total: number, options: {id: number, text: string, sku: string | null, votes: number, winner: boolean}[]}} Poll */
/** @typedef {{id: number, source: string, who: string, text: string, question_id: number | null, at: number}} Comment */

/** @typedef {{id: number, role: "host" | "producer" | "moderator" | "prompter", page: string, device: string, name: string, since_ms: number, deed: string | null, deed_ms: number | null}} Seat */

/**
 * @typedef {object} Topics
 * @property {Asked[] | null} questions
 * @property {Poll[] | null} polls
 * @property {Comment[] | null} comments
 * @property {Show | null} show
 * @property {Cue | null} cue
 * @property {Card | null} product
 * @property {Stock | null} stock
 * @property {Shoutouts | null} shoutout
 * @property {QueuedShoutout[] | null} shoutouts
 * @property {Caption | null} caption
 * @property {Product[] | null} catalogue
 * @property {Segment[] | null} transcript
 * @property {Gap[] | null} gaps
 * @property {Highlight[] | null} highlights
 * @property {Question[] | null} qa
 * @property {Price[] | null} prices
 * @property {Claim[] | null} claims
 * @property {Spoken[] | null} promises
 * @property {Orders | null} orders
 * @property {import("../desk/complaint.js").Complaint[] | null} complaints
 * @property {Obs | null} obs
 * @property {Seat[] | null} presence
 * @property {ObsControls | null} obs_controls
 * @property {Ear | null} ear
 * @property {{rms_db: number, peak_db: number} | null} level
 * @property {{pages: Record<string, number>} | null} overlays
 * @property {{source: string, state: import("./overlay-sources.js").SourceState}[] | null} overlay_sources
 * @property {{zh: string, en: string, at: number} | null} notice
 * @property {{id: number, kind: "take" | "standby" | "add" | "skip" | "hide", what: string} | null} undo
 * @property {import("../prompter/text.js").Place | null} prompter
 * @property {import("./preflight.js").Report | null} preflight
 * @property {{title: string, measure: "orders" | "households" | "units", target: number, count: number} | null} goal
 * @property {{title: string, ends_ms: number, moved: boolean} | null} countdown
 * @property {{texts: string[], points: {name: string}[]} | null} ticker
 * @property {"trace" | "honesty" | "promises" | "miles" | "temperature" | null} panel
 * @property {"on" | "off" | null} captions whether what the host says stands on screen
 * @property {{defects: string[], notes: string[]} | null} honesty
 * @property {{community: {name: string, latitude: number | null, longitude: number | null} | null} | null} miles
 * @property {import("./rehearsal.js").Rehearsal | null} rehearsal
 */

/** @type {Topics} */
export const stage = {
  questions: null,
  polls: null,
  comments: null,
  show: null,
  cue: null,
  product: null,
  stock: null,
  shoutout: null,
  shoutouts: null,
  caption: null,
  catalogue: null,
  transcript: null,
  gaps: null,
  highlights: null,
  qa: null,
  prices: null,
  claims: null,
  promises: null,
  orders: null,
  complaints: null,
  obs: null,
  presence: null,
  obs_controls: null,
  ear: null,
  level: null,
  overlays: null,
  overlay_sources: null,
  notice: null,
  undo: null,
  prompter: null,
  preflight: null,
  goal: null,
  countdown: null,
  ticker: null,
  panel: null,
  captions: null,
  honesty: null,
  miles: null,
  rehearsal: null,
};

/** @typedef {keyof Topics} Topic */

/** @type {Map<Topic, (() => void)[]>} */
const watchers = new Map();

/**
 * Draws whenever one of the topics has a new value.
 * @param {Topic[]} topics
 * @param {() => void} render
 */
export function watch(topics, render) {
  for (const topic of topics) watchers.set(topic, [...(watchers.get(topic) ?? []), render]);
}

/**
 * Takes a topic's new value in and draws it; a panel that fails does not stop the others.
 * @template {Topic} K
 * @param {K} topic
 * @param {Topics[K]} value
 */
export function put(topic, value) {
  stage[topic] = value;
  for (const render of watchers.get(topic) ?? []) {
    try {
      render();
    } catch (error) {
      console.error(`cannot draw ${topic}`, error);
    }
  }
}

/**
 * The catalogue's product, if it knows the SKU.
 * @param {string | null} sku
 */
export function productOf(sku) {
  return stage.catalogue?.find((product) => product.sku === sku) ?? null;
}

/** Whether this page may act as the role (docs/architecture.md, HTTP API). @param {"host" | "producer" | "moderator"} role */
export function may(role) {
  const ranks = ["moderator", "producer", "host"];
  const mine = document.querySelector("[data-role]")?.getAttribute("data-role") ?? "";
  return ranks.indexOf(mine) >= ranks.indexOf(role);
}
