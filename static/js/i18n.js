// @ts-check
/**
 * Texts of the page. Chinese is the source language: `t("在播")`. The server puts a dictionary of the page's language
 * into `<script type="application/json" id="strings">{"在播": "On air"}</script>`; without one every text stays Chinese.
 *
 * @module i18n
 */

/** @type {Record<string, string> | undefined} */
let dictionary;

/** @returns {Record<string, string>} */
function strings() {
  if (dictionary) return dictionary;
  dictionary = {};
  const holder = document.getElementById("strings");
  if (holder?.textContent) {
    try {
      dictionary = /** @type {Record<string, string>} */ (JSON.parse(holder.textContent));
    } catch (error) {
      console.error("strings: not JSON, texts stay Chinese", error);
    }
  }
  return dictionary;
}

/**
 * The text in the page's language, with `{name}` replaced by `values.name`. An unknown name stays as it is written,
 * so that a typing mistake is seen. The result is plain text: put it on the page with `textContent`.
 *
 * @param {string} text the Chinese text, a literal: `python -m babel` and tests collect it from the source
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(text, values = {}) {
  const found = strings()[text] || text;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** Language of the page as the server wrote it on `<html lang>`, "zh-CN" when it is missing. */
export function language() {
  return document.documentElement.lang || "zh-CN";
}
