// @ts-check
/** The pickup page: what waits at which point, ticked off as it is fetched; and the points themselves. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { connect } from "../socket.js";
import { explain } from "../ui/action.js";
import { byId, fill, h, icon } from "../ui/element.js";
import { wireTabs } from "../ui/tabs.js";
import { showList } from "./list.js";
import { editPoint, showPoints } from "./points.js";
import { showUnclaimed } from "./unclaimed.js";

/** @typedef {import("./points.js").Point} Point */

const QUIET_MS = 400;
const filter = /** @type {HTMLSelectElement} */ (byId("point"));
const csv = /** @type {HTMLAnchorElement} */ (byId("csv"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let asked = 0;

wireTabs(byId("tabs"));
const listShown = new MutationObserver(() => showTools());
listShown.observe(byId("pane-list"), { attributeFilter: ["hidden"] });
showTools();
filter.addEventListener("change", () => void refresh());
byId("print").addEventListener("click", () => print());
byId("add-point").addEventListener("click", async () => {
  if (await editPoint(null)) await readPoints();
});
connect({ page: "pickup" }).on("orders", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), asked ? QUIET_MS : 0);
});
await readPoints();

function showTools() {
  const list = !byId("pane-list").hidden;
  byId("list-tools").hidden = !list;
  byId("add-point").hidden = list || byId("main").dataset.role === "moderator";
}

async function refresh() {
  asked += 1;
  const turn = asked;
  const query = filter.value ? `point=${filter.value}` : "";
  csv.href = `/api/v1/pickup-list?format=csv${query ? `&${query}` : ""}`;
  try {
    const listed = await api.get(`/pickup-list${query ? `?${query}` : ""}`);
    if (turn !== asked) return;
    showUnclaimed(byId("unclaimed"), listed);
    showList(byId("list"), listed);
  } catch (error) {
    fill(byId("list"), h("p", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
  } finally {
    byId("list").setAttribute("aria-busy", "false");
  }
}

async function readPoints() {
  const { points } = /** @type {{points: Point[]}} */ (await api.get("/pickup-points"));
  const chosen = filter.value;
  fill(
    filter,
    h("option", { value: "" }, t("全部自提点")),
    ...points.map(({ id, name }) => h("option", { value: id }, name)),
  );
  filter.value = points.some(({ id }) => String(id) === chosen) ? chosen : "";
  const mayEdit = byId("main").dataset.role !== "moderator";
  showPoints(byId("points"), points, mayEdit ? async (point) => (await editPoint(point)) && readPoints() : null);
}
