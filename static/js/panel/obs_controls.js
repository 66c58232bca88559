// @ts-check
/** OBS to the full: sources, transitions, volumes with meters, outputs, figures and their alarms, in one dialog. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { outputRow, press, send } from "./obs_outputs.js";
import { openSetup } from "./obs_setup.js";
import { may, stage, watch } from "./stage.js";

const QUIETEST_DB = -60;
const PICTURE_MS = 2000;
/** Of OBS's faders; below it an input is as good as silent. */
const LOWEST_DB = -60;

/** @type {{items: HTMLElement, scenes: HTMLElement, transition: HTMLElement, sounds: HTMLElement, outputs: HTMLElement, choices: HTMLElement, figures: HTMLElement} | null} */
let open = null;

/** Draws the alarms beside the panel's title, and the dialog. @param {import("../socket.js").Link} link */
export function startObsControls(link) {
  const button = byId("open-obs-controls");
  button.addEventListener("click", () => void openControls(link));
  watch(["obs_controls"], () => {
    button.hidden = !stage.obs_controls;
    fill(
      byId("obs-alarms"),
      ...(stage.obs_controls?.alarms ?? []).map((alarm) =>
        badge(alarm.level === "red" ? "bad" : "warn", "triangle-alert", language() === "en" ? alarm.en : alarm.zh),
      ),
    );
    render();
  });
  watch(["obs"], render);
}

/** @param {import("../socket.js").Link} link */
async function openControls(link) {
  open = {
    scenes: h("div", { class: "obs-scenes" }),
    items: h("ul", { class: "obs-items" }),
    transition: h("div", { class: "obs-row" }),
    sounds: h("ul", { class: "obs-sounds" }),
    outputs: h("div", { class: "obs-row" }),
    choices: h("div", { class: "pair" }),
    figures: h("dl", { class: "obs-figures" }),
  };
  const setup = h(
    "button",
    { class: "button", type: "button", disabled: !may("producer"), onclick: () => void openSetup() },
    icon("wand-sparkles"),
    t("布置场景和叠加画面"),
  );
  const pictures = setInterval(refreshPictures, PICTURE_MS);
  link.on("meters", drawMeters);
  const closed = openDialog({
    title: t("OBS 面板"),
    wide: true,
    body: [
      h("div", { class: "obs-row" }, setup),
      part(t("场景"), open.scenes),
      part(t("来源"), open.items),
      part(t("转场"), open.transition),
      part(t("声音"), open.sounds),
      part(t("输出"), open.outputs),
      part(t("状态"), open.figures),
      part(t("配置"), open.choices),
    ],
  });
  render();
  await closed;
  clearInterval(pictures);
  link.off("meters");
  open = null;
}

/** @param {string} title @param {HTMLElement} body */
function part(title, body) {
  return h("section", { class: "obs-part" }, h("h3", {}, title), body);
}

function render() {
  const [controls, obs] = [stage.obs_controls, stage.obs];
  if (!open || !controls || !obs) return;
  keep(open.scenes, obs.scenes, (scene) => scene, makeScene, updateScene);
  if (controls.items.length) keep(open.items, controls.items, (item) => item.id, makeItem, updateItem);
  else fill(open.items, h("li", { class: "soft" }, t("这个场景里没有来源。")));
  once(open.transition, JSON.stringify([controls.transition, obs.studio_mode, controls.known]), () =>
    transitionRow(controls, obs),
  );
  const inputs = Object.keys(controls.volumes);
  if (inputs.length) keep(open.sounds, inputs, (name) => name, makeSound, updateSound);
  else fill(open.sounds, h("li", { class: "soft" }, t("没有声音来源。")));
  once(open.outputs, JSON.stringify([controls.stream, controls.record, controls.replay]), () => outputRow(controls));
  once(open.choices, JSON.stringify([controls.collection, controls.profile]), () => choiceRow(controls));
  once(open.figures, JSON.stringify(controls.load), () => figures(controls.load));
}

