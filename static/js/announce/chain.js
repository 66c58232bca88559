// @ts-check
/** The text for the group, as of now. */

import { api } from "../api.js";
import { act } from "../ui/action.js";
import { byId } from "../ui/element.js";
import { copyText } from "./copy.js";

const QUIET_MS = 500;
const area = /** @type {HTMLTextAreaElement} */ (byId("chain"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

export function startChain() {
  byId("copy-chain").addEventListener("click", () => void copyText(area));
  byId("refresh-chain").addEventListener("click", (event) => void read(/** @type {Element} */ (event.currentTarget)));
}

/** Orders changed: the text is read anew, unless somebody is just selecting in it. */
export function showChain() {
  clearTimeout(timer);
  timer = setTimeout(() => document.activeElement !== area && void read(null), QUIET_MS);
}

/** @param {Element | null} button */
function read(button) {
  return act(button, async () => {
    area.value = (await api.get("/chain")).text;
  });
}
