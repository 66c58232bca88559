// @ts-check
/** The settings page: other shops' orders in, ours out. */

import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { startLanguage } from "./language.js";
import { loadParked, offerProducts } from "./parked.js";
import { drawSources } from "./sources.js";
import { drawTargets, startTargets } from "./targets.js";

const link = connect({ page: "settings" });
link.status((state) => {
  byId("lost").hidden = state !== "stale";
});
link.on("catalogue", (products) => offerProducts(products ?? []));
link.on("webhooks", (/** @type {import("./words.js").Webhooks | null} */ value) => {
  if (!value) return;
  drawSources(value);
  drawTargets(value);
  void loadParked();
});
startTargets();
void startLanguage();
