// @ts-check
/** Overlay addresses: one orientation at a time, a live preview, copy by one press. */

import { t } from "../i18n.js";
import { byId, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { fit, showOverlay } from "./preview.js";

/** @typedef {"portrait" | "landscape"} Orientation */

const COPIED_MS = 2500;
const list = byId("addresses");
const items = /** @type {HTMLElement[]} */ ([...list.children]);
const choices = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".segmented [data-orientation]"));

for (const choice of choices)
  choice.addEventListener("click", () => show(/** @type {Orientation} */ (choice.dataset.orientation)));
for (const item of items) {
  const url = part(item, "input.url");
  url.addEventListener("focus", () => /** @type {HTMLInputElement} */ (url).select());
  part(item, ".copy").addEventListener("click", () => void copy(item));
}
for (const item of items) fit(part(item, ".preview"));
show("portrait");

/** @param {Orientation} orientation */
function show(orientation) {
  list.dataset.orientation = orientation;
  for (const choice of choices) choice.setAttribute("aria-pressed", String(choice.dataset.orientation === orientation));
  for (const item of items) {
    const url = item.dataset[orientation] ?? "";
    /** @type {HTMLInputElement} */ (part(item, "input.url")).value = url;
    showOverlay(/** @type {HTMLIFrameElement} */ (part(item, "iframe")), url);
  }
}

/** @param {HTMLElement} item */
async function copy(item) {
  const input = /** @type {HTMLInputElement} */ (part(item, "input.url"));
  const word = part(item, ".copy span:last-child");
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    // no clipboard without a secure context (a LAN address over http): the selection is copied by hand
    input.select();
    toast(t("网址已选中，请按 Ctrl+C 复制。"));
    return;
  }
  write(word, t("已复制"));
  setTimeout(() => write(word, t("复制网址")), COPIED_MS);
}

/**
 * @param {HTMLElement} item
 * @param {string} selector
 */
function part(item, selector) {
  return /** @type {HTMLElement} */ (item.querySelector(selector));
}
