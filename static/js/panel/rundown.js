// @ts-check
/** The rundown: what is on air, what comes next, choosing and taking items. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { hint } from "./key_hints.js";
import { bringIntoList, pin } from "./pinned.js";
import { makeHandle, nameHandle, startReorder } from "./reorder.js";
import { may, productOf, stage, watch } from "./stage.js";
import { labelWord, makeReady, ready, startStandby, updateReady } from "./standby.js";
import { trustSign, trustWord } from "./trust.js";

/** @typedef {import("./stage.js").Item} Item */

/** Draws the rundown and wires its buttons. */
export function startRundown() {
  watch(["show", "catalogue"], render);
  startReorder(byId("rundown"), render);
  startStandby();
  byId("take-next").addEventListener("click", () => takeNext());
  byId("rundown").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.item") : null;
    if (button instanceof HTMLButtonElement) void take(Number(button.dataset.id), button);
  });
  byId("rundown").addEventListener("focusin", (event) => {
    const focused = /** @type {Element} */ (event.target);
    const row = focused.closest("li");
    if (row && focused.matches(":focus-visible")) bringIntoList(row); // a row under the mouse stays there
  });
}

/** Puts on air what comes next, and tells what it passed over. */
export async function takeNext() {
  const show = stage.show;
  const button = /** @type {HTMLButtonElement} */ (byId("take-next"));
  if (!show || show.next_item === null || button.disabled) return;
  const passed = passedOver(show);
  if ((await take(show.next_item, button)) && passed) toast(passed);
}

/** Puts the item before the one on air back on air. */
export function takePrevious() {
  const show = stage.show;
  if (show?.status !== "live" || !may("producer")) return;
  if (show.previous_item === null) toast(t("前面没有能上屏的了"), "bad");
  else void take(show.previous_item, buttonOf(show.previous_item));
}

/**
 * Puts the item in place `number` (from 1) on air.
 * @param {number} number
 */
export function takeNumber(number) {
  const item = stage.show?.rundown[number - 1];
  if (item && may("producer")) void take(item.id, buttonOf(item.id));
}

/**
 * Makes the item in place `number` (from 1) ready.
 * @param {number} number
 */
export function readyNumber(number) {
  const item = stage.show?.rundown[number - 1];
  if (item) void ready(item.id);
}

/** Makes the item that has the focus ready. */
export function readyFocused() {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.matches("button.item")) void ready(Number(focused.dataset.id));
}

/**
 * Moves the focus within the rundown, from what comes next where it is not there yet.
 * @param {1 | -1} step
 */
export function select(step) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...byId("rundown").querySelectorAll("button.item")]);
  const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const first = buttons.findIndex((button) => Number(button.dataset.id) === stage.show?.next_item);
  const place = here < 0 ? Math.max(first, 0) : here + step;
  const target = buttons[Math.min(Math.max(place, 0), buttons.length - 1)];
  if (!target) return;
  target.focus({ preventScroll: true });
  bringIntoList(/** @type {HTMLElement} */ (target.closest("li")));
}

/** @param {number} id */
function buttonOf(id) {
  return /** @type {HTMLButtonElement | null} */ (byId("rundown").querySelector(`button.item[data-id="${id}"]`));
}

/**
 * @param {number} item_id
 * @param {HTMLButtonElement | null} button
 */
async function take(item_id, button) {
  const show = stage.show;
  if (show?.status !== "live" || item_id === show.current_item) return false;
  return act(button, () => api.post(`/shows/${show.id}/take`, { item_id }));
}

