// @ts-check
/** Connection lights: OBS, microphone, speech model, overlays; each an icon, a word and, on a click, what to do. */

import { t } from "../i18n.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { openEar, openModel, openObs, openOverlays } from "./connections.js";
import { blankSources } from "./overlay-sources.js";
import { stage, watch } from "./stage.js";

/** @typedef {{state: "good" | "warn" | "bad" | "idle", sign: string, word: string}} Light */

const QUIET_DB = -55;
const QUIET_MS = 5000;
const FLOOR_DB = -60;
const LOUD_DB = -3;
const CLIPPED_DB = -0.1;
const CLIPPED_MS = 5000;
const CLIPPED_TIMES = 3;

/** When something was last heard, performance clock. */
let heard_at = -Infinity;
/** When the sound was at full scale. @type {number[]} */
let clipped = [];

/** Draws the lights and the level meter. */
export function startLights() {
  /** @type {[string, () => string, () => Light, () => unknown, (keyof import("./stage.js").Topics)[]][]} */
  const lights = [
    ["obs", () => "OBS", obsLight, openObs, ["obs", "obs_controls"]],
    ["mic", () => t("声音"), microphoneLight, openEar, ["ear", "level"]],
    ["model", () => t("识别"), modelLight, openModel, ["ear"]],
    ["overlays", () => t("叠加画面"), overlaysLight, openOverlays, ["overlays", "overlay_sources"]],
  ];
  for (const [name, title, read, open, topics] of lights) {
    const button = h("button", {
      class: "button quiet light",
      type: "button",
      "data-light": name,
      onclick: () => void open(),
    });
    const word = h("small");
    byId("lights").append(button);
    const render = () => {
      const { state, sign, word: text } = read();
      if (button.dataset.state !== state || button.dataset.sign !== sign) {
        button.dataset.state = state;
        button.dataset.sign = sign;
        fill(button, icon(sign), h("span", {}, h("span", {}, title()), word));
      }
      write(word, text);
      button.setAttribute("aria-label", t("{name}：{state}", { name: title(), state: text }));
      button.title = `${title()} · ${text}`;
    };
    watch(topics, render);
    render();
  }
  watch(["level", "ear"], renderMeter);
  byId("open-ear").addEventListener("click", () => void openEar());
}

/** What an alarm of OBS is called where there is room for a word; the whole sentence stands in the panel. */
const ALARM_WORDS = {
  stream: () => t("推流断了"),
  streaming: () => t("推流停了"),
  recording: () => t("录像停了"),
  scenes: () => t("缺场景"),
  network: () => t("网络丢帧"),
  encoder: () => t("编码丢帧"),
  render: () => t("渲染丢帧"),
  cpu: () => t("电脑太忙"),
  disk: () => t("硬盘快满"),
};

/** @returns {Light} */
function obsLight() {
  const state = stage.obs?.state;
  if (state === "connected") return connectedLight();
  if (state === "connecting") return { state: "warn", sign: "monitor-dot", word: t("连接中") };
  if (state === "refused") return { state: "bad", sign: "monitor-x", word: t("被拒绝") };
  if (state === "off") return { state: "bad", sign: "monitor-off", word: t("没连上") };
  return { state: "idle", sign: "monitor", word: t("未启用") };
}

/** @returns {Light} */
function connectedLight() {
  const { alarms, stream, record } = stage.obs_controls ?? {};
  const alarm = alarms?.[0];
  if (alarm)
    return { state: alarm.level === "red" ? "bad" : "warn", sign: "triangle-alert", word: ALARM_WORDS[alarm.code]() };
  if (stream?.active) return { state: "good", sign: "radio", word: t("推流中") };
  if (record?.active) return { state: "good", sign: "circle-dot", word: t("录像中") };
  return { state: "good", sign: "monitor-check", word: t("已连接") };
}

/** @returns {Light} */
function microphoneLight() {
  const ear = stage.ear;
  if (!ear || ear.state === "stopped") return { state: "idle", sign: "mic", word: t("未启用") };
  if (ear.state === "failed") return { state: "bad", sign: "mic-off", word: t("出错") };
  if (ear.state === "starting" || ear.state === "loading") return { state: "warn", sign: "mic", word: t("启动中") };
  const level = stage.level?.rms_db ?? ear.level_db;
  if (level !== null && level > QUIET_DB) heard_at = performance.now();
  if (performance.now() - heard_at > QUIET_MS) return { state: "warn", sign: "mic-off", word: t("没有声音") };
  if (clips()) return { state: "warn", sign: "mic", word: t("太响，破音") };
  return { state: "good", sign: "mic", word: t("有声音") };
}

/** Whether the sound was at full scale several times within the last seconds: turn the microphone down. */
function clips() {
  const now = performance.now();
  if ((stage.level?.peak_db ?? FLOOR_DB) >= CLIPPED_DB) clipped.push(now);
  clipped = clipped.filter((at) => now - at < CLIPPED_MS);
  return clipped.length >= CLIPPED_TIMES;
}

/** @returns {Light} */
function modelLight() {
  const ear = stage.ear;
  if (!ear || ear.state === "stopped") return { state: "idle", sign: "captions-off", word: t("未启用") };
  if (ear.state === "failed") return { state: "bad", sign: "captions-off", word: t("出错") };
  if (ear.waiting_s) return { state: "warn", sign: "gauge", word: t("待补 {n} 秒", { n: Math.round(ear.waiting_s) }) };
  if (ear.state === "behind")
    return { state: "warn", sign: "gauge", word: t("慢 {n} 秒", { n: Math.round(ear.lag_s) }) };
  if (ear.state === "listening") return { state: "good", sign: "captions", word: t("跟得上") };
  return { state: "warn", sign: "loader", word: t("加载中") };
}

/** @returns {Light} */
function overlaysLight() {
  const pages = Object.values(stage.overlays?.pages ?? {}).reduce((sum, each) => sum + each, 0);
  const blank = blankSources();
  if (blank) return { state: "bad", sign: "layers", word: t("{n} 个空白", { n: blank }) };
  if (pages) return { state: "good", sign: "layers", word: t("{n} 个在线", { n: pages }) };
  return { state: "warn", sign: "layers", word: t("没有打开") };
}

function renderMeter() {
  const meter = byId("meter");
  const listening = stage.ear?.state === "listening" || stage.ear?.state === "behind";
  const level = listening ? stage.level : null;
  const db = Math.max(FLOOR_DB, Math.min(0, level?.rms_db ?? FLOOR_DB));
  /** @type {HTMLElement} */ (meter.firstElementChild).style.scale = `${1 - db / FLOOR_DB} 1`;
  meter.toggleAttribute("data-loud", (level?.peak_db ?? FLOOR_DB) > LOUD_DB);
  meter.setAttribute("aria-valuenow", String(Math.round(db)));
  meter.setAttribute("aria-disabled", String(!listening));
}
