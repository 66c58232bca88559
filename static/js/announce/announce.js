// @ts-check
/** The announcement page: the poster, the text for the group, and the group's list read back. */

import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { wireTabs } from "../ui/tabs.js";
import { showChain, startChain } from "./chain.js";
import { startPaste } from "./paste.js";
import { startPoster } from "./poster-form.js";

/** @typedef {{sku: string, name: string, unit: string, price_fen: number, price_per_kg_fen: number | null, category: string, image: string | null}} Product */
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

for (const note of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".reach"))) {
  const panes = (note.dataset.for ?? "").split(" ").map(byId);
  const follow = new MutationObserver(() => {
    note.hidden = panes.every((pane) => pane.hidden);
  });
  for (const pane of panes) follow.observe(pane, { attributeFilter: ["hidden"] });
}