function render() {
  const show = stage.show;
  const items = show?.rundown ?? [];
  const list = byId("rundown");
  const here = items.findIndex((item) => item.id === show?.current_item);
  const focused = document.activeElement;
  write(byId("rundown-count"), items.length ? `${here + 1}/${items.length}` : "");
  if (items.length)
    keep(
      list,
      items,
      (item) => item.id,
      makeItem,
      (element, item, index) => update(element, item, index, here),
    );
  else fill(list, h("li", {}, empty("list-ordered", t("流程还是空的，点右上角的铅笔添加商品。"))));

  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  pin(rows.filter((row) => [show?.current_item, show?.standby_item].includes(Number(row.dataset.key))));

  // an element that is moved loses the focus
  if (focused instanceof HTMLElement && focused !== document.activeElement && list.contains(focused)) focused.focus();

  const next = items.find((item) => item.id === show?.next_item);
  const button = /** @type {HTMLButtonElement} */ (byId("take-next"));
  button.disabled = show?.status !== "live" || !next || !may("producer");
  write(byId("next-title"), nextWords(show, next));
  write(byId("next-word"), show?.standby_item == null ? t("下一个") : t("上备好的"));
  const passed = show?.status === "live" ? passedOver(show) : "";
  byId("next-passed").hidden = !passed;
  write(byId("next-passed"), passed);
  byId("next-passed").title = passed;
}

/**
 * What stands before the next item and cannot go on air, with what its label lacks.
 * @param {import("./stage.js").Show} show
 */
function passedOver(show) {
  const items = show.rundown.filter(({ id }) => show.passed_over.includes(id));
  const told = items.map(({ title, sku }) => {
    const missing = (productOf(sku)?.missing ?? []).map(labelWord).join(t("、"));
    return missing ? t("{title}（缺{missing}）", { title, missing }) : title;
  });
  return told.length ? t("跳过不能上屏的：{items}", { items: told.join(t("、")) }) : "";
}

/**
 * @param {import("./stage.js").Show | null} show
 * @param {Item | undefined} next
 */
function nextWords(show, next) {
  if (show?.status === "ended") return t("直播已结束");
  if (show?.status === "live" && !next) return show.passed_over.length ? t("后面没有能上屏的") : t("这是最后一个");
  if (show?.status === "draft") return t("开播后可用");
  return next?.title ?? "";
}

/** @returns {HTMLElement} */
function makeItem() {
  const button = h("button", { class: "item", type: "button" });
  hint(button, "ready");
  return h("li", {}, makeHandle(), button, makeReady());
}

/**
 * @param {HTMLElement} element
 * @param {Item} item
 * @param {number} index
 * @param {number} here index of the item on air, -1 before the first
 */
function update(element, item, index, here) {
  const show = stage.show;
  const button = /** @type {HTMLButtonElement} */ (element.querySelector("button.item"));
  nameHandle(element, item.title);
  updateReady(element, item);
  const current = index === here;
  const next = item.id === show?.next_item;
  const state = current ? "air" : next ? "next" : index < here ? "past" : "later";
  button.dataset.id = String(item.id);
  button.dataset.state = state;
  button.disabled = show?.status !== "live" || !may("producer");
  button.setAttribute("aria-current", current ? "step" : "false");
  if (isDrawn(element, index, state, item, show?.standby_item, productOf(item.sku)?.missing)) return;
  if (current) requestAnimationFrame(() => bringIntoList(element));
  const missing = productOf(item.sku)?.missing ?? [];
  fill(
    button,
    h("span", { class: "item-number number" }, index + 1),
    h("span", { class: "item-title" }, item.title),
    h(
      "span",
      { class: "item-where" },
      item.minutes ? h("span", { class: "number" }, t("{n} 分钟", { n: item.minutes })) : null,
      ...item.trust.map(({ kind, text }) =>
        h(
          "span",
          { class: "item-trust", title: text },
          icon(trustSign(kind)),
          h("span", { class: "only-spoken" }, trustWord(kind)),
        ),
      ),
      item.scene ? h("span", { class: "clip" }, item.scene) : null,
    ),
    current
      ? badge("air", "radio", t("在播"))
      : missing.length
        ? badge("bad", "triangle-alert", t("缺标签"))
        : next
          ? badge("good", "skip-forward", item.id === show?.standby_item ? t("备好了") : t("下一个"))
          : index < here
            ? badge("", "check", t("讲过"))
            : null,
  );
}
