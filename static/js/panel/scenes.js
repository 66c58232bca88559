// @ts-check
/** OBS on the control page: scenes with program and preview marked, mutes, recording, a thumbnail. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, keep, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { eachSecond, serverNow, span } from "./clock.js";
import { openObs } from "./connections.js";
import { cap, hint, titled } from "./key_hints.js";
import { startPicture } from "./picture.js";
import { may, stage, watch } from "./stage.js";

const MICROPHONE = /麦|mic|aux|话筒/i;

/** Draws the panel with its picture. */
export function startScenes() {
  watch(["obs"], render);
  eachSecond(renderRecordingTime);
  render();
  startPicture();
}

/** Puts the focus on the scene on program, so that arrows and Enter choose another. */
export function focusScenes() {
  const scenes = byId("scenes");
  const target = scenes.querySelector('[data-tally="program"]') ?? scenes.querySelector("button");
  if (target instanceof HTMLElement) target.focus();
}

/** Mutes or unmutes the microphone (the input that is named like one, else the first). */
export function toggleMicrophone() {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...byId("inputs").querySelectorAll("button.input")]);
  const button = microphone(buttons);
  if (button) button.click();
  else toast(t("OBS 里没有声音来源"), "bad");
}

/** @param {HTMLButtonElement[]} buttons */
function microphone(buttons) {
  return buttons.find((button) => MICROPHONE.test(button.dataset.input ?? "")) ?? buttons[0];
}

/** Starts the recording, or asks once and stops it. */
export function toggleRecording() {
  const button = byId("inputs").querySelector("button.record");
  if (button) button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  else toast(t("OBS 还没有连上"), "bad");
}

function render() {
  const obs = stage.obs;
  const connected = obs?.state === "connected";
  renderScenes(connected ? obs.scenes : null);
  renderInputs(connected ? obs : null);
  fill(
    byId("obs-badges"),
    connected && obs.streaming ? badge("air", "radio", t("推流中")) : null,
    connected && obs.studio_mode ? badge("", "panels-top-left", t("工作室模式")) : null,
  );
}

/** @param {string[] | null} scenes */
function renderScenes(scenes) {
  const box = byId("scenes");
  if (!scenes) {
    fill(box, h("div", { class: "empty" }, h("p", {}, t("OBS 还没有连上，其余功能照常可用。")), connectButton()));
    return;
  }
  if (!scenes.length) {
    fill(box, empty("clapperboard", t("OBS 里还没有场景。")));
    return;
  }
  box.title = titled(t("场景"), "scenes");
  keep(box, scenes, (scene) => scene, makeScene, updateScene);
}

function connectButton() {
  return h("button", { class: "button", type: "button", onclick: () => void openObs() }, icon("plug"), t("怎么连接"));
}

/** @param {string} scene */
function makeScene(scene) {
  const button = h("button", { class: "button scene", type: "button", disabled: !may("producer") });
  button.addEventListener("click", () => void act(button, () => api.post("/obs/scene", { scene })));
  button.addEventListener("keydown", walk);
  return button;
}

/**
 * @param {HTMLElement} button
 * @param {string} scene
 */
function updateScene(button, scene) {
  const obs = stage.obs;
  const tally = scene === obs?.program ? "program" : obs?.studio_mode && scene === obs.preview ? "preview" : "none";
  if (button.dataset.tally === tally) return;
  button.dataset.tally = tally;
  button.setAttribute("aria-pressed", String(tally === "program"));
  fill(
    button,
    tally === "program" ? icon("radio") : tally === "preview" ? icon("eye") : null,
    h("span", {}, scene),
    tally === "program" ? h("small", {}, t("播出")) : tally === "preview" ? h("small", {}, t("预备")) : null,
  );
}

/** Arrow keys move between scenes. @param {KeyboardEvent} event */
function walk(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const buttons = /** @type {HTMLElement[]} */ ([...byId("scenes").querySelectorAll("button")]);
  const here = buttons.indexOf(/** @type {HTMLElement} */ (event.currentTarget));
  buttons[(here + step + buttons.length) % buttons.length]?.focus();
}

/** @param {import("./stage.js").Obs | null} obs */
function renderInputs(obs) {
  const box = byId("inputs");
  if (!obs) {
    fill(box);
    return;
  }
  const keys = ["record", ...Object.keys(obs.inputs)];
  keep(
    box,
    keys,
    (key) => (key === "record" ? "record" : `input-${key}`),
    makeInput,
    (button, key) =>
      key === "record" ? updateRecord(button, obs) : updateInput(button, key, obs.inputs[key] ?? false),
  );
  const buttons = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("button.input")]);
  const mine = microphone(buttons);
  for (const button of buttons) showKey(button, button === mine);
}

/**
 * The microphone's button bears the key.
 * @param {HTMLElement} button
 * @param {boolean} shown
 */
function showKey(button, shown) {
  if (!shown) {
    button.removeAttribute("aria-keyshortcuts");
    button.querySelector("kbd")?.remove();
  } else if (!button.querySelector("kbd")) {
    hint(button, "mute");
    button.append(cap("mute"));
  }
}

/** @param {string} key */
function makeInput(key) {
  const record = key === "record";
  const button = h("button", {
    class: `button ${record ? "record" : "input"}`,
    type: "button",
    disabled: !may("producer"),
  });
  if (record) button.addEventListener("click", () => void recordPressed(button));
  else
    button.addEventListener(
      "click",
      () => void act(button, () => api.post("/obs/mute", { input: key, muted: !stage.obs?.inputs[key] })),
    );
  return button;
}

/** @param {HTMLElement} button */
async function recordPressed(button) {
  const recording = stage.obs?.recording ?? false;
  const run = () => api.post("/obs/record", { on: !recording });
  if (recording && stage.show?.status === "live") {
    await ask({
      title: t("停止录制？"),
      text: t("直播还在进行。停止后，这之后的画面不会留在录像里。"),
      submit: t("停止录制"),
      sign: "square",
      run,
    });
  } else await act(button, run);
}

/**
 * @param {HTMLElement} button
 * @param {string} name
 * @param {boolean} muted
 */
function updateInput(button, name, muted) {
  const drawn = String(muted);
  if (button.getAttribute("aria-pressed") === drawn) return;
  button.dataset.input = name;
  button.setAttribute("aria-pressed", drawn);
  button.title = muted ? t("点一下打开声音") : t("点一下静音");
  fill(
    button,
    icon(muted ? "mic-off" : "volume-2"),
    h("span", { class: "clip" }, name),
    h("small", {}, muted ? t("已静音") : t("有声")),
  );
}

/**
 * @param {HTMLElement} button
 * @param {import("./stage.js").Obs} obs
 */
function updateRecord(button, obs) {
  const drawn = String(obs.recording);
  if (button.getAttribute("aria-pressed") !== drawn) {
    button.setAttribute("aria-pressed", drawn);
    fill(
      button,
      icon(obs.recording ? "square" : "circle-dot"),
      obs.recording ? t("停止录制") : t("开始录制"),
      h("time", { class: "number" }),
      cap("record"),
    );
    hint(button, "record");
  }
  renderRecordingTime();
}

function renderRecordingTime() {
  const time = document.querySelector(".record time");
  const obs = stage.obs;
  if (!time) return;
  if (!obs?.recording || !obs.recording_ms) write(time, "");
  else write(time, obs.recording_paused ? t("已暂停") : span(serverNow() - obs.recording_ms));
}