/**
 * Draws anew only when what is drawn changed, so that an open list or a field in use stays.
 * @param {HTMLElement} box
 * @param {string} state
 * @param {() => import("../ui/element.js").Child[]} draw
 */
function once(box, state, draw) {
  if (box.dataset.drawn === state || box.contains(document.activeElement)) return;
  box.dataset.drawn = state;
  fill(box, ...draw());
}

/** @param {string} scene */
function makeScene(scene) {
  const button = h(
    "button",
    { class: "obs-scene", type: "button", disabled: !may("producer") },
    h("img", { alt: "", width: 160, height: 90, src: pictureOf(scene) }),
    h("span", { class: "clip" }, scene),
  );
  button.addEventListener(
    "click",
    () => void act(button, () => api.post(stage.obs?.studio_mode ? "/obs/preview" : "/obs/scene", { scene })),
  );
  return button;
}

/** @param {HTMLElement} button @param {string} scene */
function updateScene(button, scene) {
  const obs = stage.obs;
  button.dataset.tally =
    scene === obs?.program ? "program" : obs?.studio_mode && scene === obs.preview ? "preview" : "none";
  button.setAttribute("aria-pressed", String(scene === obs?.program));
}

/** @param {string} scene */
function pictureOf(scene) {
  return `/api/v1/obs/scenes/thumbnail.jpg?scene=${encodeURIComponent(scene)}&at=${Date.now()}`;
}

function refreshPictures() {
  if (!open || document.hidden || !stage.obs_controls) return;
  for (const button of open.scenes.querySelectorAll("button")) {
    const image = button.querySelector("img");
    const scene = button.dataset.key;
    if (image && scene && stage.obs?.scenes.includes(scene)) image.src = pictureOf(scene);
  }
}

/** @param {{id: number, source: string, visible: boolean}} item */
function makeItem(item) {
  const button = h("button", { class: "button", type: "button", disabled: !may("producer") });
  button.addEventListener("click", () => {
    const now = stage.obs_controls?.items.find((each) => each.id === item.id);
    if (now)
      void act(button, () =>
        send("/obs/item", { scene: stage.obs_controls?.scene, id: now.id, visible: !now.visible }),
      );
  });
  return h("li", {}, button);
}

/** @param {HTMLElement} row @param {{source: string, visible: boolean}} item */
function updateItem(row, item) {
  const button = /** @type {HTMLElement} */ (row.firstElementChild);
  if (isDrawn(button, item.source, item.visible)) return;
  button.setAttribute("aria-pressed", String(item.visible));
  fill(
    button,
    icon(item.visible ? "eye" : "eye-off"),
    h("span", { class: "clip grow" }, item.source),
    h("small", {}, item.visible ? t("显示中") : t("已隐藏")),
  );
}

/**
 * @param {import("./stage.js").ObsControls} controls
 * @param {import("./stage.js").Obs} obs
 */
function transitionRow(controls, obs) {
  const { transition } = controls;
  const fixed = !may("producer");
  const parts = [];
  if (transition) {
    const select = h("select", { disabled: fixed }, ...options(transition));
    select.addEventListener("change", () => void act(select, () => send("/obs/transition", { name: select.value })));
    parts.push(field(t("方式"), select));
    if (transition.duration_ms !== null) {
      const time = h("input", {
        type: "number",
        min: 50,
        max: 20000,
        step: 50,
        value: transition.duration_ms,
        disabled: fixed,
      });
      time.addEventListener(
        "change",
        () => void act(time, () => send("/obs/transition", { duration_ms: Math.round(time.valueAsNumber) })),
      );
      parts.push(field(t("毫秒"), time));
    }
  }
  if (controls.known.includes("SetStudioModeEnabled"))
    parts.push(
      press("panels-top-left", t("工作室模式"), obs.studio_mode, () =>
        send("/obs/studio-mode", { on: !stage.obs?.studio_mode }),
      ),
    );
  if (obs.studio_mode)
    parts.push(press("skip-forward", t("预备 → 播出"), null, () => send("/obs/preview/take", undefined)));
  return parts;
}

