// @ts-check
/** The buyers' page: who orders, whose data may leave or go, and what referrals earned. */

import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { selectTab, wireTabs } from "../ui/tabs.js";
import { refreshBuyers, startBuyers } from "./buyers.js";
import { followComplaints } from "./complaints_count.js";
import { loadReferrals } from "./referrals.js";

const link = connect({ page: "buyers" });
const tabs = byId("tabs");

wireTabs(tabs);
startBuyers();
void loadReferrals();
new MutationObserver(() => {
  const buyers = !byId("pane-buyers").hidden;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-for=buyers]")))
    part.hidden = !buyers;
  history.replaceState(null, "", location.pathname + location.search + (buyers ? "" : "#referrals"));
  if (!buyers) void loadReferrals();
}).observe(byId("pane-buyers"), { attributes: true, attributeFilter: ["hidden"] });
if (location.hash === "#referrals") selectTab(byId("tab-referrals"));

link.on("orders", refreshBuyers);
link.on("complaints", followComplaints);
link.status((state) => {
  if (state === "refused") location.assign("/login");
});
