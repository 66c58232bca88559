// @ts-check
/** The ledger of one SKU: every movement with its cause, newest first, a page at a time. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { fill, h } from "../ui/element.js";
import { whenWord } from "./times.js";

/** @typedef {{id: number, kind: string, delta_on_hand: number, delta_held: number, delta_sold: number, order_id: number | null, reason: string, at: number}} Movement */

/**
 * A list that fills itself.
 * @param {string} sku
 */
export function ledger(sku) {
  const rows = h("tbody");
  const note = h("p", { class: "soft small", role: "status" });
  const more = h(
    "button",
    { class: "button", type: "button", hidden: true, onclick: () => void read() },
    t("再看早一些的"),
  );
  /** @type {number | null} */
  let before = null;
  const read = async () => {
    more.setAttribute("aria-busy", "true");
    try {
      const words = before === null ? "" : `?before=${before}`;
      /** @type {{movements: Movement[], next_before: number | null}} */
      const page = await api.get(`/stock/${encodeURIComponent(sku)}/movements${words}`);
      rows.append(...page.movements.map(row));
      before = page.next_before;
      more.hidden = before === null;
      fill(note, rows.childElementCount ? "" : t("还没有变动。"));
    } catch (error) {
      fill(note, explain(error));
      more.hidden = false;
    }
    more.removeAttribute("aria-busy");
  };
  void read();
  const head = [t("时间"), t("怎么变了"), t("现有"), t("占用"), t("已售")].map((word) =>
    h("th", { scope: "col" }, word),
  );
  return h(
    "div",
    { class: "ledger" },
    h("table", {}, h("caption", { class: "only-spoken" }, t("台账")), h("thead", {}, h("tr", {}, ...head)), rows),
    note,
    more,
  );
}

/** @param {Movement} movement */
function row(movement) {
  return h(
    "tr",
    {},
    h("td", { class: "soft small" }, whenWord(movement.at)),
    h(
      "td",
      { class: "wrap" },
      kindWord(movement.kind),
      movement.order_id === null
        ? null
        : h("span", { class: "soft small number" }, ` L${String(movement.order_id).padStart(6, "0")}`),
      movement.reason ? h("span", { class: "soft small block" }, h("bdi", {}, movement.reason)) : null,
    ),
    ...[movement.delta_on_hand, movement.delta_held, movement.delta_sold].map((delta) =>
      h("td", { class: "number" }, delta ? signed(delta) : ""),
    ),
  );
}

/** @param {number} delta */
function signed(delta) {
  return delta > 0 ? `+${delta}` : `−${-delta}`;
}

/** @param {string} kind */
function kindWord(kind) {
  return (
    {
      received: t("到货"),
      wasted: t("损耗"),
      recount: t("重新盘点"),
      held: t("下单占用"),
      released: t("占用释放"),
      sold: t("卖出"),
      returned: t("退回可售"),
    }[kind] ?? kind
  );
}
