// @ts-check
/**
 * Enter, leave and pulse. CSS holds the movements (`.entering`, `.leaving` in overlay.css); `<html data-motion>` says how
 * much moves: "full", "calm" (only fades), or "none".
 */

const ENTER_MS = 320;
export const LEAVE_MS = 200;

const isStill = () => document.documentElement.dataset.motion === "none";

/** Nothing rolls or pulses. */
const isCalm = () => isStill() || document.documentElement.dataset.motion === "calm";

/**
 * Show an element, moving in from its edge.
 *
 * @param {HTMLElement} element
 * @param {number} [ageMs] how long ago it came on screen elsewhere: the movement resumes there, and does not happen when
 *   it would be over
 */
export function enter(element, ageMs = 0) {
  element.classList.remove("leaving", "entering");
  element.hidden = false;
  if (ageMs >= ENTER_MS || isStill()) return;
  element.style.setProperty("--age", `${-Math.max(0, Math.round(ageMs))}ms`);
  element.classList.add("entering");
  element.addEventListener("animationend", () => element.classList.remove("entering"), { once: true });
}

/**
 * Hide an element, moving out to its edge. `gone` runs when it is hidden, unless it entered again before.
 *
 * @param {HTMLElement} element
 * @param {() => void} [gone]
 */
export function leave(element, gone) {
  if (element.hidden || element.classList.contains("leaving")) return;
  element.classList.remove("entering");
  element.classList.add("leaving");
  const end = () => {
    if (!element.classList.contains("leaving")) return;
    element.classList.remove("leaving");
    element.hidden = true;
    gone?.();
  };
  if (isStill()) end();
  else setTimeout(end, LEAVE_MS);
}

/**
 * What an element says has changed as a whole.
 *
 * @param {HTMLElement} element
 */
export function fade(element) {
  if (!isStill()) element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 240 });
}

/** @param {HTMLElement} element */
export function pulse(element) {
  if (isCalm()) return;
  element.animate([{ scale: "1" }, { scale: "1.07", offset: 0.3 }, { scale: "1" }], {
    duration: 520,
    easing: "ease-out",
  });
}

/**
 * Roll a number to its new text: digits that changed slide, the others stand. Downwards for less, upwards for more.
 *
 * @param {HTMLElement} element
 * @param {string} text
 * @param {-1 | 0 | 1} direction 0 writes it at once
 */
export function roll(element, text, direction) {
  if (element.dataset.text === text) return;
  const before = element.dataset.text ?? "";
  element.dataset.text = text;
  element.setAttribute("aria-label", text);
  if (!direction || isCalm()) {
    element.textContent = text;
    return;
  }
  const old = before.padStart(text.length, "\u2007");
  const columns = Array.from(text, (character, index) => {
    const column = document.createElement("span");
    column.className = "digit";
    const now = document.createElement("span");
    now.textContent = character;
    column.append(now);
    const was = old[old.length - text.length + index];
    if (was !== character) {
      const gone = document.createElement("span");
      gone.className = "digit-gone";
      gone.dataset.was = was; // drawn by CSS: the element's text is the new number only
      column.append(gone);
      now.animate([{ translate: `0 ${direction * 100}%` }, { translate: "0 0" }], ROLL);
      gone.animate([{ translate: "0 0" }, { translate: `0 ${direction * -100}%` }], { ...ROLL, fill: "forwards" });
    }
    return column;
  });
  element.replaceChildren(...columns);
}

const ROLL = { duration: 420, easing: "cubic-bezier(0.16, 1, 0.3, 1)" };
