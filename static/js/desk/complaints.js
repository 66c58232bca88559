// @ts-check
/** The complaints tab: open ones first, as the server orders them; a half-written answer stays while others change. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { complaintCard } from "./complaint.js";
import { followComplaints } from "./complaints_count.js";

/** @typedef {import("./complaint.js").Complaint} Complaint */

/** @type {Complaint[] | null} */
let complaints = null;
/** @type {(orderId: number) => void} */
let openOrder = () => {};

/** @param {(orderId: number) => void} open shows an order */
export function startComplaints(open) {
  openOrder = open;
  void load();
}

/** The topic's new value. @param {Complaint[] | null} value */
export function putComplaints(value) {
  if (!value) return;
  complaints = value;
  draw();
}

async function load() {
  try {
    putComplaints((await api.get("/complaints")).complaints);
  } catch (error) {
    const again = h(
      "button",
      { class: "button", type: "button", onclick: () => void load() },
      icon("refresh-cw"),
      t("再试一次"),
    );
    fill(
      byId("complaints"),
      h("li", { class: "empty", role: "alert" }, icon("circle-alert"), h("p", {}, explain(error)), again),
    );
  }
}

function draw() {
  const list = byId("complaints");
  followComplaints(complaints);
  if (!complaints?.length) {
    fill(
      list,
      h("li", { class: "panel" }, empty("hand-heart", t("没有售后问题。买家在订单页反映的问题会出现在这里。"))),
    );
    return;
  }
  keep(
    list,
    complaints,
    ({ id }) => id,
    () => h("li", { class: "panel" }),
    (item, complaint) => {
      if (isDrawn(item, complaint)) return;
      const typed = item.querySelector("textarea")?.value ?? "";
      fill(item, complaintCard(complaint, { done: replace, open: openOrder }));
      const field = item.querySelector("textarea");
      if (field && typed !== complaint.reply) field.value = typed;
    },
  );
}

/** @param {Complaint} after */
function replace(after) {
  putComplaints((complaints ?? []).map((each) => (each.id === after.id ? after : each)));
}
