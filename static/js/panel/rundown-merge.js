// @ts-check
/** Two people changed one rundown: both changes together, and what cannot be both. */

import { t } from "../i18n.js";

/** @typedef {import("./plan.js").Draft} Draft */

const FIELDS = /** @type {const} */ (["title", "sku", "scene", "minutes", "points", "trust"]);

/**
 * @param {readonly Draft[]} base what both began with
 * @param {readonly Draft[]} mine
 * @param {readonly Draft[]} theirs as it is kept by now
 * @returns {{items: Draft[], clashes: string[]}} clashes: titles of items that both changed; mine stands there
 */
export function mergeRundown(base, mine, theirs) {
  const was = byId(base);
  const my = byId(mine);
  const their = byId(theirs);
  /** @type {string[]} */
  const clashes = [];
  /** @type {Draft[]} */
  const items = [];
  for (const item of mine) {
    const before = was.get(item.id);
    const other = their.get(item.id);
    if (!before) items.push(item);
    else if (other) items.push(mergeItem(before, item, other, clashes));
    else if (!same(before, item)) {
      // they took it away, I changed it: it stays, as a new one
      const { id: _gone, ...rest } = item;
      items.push(rest);
      clashes.push(item.title);
    }
  }
  for (const [index, item] of theirs.entries()) {
    if (my.has(item.id)) continue;
    const before = was.get(item.id);
    if (before && same(before, item)) continue; // I took it away
    if (before) clashes.push(item.title);
    const after = items.findIndex(({ id }) => id !== undefined && id === theirs[index - 1]?.id);
    items.splice(index === 0 ? 0 : after < 0 ? items.length : after + 1, 0, item);
  }
  if (order(base, my, their) === order(mine, was, their)) sortAs(items, theirs);
  return { items, clashes };
}

/**
 * What to tell the one whose save was refused.
 * @param {string[]} clashes
 */
export function mergeWords(clashes) {
  if (!clashes.length) return t("别人同时改了流程，两边的修改已合在一起，还没有保存。看一遍再按保存。");
  return t("别人同时改了流程，已合在一起，还没有保存。两人都改了：{titles}，现在填的是您写的。看一遍再按保存。", {
    titles: clashes.join(t("、")),
  });
}

/** @param {readonly Draft[]} items */
function byId(items) {
  return new Map(items.filter(({ id }) => id !== undefined).map((item) => [item.id, item]));
}

/**
 * @param {Draft} before
 * @param {Draft} mine
 * @param {Draft} theirs
 * @param {string[]} clashes
 */
function mergeItem(before, mine, theirs, clashes) {
  const merged = { ...mine };
  let clash = false;
  for (const field of FIELDS) {
    const [was, my, their] = [before, mine, theirs].map((item) => JSON.stringify(item[field]));
    if (my === was) Object.assign(merged, { [field]: theirs[field] });
    else if (their !== was && their !== my) clash = true;
  }
  if (clash) clashes.push(mine.title);
  return merged;
}

/**
 * @param {Draft} one
 * @param {Draft} other
 */
function same(one, other) {
  return FIELDS.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]));
}

/**
 * The ids in order, of those only that the other two know.
 * @param {readonly Draft[]} items
 * @param {Map<number | undefined, Draft>} one
 * @param {Map<number | undefined, Draft>} other
 */
function order(items, one, other) {
  return items
    .map(({ id }) => id)
    .filter((id) => id !== undefined && one.has(id) && other.has(id))
    .join();
}

/**
 * Puts the items that both know into the order of `theirs`; the others keep their places.
 * @param {Draft[]} items
 * @param {readonly Draft[]} theirs
 */
function sortAs(items, theirs) {
  const places = new Map(theirs.map(({ id }, index) => [id, index]));
  const known = items.filter(({ id }) => places.has(id));
  known.sort((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0));
  for (const [index, item] of items.entries())
    if (places.has(item.id)) items[index] = /** @type {Draft} */ (known.shift());
}
