// @ts-check
/** The order desk: orders and complaints; the socket says that something changed, the API says what is. */

import { t } from "../i18n.js";
import { connect } from "../socket.js";
import { byId } from "../ui/element.js";
import { selectTab, wireTabs } from "../ui/tabs.js";
import { choose, chosen, startBulk } from "./bulk.js";
import { startHolds } from "./clock.js";
import { putComplaints, startComplaints } from "./complaints.js";
import { openEntry } from "./entry.js";
import { openKeys, startKeys } from "./keys.js";
import { offerPoints, redraw, refresh, shownOrders, startList } from "./list.js";
import { forgetProducts, readPoints } from "./products.js";
import { openSheet, refreshSheet, startSheet } from "./sheet.js";

/** @typedef {import("./order.js").Order} Order */

const link = connect({ page: "orders" });
const orderOf = (/** @type {number} */ id) => shownOrders().find((order) => order.id === id);
const open = (/** @type {number} */ id) => openSheet(id);

startHolds(link.now);
startSheet();
startBulk(shownOrders, redraw);
startList({
  open: ({ id }) => open(id),
  weigh: ({ id }) => openSheet(id, { weigh: true }),
  choose,
});
startComplaints(open);
startTabs();
startKeys({
  open,
  choose: (id) => {
    const order = orderOf(id);
    if (order) choose(order, !chosen.has(id));
  },
  create: () => void openEntry(),
  primary: (id) => {
    const button = /** @type {HTMLElement | null} */ (byId("orders").querySelector(`[data-key="${id}"] .primary`));
    button?.click();
    return button !== null;
  },
});

byId("new-order").addEventListener("click", () => void openEntry());
byId("open-help").addEventListener("click", () => void openKeys());
// a press on a row, not on what stands in it, opens the order
byId("orders").addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const row = /** @type {HTMLElement | null | undefined} */ (target?.closest(".order-row[data-key]"));
  if (row && !target?.closest("button, label, input, a") && !getSelection()?.toString()) open(Number(row.dataset.key));
});

link.on("orders", () => {
  refresh();
  refreshSheet();
});
link.on("complaints", (value) => {
  putComplaints(value);
  refresh();
  refreshSheet();
});
link.on("catalogue", forgetProducts);
link.status((state) => {
  const lost = state === "stale" || state === "refused";
  byId("lost").hidden = !lost;
  document.body.classList.toggle("lost", lost);
  if (state === "refused") location.assign("/login");
  if (state === "live") refresh();
});

readPoints().then(offerPoints, () => {
  // without points there is nothing to choose from; the list tells when the studio cannot be reached
});

function startTabs() {
  const tabs = byId("tabs");
  wireTabs(tabs);
  const show = () => {
    const orders = !byId("pane-orders").hidden;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-for=orders]")))
      part.hidden = !orders;
    byId("bulk").hidden = !orders || !chosen.size;
    document.title = [orders ? t("订单") : t("售后"), t("邻里直播间")].join(" · ");
    history.replaceState(null, "", location.pathname + location.search + (orders ? "" : "#complaints"));
  };
  new MutationObserver(show).observe(byId("pane-orders"), { attributes: true, attributeFilter: ["hidden"] });
  if (location.hash === "#complaints") selectTab(byId("tab-complaints"));
}
