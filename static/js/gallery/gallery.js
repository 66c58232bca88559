// @ts-check
/** The gallery of overlays: addresses with their options, a live preview of what is in sight, copy by one press. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { fit, showOverlay } from "../panel/preview.js";
import { colourNames, OWN } from "../themes/colours.js";
import { isKeyed } from "../themes/contrast.js";
import { byId, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {"portrait" | "landscape"} Orientation */

const COPIED_MS = 2500;
const SIDES = ["top", "right", "bottom", "left"];
/** The studio's own: an address need not say it. */
const DEFAULT_SAFE = "220,150,480,40";
const list = byId("addresses");
const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".address:has(iframe)")]);
const choices = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#builder [data-orientation]"));
const contents = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#builder [data-content]"));
const platform = /** @type {HTMLSelectElement} */ (byId("platform"));
const insets = SIDES.map((side) => /** @type {HTMLInputElement} */ (byId(`safe-${side}`)));

let orientation = /** @type {Orientation} */ ("portrait");
let content = "sample";

/** A preview runs only while it is in sight: twenty live pages at once would slow the show down. */
const inSight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const item = /** @type {HTMLElement} */ (target);
      item.toggleAttribute("data-in-sight", isIntersecting);
      preview(item);
    }
  },
  { rootMargin: "100px" },
);

for (const choice of choices)
  choice.addEventListener("click", () => {
    orientation = /** @type {Orientation} */ (choice.dataset.orientation);
    press(choices, choice);
    show();
  });
for (const choice of contents)
  choice.addEventListener("click", () => {
    content = choice.dataset.content ?? "sample";
    press(contents, choice);
    show();
  });
platform.addEventListener("change", () => {
  fillInsets();
  show();
});
for (const id of ["background", "language", "still"]) byId(id).addEventListener("change", show);
byId("background").addEventListener("change", () => void warn());
for (const inset of insets)
  inset.addEventListener("change", () => {
    platform.value = "custom";
    byId("insets").hidden = false;
    show();
  });
for (const item of items) {
  const url = part(item, "input.url");
  url.addEventListener("focus", () => /** @type {HTMLInputElement} */ (url).select());
  part(item, ".copy").addEventListener("click", () => void copy(item));
  fit(part(item, ".preview"));
  inSight.observe(item);
}
fillInsets();
show();

function fillInsets() {
  const custom = platform.value === "custom";
  byId("insets").hidden = !custom;
  if (custom) return;
  for (const [index, value] of platform.value.split(",").entries()) insets[index].value = value;
}

function show() {
  list.dataset.orientation = orientation;
  platform.disabled = orientation === "landscape";
  byId("insets").hidden = platform.value !== "custom" || orientation === "landscape";
  for (const item of items) {
    const url = address(item);
    /** @type {HTMLInputElement} */ (part(item, "input.url")).value = url;
    preview(item);
  }
}

/** Names the colours of the worn theme that the key would take along. */
async function warn() {
  const key = /** @type {HTMLSelectElement} */ (byId("background")).value;
  /** @type {{on_air: string, themes: {name: string, properties: Record<string, string>}[]}} */
  const worn = await api.get("/themes");
  const properties = worn.themes.find(({ name }) => name === worn.on_air)?.properties ?? {};
  const names = colourNames();
  const taken = Object.keys(OWN).filter((name) => key && isKeyed(key, properties[name] ?? OWN[name]));
  byId("keyed").hidden = !taken.length;
  write(
    byId("keyed-words"),
    t("抠这个底色会把“{names}”的颜色也抠掉，换一种底色更稳。", {
      names: taken.map((name) => names[name]).join(t("、")),
    }),
  );
}

/** @param {HTMLElement} item */
function preview(item) {
  const frame = /** @type {HTMLIFrameElement} */ (part(item, "iframe"));
  const url = item.hasAttribute("data-in-sight") ? `${address(item)}${content === "sample" ? "&sample=1" : ""}` : "";
  if (frame.dataset.shown === url) return;
  frame.dataset.shown = url;
  showOverlay(frame, url);
}

/** @param {HTMLElement} item */
function address(item) {
  const url = new URL(item.dataset[orientation] ?? "", location.href);
  const safe = insets.map((inset) => Math.min(900, Math.max(0, Math.round(Number(inset.value) || 0)))).join(",");
  if (orientation === "portrait" && safe !== DEFAULT_SAFE) url.searchParams.set("safe", safe);
  const background = /** @type {HTMLSelectElement} */ (byId("background")).value;
  if (background) url.searchParams.set("background", background);
  const language = /** @type {HTMLSelectElement} */ (byId("language")).value;
  if (language) url.searchParams.set("lang", language);
  if (/** @type {HTMLInputElement} */ (byId("still")).checked) url.searchParams.set("motion", "none");
  // a comma may stand as it is in a query
  return url.href.replaceAll("%2C", ",");
}

/**
 * @param {Iterable<HTMLElement>} group
 * @param {HTMLElement} pressed
 */
function press(group, pressed) {
  for (const choice of group) choice.setAttribute("aria-pressed", String(choice === pressed));
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
