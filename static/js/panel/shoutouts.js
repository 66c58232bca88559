// @ts-check
/** The shout-out queue: who is thanked on screen now, how many wait, pause and skip. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { stage, watch } from "./stage.js";

const now = h("span", { class: "shout-now clip" });
const queue = h("span", { class: "soft small" });
const skip = h(
  "button",
  { class: "button quiet", type: "button", onclick: () => void skipCurrent() },
  icon("skip-forward"),
  t("跳过"),
);
const pause = h("button", { class: "button quiet", type: "button", onclick: () => void togglePause() });

/** Draws the strip. */
export function startShoutouts() {
  fill(byId("shout"), icon("megaphone"), h("p", { class: "grow" }, now, queue), skip, pause);
  watch(["shoutout"], render);
  render();
}

/** Holds the queue, or lets it go on. */
export async function togglePause() {
  await act(pause, () => api.post("/shoutouts/pause", { paused: !stage.shoutout?.paused }));
}

async function skipCurrent() {
  const current = stage.shoutout?.current;
  if (current) await act(skip, () => api.post(`/shoutouts/${current.id}/skip`));
}

function render() {
  const value = stage.shoutout;
  const current = value?.current ?? null;
  const paused = value?.paused ?? false;
  write(now, current ? thanks(current) : paused ? t("感谢播报已暂停") : t("感谢播报"));
  now.title = now.textContent ?? "";
  write(queue, value?.waiting ? t("还有 {n} 条在排队", { n: value.waiting }) : t("付款的订单会在这里排队上屏"));
  skip.hidden = !current;
  if (pause.getAttribute("aria-pressed") !== String(paused)) {
    pause.setAttribute("aria-pressed", String(paused));
    fill(pause, icon(paused ? "play" : "pause"), paused ? t("继续") : t("暂停"));
  }
}

/** @param {import("./stage.js").Shoutout} shoutout */
function thanks({ who, product, quantity, more }) {
  const bought = t("{who} · {product} ×{quantity}", { who, product, quantity });
  return more ? t("{bought} 等 {n} 样", { bought, n: more + 1 }) : bought;
}
