// @ts-check
/** Pickup points: added, edited, taken out of use. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, empty, fill, h, icon } from "../ui/element.js";

/** @typedef {{id: number, name: string, address: string, hours: string, active: boolean}} Point */

/**
 * @param {HTMLElement} list
 * @param {Point[]} points
 * @param {((point: Point) => unknown) | null} edit null where the role may only look
 */
export function showPoints(list, points, edit) {
  fill(
    list,
    ...points.map((point) =>
      h(
        "li",
        { class: "row point-row" },
        icon("map-pin"),
        h(
          "div",
          { class: "grow" },
          h("strong", {}, point.name),
          h("span", { class: "soft small" }, [point.address, point.hours].filter(Boolean).join(" · ")),
        ),
        point.active ? badge("good", "check", t("使用中")) : badge("", "ban", t("已停用")),
        edit &&
          h(
            "button",
            {
              class: "button quiet square",
              type: "button",
              "aria-label": t("修改{name}", { name: point.name }),
              title: t("修改"),
              onclick: () => edit(point),
            },
            icon("pencil"),
          ),
      ),
    ),
    !points.length && h("li", {}, empty("map-pin", t("还没有自提点。新建一个，买家下单时就能选。"))),
  );
}

/**
 * Asks for a point's name, address and hours.
 * @param {Point | null} point null adds one
 */
export function editPoint(point) {
  const text = (/** @type {string} */ name, /** @type {string} */ value, /** @type {number} */ most) =>
    h("input", { name, value, maxlength: most, autocomplete: "off", required: name === "name" });
  const active = h("input", { type: "checkbox", name: "active", checked: point?.active ?? true });
  return openDialog({
    title: point ? t("修改自提点") : t("新建自提点"),
    body: [
      field(t("名称"), text("name", point?.name ?? "", 40)),
      field(t("地址"), text("address", point?.address ?? "", 120)),
      field(t("取货时间"), text("hours", point?.hours ?? "", 60)),
      h("label", { class: "choice" }, active, h("span", {}, t("买家可以选它"))),
    ],
    submit: t("保存"),
    run: (form) => {
      const body = {
        name: String(form.get("name") ?? ""),
        address: String(form.get("address") ?? ""),
        hours: String(form.get("hours") ?? ""),
        active: form.get("active") !== null,
      };
      return point ? api.put(`/pickup-points/${point.id}`, body) : api.post("/pickup-points", body);
    },
  });
}