/** @param {import("./stage.js").ObsControls} controls */
function choiceRow({ collection, profile }) {
  return [choice("collection", t("场景集合"), collection), choice("profile", t("配置文件"), profile)];
}

/**
 * @param {"collection" | "profile"} kind
 * @param {string} label
 * @param {import("./stage.js").Choice | null} choice
 */
function choice(kind, label, choice) {
  if (!choice) return null;
  const busy = stage.obs?.streaming || stage.obs?.recording;
  const select = h("select", { disabled: !may("host") || busy }, ...options(choice));
  select.addEventListener("change", () => void act(select, () => send(`/obs/${kind}`, { name: select.value })));
  return field(busy ? t("{what}（录制或推流时不能换）", { what: label }) : label, select);
}

/** @param {import("./stage.js").Choice} choice */
function options({ name, names }) {
  return names.map((each) => h("option", { value: each, selected: each === name }, each));
}

/** @param {string} name */
function makeSound(name) {
  const slider = h("input", {
    type: "range",
    min: LOWEST_DB,
    max: 0,
    step: 0.5,
    "aria-label": name,
    disabled: !may("producer"),
  });
  const value = h("output", { class: "number" });
  slider.addEventListener("input", () => write(value, `${slider.value} dB`));
  slider.addEventListener(
    "change",
    () =>
      void act(slider, () => send("/obs/volume", { input: name, db: slider.valueAsNumber })).then(() => slider.blur()),
  );
  return h(
    "li",
    {},
    h("span", { class: "clip" }, name),
    h("span", { class: "obs-meter", "data-input": name, "aria-hidden": "true" }, h("span", {})),
    slider,
    value,
  );
}

/** @param {HTMLElement} row @param {string} name */
function updateSound(row, name) {
  const slider = /** @type {HTMLInputElement} */ (row.querySelector("input"));
  if (document.activeElement === slider) return;
  const db = stage.obs_controls?.volumes[name] ?? 0;
  slider.value = String(Math.max(LOWEST_DB, db));
  write(/** @type {Element} */ (row.querySelector("output")), `${db <= -100 ? "−∞" : db} dB`);
}

/** @param {Record<string, number> | null} levels */
function drawMeters(levels) {
  if (!open || !levels) return;
  for (const meter of /** @type {NodeListOf<HTMLElement>} */ (open.sounds.querySelectorAll(".obs-meter"))) {
    const db = levels[meter.dataset.input ?? ""] ?? QUIETEST_DB;
    meter.style.setProperty("--level", String(Math.max(0, 1 - db / QUIETEST_DB)));
    meter.dataset.loud = String(db > -3);
  }
}

/** @param {import("./stage.js").ObsLoad | null} load */
function figures(load) {
  if (!load) return [h("dd", { class: "soft" }, t("这个版本的 OBS 不报告状态。"))];
  /** @param {number} lost @param {number} total */
  const lost = (lost, total) => (total ? `${lost} / ${total}` : "–");
  /** @type {[string, string][]} */
  const rows = [
    [t("处理器"), `${load.cpu_percent}%`],
    [t("内存"), `${load.memory_mb} MB`],
    [t("可录空间"), load.disk_mb === null ? "–" : `${(load.disk_mb / 1024).toFixed(1)} GB`],
    [t("帧率"), String(load.fps)],
    [t("渲染丢帧"), lost(load.render_skipped, load.render_total)],
    [t("编码丢帧"), lost(load.encode_skipped, load.encode_total)],
    [t("网络丢帧"), lost(load.stream_skipped, load.stream_total)],
  ];
  return rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value)));
}
