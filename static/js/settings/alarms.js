// @ts-check
/** When alarms of OBS go off: three limits with their units, their ranges, and the way back to the studio's own. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field } from "../ui/dialog.js";
import { byId, fill, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {Record<"dropped_percent" | "cpu_percent" | "disk_gb", number>} Limits */
/** @typedef {{limits: Limits, defaults: Limits, ranges: Record<keyof Limits, [number, number]>}} Choice */

/** Draws the section. */
export async function startAlarms() {
  const form = /** @type {HTMLFormElement} */ (byId("alarms"));
  try {
    draw(form, await api.get("/obs/alarm-limits"));
  } catch (error) {
    fill(form, h("p", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
  }
  form.removeAttribute("aria-busy");
}

/**
 * @param {HTMLFormElement} form
 * @param {Choice} choice
 */
function draw(form, { limits, defaults, ranges }) {
  const inputs = names().map(({ name, word, unit }) => {
    const [least, most] = ranges[name];
    const about = t("{least}–{most} {unit}，原本是 {own}", { least, most, unit, own: defaults[name] });
    const input = h("input", { type: "number", name, min: least, max: most, step: "any", inputmode: "decimal" });
    input.value = String(limits[name]);
    const hint = h("p", { class: "soft small", id: `alarm-${name}` }, about);
    input.setAttribute("aria-describedby", hint.id);
    return { name, input, part: h("div", {}, field(word, h("span", { class: "with-unit" }, input, unit)), hint) };
  });
  const save = h("button", { class: "button main", type: "submit" }, icon("check"), t("保存"));
  const reset = h("button", { class: "button", type: "button" }, icon("undo-2"), t("恢复原本的"));
  const put = (/** @type {Element} */ button, /** @type {unknown} */ wanted, /** @type {string} */ done) =>
    act(button, async () => draw(form, await api.put("/obs/alarm-limits", wanted)), done);
  form.onsubmit = (event) => {
    event.preventDefault();
    const empty = inputs.find(({ input }) => input.value === "");
    if (empty) {
      empty.input.focus();
      toast(t("这里要填一个数字"), "bad");
      return;
    }
    const given = inputs.map(({ name, input }) => [name, input.valueAsNumber]);
    void put(save, Object.fromEntries(given), t("保存好了"));
  };
  reset.addEventListener("click", () => void put(reset, defaults, t("恢复好了")));
  fill(form, ...inputs.map(({ part }) => part), h("div", { class: "tools" }, save, reset));
}

/** @returns {{name: keyof Limits, word: string, unit: string}[]} */
function names() {
  return [
    { name: "dropped_percent", word: t("丢帧达到"), unit: "%" },
    { name: "cpu_percent", word: t("OBS 占用处理器达到"), unit: "%" },
    { name: "disk_gb", word: t("录像盘剩余少于"), unit: "GB" },
  ];
}
