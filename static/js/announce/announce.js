// @ts-check
/** The announcement page: the poster, the text for the group, and the group's list read back. */

import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { wireTabs } from "../ui/tabs.js";
import { showChain, startChain } from "./chain.js";
import { startPaste } from "./paste.js";
import { startPoster } from "./poster-form.js";

/** @typedef {{sku: string, name: string, unit: string, price_fen: number, category: string, image: string | null}} Product */
/** @typedef {{id: number, title: string, rundown: {sku: string | null}[]}} Show */

wireTabs(byId("tabs"));
const link = connect({ page: "announce" });
const poster = startPoster();
startChain();
const paste = startPaste();
link.on("catalogue", (/** @type {Product[]} */ products) => {
  poster.products(products ?? []);
  paste.products(products ?? []);
});
link.on("show", (/** @type {Show | null} */ show) => poster.show(show));
link.on("orders", () => showChain());

const notes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".reach"));
for (const note of notes)
  new MutationObserver(() => {
    note.hidden = (note.dataset.for ?? "").split(" ").every((id) => byId(id).hidden);
  }).observe(byId("main"), { subtree: true, attributeFilter: ["hidden"] });
