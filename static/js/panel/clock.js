// @ts-check
/** Time on air. Counts by the server's clock, the laptop's may be wrong. */

import { t } from "../i18n.js";
import { byId, write } from "../ui/element.js";
import { stage, watch } from "./stage.js";

/** The server's clock, UTC milliseconds; `startClock` gives it. */
export let serverNow = () => Date.now();

/**
 * `1:02:03` of a span.
 * @param {number} span_ms
 */
export function span(span_ms) {
  const seconds = Math.max(0, Math.floor(span_ms / 1000));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** @type {(() => void)[]} */
const ticking = [];

/**
 * Draws once a second.
 * @param {() => void} render
 */
export function eachSecond(render) {
  ticking.push(render);
}

/**
 * Starts the on-air state and its clock.
 * @param {() => number} now the server's clock, UTC milliseconds
 */
export function startClock(now) {
  serverNow = now;
  watch(["show"], render);
  eachSecond(render);
  setInterval(() => {
    for (const draw of ticking) draw();
  }, 1000);
}

function render() {
  const show = stage.show;
  const status = show?.status ?? "none";
  const on_air = "rehearsal" in document.documentElement.dataset ? t("彩排中") : t("直播中");
  const words = { none: t("未开播"), draft: t("未开播"), live: on_air, ended: t("已结束") };
  byId("air").dataset.status = status;
  write(/** @type {Element} */ (byId("air-state").querySelector("strong")), words[status]);
  const clock = byId("air-clock");
  if (show?.started_ms) write(clock, span((show.ended_ms ?? serverNow()) - show.started_ms));
  const sign = status === "live" ? `● ${on_air} · ` : "";
  document.title = show ? `${sign}${show.title} · ${t("邻里直播间")}` : t("邻里直播间");
}
