// @ts-check
/** The prompter page: follows the rundown, scrolls with all other prompters, keys and pedals scroll them from here. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { chordOf } from "../panel/keymap.js";
import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { alarmsOf, alertsOf, renderAlert } from "./alerts.js";
import { fullScreen, mirror, resize, startDevice } from "./device.js";
import { factsOf, itemOf, renderClocks, renderFacts, renderPlace, renderQuestions } from "./face.js";
import { putPlace, renderText, startText, stepOf } from "./text.js";

/** @typedef {import("./text.js").Place} Place */

const SIZE_STEP = 8;
const SWIPE_PX = 50;
const WHEEL_MS = 250;
/** Keys that are held turn nothing to and fro. */
const SWITCHES = new Set(["Space", "M", "F"]);

const token = new URLSearchParams(location.search).get("token") ?? undefined;
const link = connect({ page: "prompter", token });

/** @type {{show: import("../panel/stage.js").Show | null, product: import("./face.js").Card | null, stock: import("../panel/stage.js").Stock | null, questions: import("../panel/stage.js").Asked[] | null, claims: import("../panel/stage.js").Claim[] | null, prices: import("../panel/stage.js").Price[] | null, obs_alarms: import("../panel/stage.js").ObsAlarm[] | null, prompter: Place | null}} */
const value = {
  show: null,
  product: null,
  stock: null,
  questions: null,
  claims: null,
  prices: null,
  obs_alarms: null,
  prompter: null,
};
/** Names of products that were on air here, for the correction of a price. @type {Map<string, string>} */
const names = new Map();
let ready = false;

startText(link.now);
startDevice();
for (const topic of /** @type {(keyof typeof value)[]} */ (Object.keys(value)))
  link.on(topic, (next) => {
    value[topic] = next;
    render();
  });
link.status((state) => {
  byId("lost").hidden = state === "live" || state === "connecting";
  if (state === "refused" && !token) location.assign("/login");
});
setInterval(render, 1000);

byId("back").addEventListener("click", () => step(-1));
byId("forth").addEventListener("click", () => step(1));
byId("play").addEventListener("click", toggle);
addEventListener("keydown", press);
swipe();

function render() {
  const now = link.now();
  const { show, product } = value;
  if (product) names.set(product.sku, product.name);
  const item = itemOf(show);
  renderClocks(show, now);
  renderPlace(show);
  renderText(item, nothing(show));
  if (value.prompter) putPlace(value.prompter);
  const card = product && product.sku === item?.sku ? product : null;
  renderFacts(factsOf(card, value.stock), now);
  renderQuestions(value.questions, now);
  // all topics are here before the first alert is judged: what was said before this page opened is no news
  ready ||= value.claims !== null && value.prices !== null && value.obs_alarms !== null;
  if (ready)
    renderAlert(
      [...alarmsOf(value.obs_alarms), ...alertsOf(value.claims, value.prices, (sku) => names.get(sku) ?? sku)],
      now,
    );
}

/** @param {import("../panel/stage.js").Show | null} show */
function nothing(show) {
  if (!show) return t("还没有直播，先在控制台新建一场。");
  if (show.status === "ended") return t("直播结束了，辛苦啦。");
  return t("这一项没有写要点。");
}

/** @param {Partial<{line: number, by: number, playing: boolean, speed: number}>} command */
function scroll(command) {
  // offline: the note about the lost link says it already
  api.post("/prompter", command, { token }).catch(() => {});
}

/** @param {1 | -1} way */
function step(way) {
  scroll(stepOf(way));
}

function toggle() {
  scroll({ playing: !(value.prompter?.playing ?? false) });
}

/** Keys of a keyboard and of pedals, which send those of a keyboard. @param {KeyboardEvent} event */
function press(event) {
  const chord = chordOf(event);
  const onButton = event.target instanceof Element && event.target.closest("button");
  if (onButton && (chord === "Space" || chord === "Enter")) return;
  const run = /** @type {Record<string, () => void>} */ ({
    PageDown: () => step(1),
    ArrowDown: () => step(1),
    ArrowRight: () => step(1),
    PageUp: () => step(-1),
    ArrowUp: () => step(-1),
    ArrowLeft: () => step(-1),
    Home: () => scroll({ line: 0 }),
    Space: toggle,
    "+": () => resize(SIZE_STEP),
    "=": () => resize(SIZE_STEP),
    "-": () => resize(-SIZE_STEP),
    M: mirror,
    F: fullScreen,
  })[chord];
  if (!run) return;
  event.preventDefault();
  if (!event.repeat || !SWITCHES.has(chord)) run();
}

/** A swipe up goes a line on, down a line back. */
function swipe() {
  const script = byId("script");
  let from = 0;
  script.addEventListener("pointerdown", (event) => {
    from = event.clientY;
  });
  script.addEventListener("pointerup", (event) => {
    const far = event.clientY - from;
    if (Math.abs(far) > SWIPE_PX) step(far < 0 ? 1 : -1);
  });
  let turned_ms = Number.NEGATIVE_INFINITY;
  script.addEventListener(
    "wheel",
    (event) => {
      if (event.timeStamp - turned_ms < WHEEL_MS) return; // one turn of a wheel is many events
      turned_ms = event.timeStamp;
      step(event.deltaY > 0 ? 1 : -1);
    },
    { passive: true },
  );
}
