// @ts-check
/** The rundown's order, changed while it runs: a handle to drag, by mouse or finger, and Alt with the arrow keys. */

import { api, Problem } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { byId, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Show} Show */

const EDGE_PX = 40;
const STEP_PX = 10; // a frame

/** The show as the last command left it, until the topic says it too. @type {Show | null} */
let answered = null;
/** One change after the other: each begins with what the one before left. @type {Promise<void>} */
let last = Promise.resolve();

/**
 * @param {HTMLElement} list
 * @param {() => void} render draws the order that holds
 */
export function startReorder(list, render) {
  watch(["show"], () => {
    answered = null;
  });
  list.addEventListener("keydown", (event) => {
    const step = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1 })[event.key];
    const id = idOf(event.target);
    if (!event.altKey || !step || id === null || !mayReorder()) return;
    event.preventDefault();
    queue((order) => {
      const from = order.indexOf(id);
      return from + step < 0 || from + step >= order.length ? null : move(order, from, from + step);
    }, render);
  });
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest(".item-handle") : null;
    if (handle instanceof HTMLElement && event.isPrimary && event.button === 0 && mayReorder())
      drag(list, handle, event, render);
  });
}

/** What an item is moved by. */
export function makeHandle() {
  return h("button", { class: "item-handle", type: "button" }, icon("grip-vertical"));
}

/**
 * @param {HTMLElement} element of the item
 * @param {string} title
 */
export function nameHandle(element, title) {
  const handle = /** @type {HTMLElement} */ (element.querySelector(".item-handle"));
  const words = t("移动 {title}", { title });
  handle.hidden = !mayReorder();
  if (handle.getAttribute("aria-label") === words) return;
  handle.setAttribute("aria-label", words);
  handle.title = t("拖动换顺序，或按 Alt 加上下方向键");
}

function mayReorder() {
  return may("producer") && stage.show?.status !== "ended";
}

/** @param {EventTarget | null} target */
function idOf(target) {
  const key = target instanceof Element ? target.closest("li")?.dataset.key : undefined;
  return key === undefined || key === "empty" ? null : Number(key);
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} handle
 * @param {PointerEvent} start
 * @param {() => void} render
 */
function drag(list, handle, start, render) {
  const element = /** @type {HTMLElement} */ (handle.closest("li"));
  const id = idOf(element);
  if (id === null) return;
  const stop = new AbortController();
  const { signal } = stop;
  element.classList.add("dragged");
  start.preventDefault();
  const follow = (/** @type {number} */ at) => {
    const others = [...list.children].filter((child) => child !== element);
    const below = others.find((child) => at < middle(child)) ?? null;
    if (element.nextElementSibling !== below) list.insertBefore(element, below);
  };
  const edge = scrollAtEdges(list, follow);
  // an element that is moved loses its pointer capture: the page listens
  document.addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerId !== start.pointerId) return;
      edge.at(event.clientY);
      follow(event.clientY);
    },
    { signal },
  );
  const end = (/** @type {boolean} */ dropped) => {
    stop.abort();
    edge.stop();
    element.classList.remove("dragged");
    const place = [...list.children].indexOf(element);
    if (!dropped) render();
    else
      queue((order) => {
        const from = order.indexOf(id);
        return from < 0 || from === place ? null : move(order, from, place);
      }, render);
  };
  document.addEventListener("pointerup", () => end(true), { signal });
  document.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(false), { signal });
}

/**
 * Scrolls what the list scrolls in while the pointer is held near its upper or lower edge.
 * @param {HTMLElement} list
 * @param {(at: number) => void} follow told where the pointer is after a step
 */
function scrollAtEdges(list, follow) {
  const box = list.scrollHeight > list.clientHeight ? list : (list.closest(".stage") ?? list); // on a phone it is the page's
  /** @type {number | null} */
  let at = null;
  let frame = requestAnimationFrame(step);
  function step() {
    frame = requestAnimationFrame(step);
    if (at === null) return;
    const { top, bottom: end } = box.getBoundingClientRect();
    const bottom = Math.min(end, byId("take-next").getBoundingClientRect().top); // which covers the page's end
    const by = at < top + EDGE_PX ? -STEP_PX : at > bottom - EDGE_PX ? STEP_PX : 0;
    if (!by) return;
    box.scrollTop += by;
    follow(at);
  }
  return {
    at: (/** @type {number} */ y) => {
      at = y;
    },
    stop: () => cancelAnimationFrame(frame),
  };
}

/** @param {Element} element */
function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

/**
 * @param {readonly number[]} order
 * @param {number} from
 * @param {number} to
 */
function move(order, from, to) {
  const next = [...order];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/**
 * Changes the order as it is when its turn comes.
 * @param {(order: number[]) => number[] | null} change null leaves it
 * @param {() => void} render
 */
function queue(change, render) {
  last = last.then(async () => {
    const show = answered ?? stage.show;
    const order = show && change(show.rundown.map(({ id }) => id));
    if (!show || !order) return render();
    const items = order.map((id) => ({ ...show.rundown.find((item) => item.id === id), position: undefined }));
    try {
      answered = await api.put(`/shows/${show.id}/rundown`, { items }, { ifMatch: show.revision });
    } catch (error) {
      const stale = error instanceof Problem && error.code === "stale";
      toast(stale ? t("别人刚改过流程，请再移一次") : explain(error), "bad");
      render();
    }
  });
}
