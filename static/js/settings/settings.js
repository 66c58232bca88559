// @ts-check
/** The settings page: devices that operate the studio, other shops' orders in, ours out, buttons. */

import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { startAlarms } from "./alarms.js";
import { drawDevices, drawLan, startDevices } from "./devices.js";
import { startLanguage } from "./language.js";
import { loadParked, offerProducts } from "./parked.js";
import { drawSources } from "./sources.js";
import { drawTargets, startTargets } from "./targets.js";
import { startTriggers } from "./triggers.js";

const link = connect({ page: "settings" });
link.status((state) => {
  byId("lost").hidden = state !== "stale";
  if (state === "refused") location.assign("/login");
});
link.on("catalogue", (products) => offerProducts(products ?? []));
link.on("webhooks", (/** @type {import("./words.js").Webhooks | null} */ value) => {
  if (!value) return;
  drawSources(value);
  drawTargets(value);
  void loadParked();
});
link.on("lan", drawLan);
link.on("devices", drawDevices);
startDevices();
startTargets();
void startLanguage();
void startAlarms();
void startTriggers();
