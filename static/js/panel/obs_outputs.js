// @ts-check
/** What OBS puts out: stream, recording, replay buffer; their buttons and their keys. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { may, put, stage } from "./stage.js";

/**
 * A command whose answer is the topic itself: drawn at once, not only when the socket brings it.
 * @param {string} path
 * @param {unknown} body
 */
export async function send(path, body) {
  put("obs_controls", await api.post(path, body));
}

/** @param {import("./stage.js").ObsControls} controls */
export function outputRow({ stream, record, replay }) {
  const host = may("host");
  return [
    host || stream.active
      ? press(
          "radio",
          stream.reconnecting ? t("推流重连中") : stream.active ? t("停止推流") : t("开始推流"),
          stream.active,
          switchStream,
          !host,
        )
      : null,
    record.active
      ? press(
          record.paused ? "circle-dot" : "pause",
          record.paused ? t("继续录制") : t("暂停录制"),
          record.paused,
          () => send("/obs/record/pause", { paused: !record.paused }),
        )
      : null,
    replay
      ? press("history", replay.active ? t("停止回放缓存") : t("开启回放缓存"), replay.active, () =>
          send("/obs/replay", { on: !replay.active }),
        )
      : h("p", { class: "soft small" }, t("回放缓存没有设置：在 OBS 设置 → 输出 → 回放缓存里勾选。")),
    replay?.active ? press("download", t("存下刚才一段"), null, keepReplay) : null,
  ];
}

/** Starts the stream; whoever stops it is asked once. */
async function switchStream() {
  const active = stage.obs_controls?.stream.active ?? false;
  if (active) await askForStream(false);
  else await send("/obs/stream", { on: true });
}

/** The key: it asks both ways, a slip must not put the host before an audience. */
export function toggleStream() {
  const controls = stage.obs_controls;
  if (!controls) return toast(t("OBS 还没有连上"), "bad");
  if (!may(controls.stream.active ? "producer" : "host")) return toast(t("开始推流要由主播来按"), "bad");
  return askForStream(!controls.stream.active);
}

/** @param {boolean} on */
function askForStream(on) {
  return ask({
    title: on ? t("开始推流？") : t("停止推流？"),
    text: on ? t("观众会马上看到画面。") : t("观众会马上看不到画面。"),
    submit: on ? t("开始推流") : t("停止推流"),
    sign: on ? "radio" : "square",
    run: () => send("/obs/stream", { on }),
  });
}

/** Keeps what the replay buffer holds. */
export function saveReplay() {
  const controls = stage.obs_controls;
  if (!controls) return toast(t("OBS 还没有连上"), "bad");
  if (!controls.replay?.active) return toast(t("回放缓存没有开：在“来源、转场与输出”里开启"), "bad");
  return act(null, keepReplay);
}

async function keepReplay() {
  const { path } = await api.post("/obs/replay/save");
  toast(t("存下了刚才一段：{path}", { path }));
}

/**
 * @param {string} sign
 * @param {string} word
 * @param {boolean | null} pressed
 * @param {() => Promise<unknown>} run
 * @param {boolean} [disabled]
 */
export function press(sign, word, pressed, run, disabled = !may("producer")) {
  const button = h(
    "button",
    { class: "button", type: "button", disabled, "aria-pressed": pressed === null ? null : String(pressed) },
    icon(sign),
    word,
  );
  button.addEventListener("click", () => {
    button.blur();
    void act(button, run);
  });
  return button;
}
