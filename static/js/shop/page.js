// @ts-check
/** What every buyer's page does: times in the phone's own zone, regions drawn anew, errors at their field, a toast. */
import { t } from "../i18n.js";
import { ask } from "./net.js";

const TOAST_MS = 3500;

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Writes only what differs, so that nothing is read aloud twice.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * An element with text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [text]
 * @param {string} [style] its class
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, text = "", style = "") {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (style) element.className = style;
  return element;
}

/** Fills `<time data-ms>` below `root`: the time of day, with the day when it is another one or `data-day` asks. */
export function showTimes(root = document.body) {
  for (const element of root.querySelectorAll("time[data-ms]")) {
    const date = new Date(Number(element.getAttribute("data-ms")));
    const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
    const other = date.toDateString() !== new Date().toDateString() || element.hasAttribute("data-day");
    write(element, other ? `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}` : clock);
  }
}

/** Photos have arrived: their skeleton stops. */
export function settlePhotos(root = document.body) {
  for (const image of root.querySelectorAll("img")) {
    const settled = () => image.parentElement?.classList.add("loaded");
    if (image.complete) settled();
    else image.addEventListener("load", settled, { once: true });
  }
}

/**
 * Asks for this page again and puts its regions in place of ours: the server alone knows how they are drawn.
 * @param {string[]} ids
 */
export async function redraw(ids) {
  const response = await ask(location.pathname + location.search, { cache: "no-store" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ids) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && next) old.replaceWith(document.adoptNode(next));
  }
  showTimes();
  settlePhotos();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/** @param {string} text */
export function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    element.hidden = true;
  }, TOAST_MS);
}

/**
 * Puts a refusal where its cause is; what has no field goes to `rest`.
 * @param {HTMLFormElement} form
 * @param {import("./net.js").Problem | null} problem null clears
 * @param {HTMLElement} rest
 */
export function showProblem(form, problem, rest) {
  for (const field of form.querySelectorAll("[data-field]")) mark(field, "");
  rest.hidden = true;
  if (!problem) return;
  const names = problem.document.field ? [String(problem.document.field)] : fieldsOf(problem);
  let placed = false;
  for (const name of names) {
    const field = form.querySelector(`[data-field="${name}"]`);
    if (!field) continue;
    mark(field, problem.document.field ? problem.detail : t("请检查这一项"));
    if (!placed) field.querySelector("input, textarea, select")?.scrollIntoView({ block: "center" });
    placed = true;
  }
  if (placed) return;
  rest.textContent = problem.detail;
  rest.hidden = false;
  rest.scrollIntoView({ block: "center" });
}

/**
 * @param {Element} field
 * @param {string} text "" clears
 */
export function mark(field, text) {
  const place = field.querySelector(".error");
  field.classList.toggle("bad", Boolean(text));
  if (!(place instanceof HTMLElement)) return;
  place.hidden = !text;
  place.textContent = text;
}

/**
 * @param {import("./net.js").Problem} problem
 * @returns {string[]}
 */
function fieldsOf(problem) {
  const places = Object.values(problem.document.errors ?? {});
  return places.flatMap((place) => (place && typeof place === "object" ? Object.keys(place) : []));
}
