// @ts-check
/** A text that belongs into another program, with the button that copies it. */

import { t } from "../i18n.js";
import { h, icon, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";

const COPIED_MS = 2500;

/**
 * The input's `data-copy`, else its value, is what is copied.
 * @param {string} word what it is, for those who hear the page
 * @param {HTMLInputElement} input
 * @param {...HTMLElement} more buttons before the one that copies
 */
export function copyField(word, input, ...more) {
  return h(
    "div",
    { class: "source-address" },
    h("label", { class: "field" }, h("span", { class: "only-spoken" }, word), input),
    ...more,
    copyButton(input),
  );
}

/** @param {HTMLInputElement} input */
function copyButton(input) {
  const word = h("span", {}, t("复制"));
  return h("button", { class: "button", type: "button", onclick: () => void copy(input, word) }, icon("copy"), word);
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} word
 */
async function copy(input, word) {
  try {
    await navigator.clipboard.writeText(input.dataset.copy ?? input.value);
  } catch {
    // no clipboard without a secure context (a LAN address over http): the selection is copied by hand
    if (input.dataset.copy) input.value = input.dataset.copy;
    input.select();
    toast(t("已选中，请按 Ctrl+C 复制。"));
    return;
  }
  write(word, t("已复制"));
  setTimeout(() => write(word, t("复制")), COPIED_MS);
}
