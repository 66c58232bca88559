// @ts-check
/** How far the lot on air came, as a sketch with north on top: no map, and no distance where a place is unknown. */
import { t } from "../i18n.js";
import { part, write } from "./parts.js";
import { mountPanel } from "./presence.js";
import { s } from "./svg.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{name: string, producer: string | null, place: string | null, community: {name: string} | null, km: number | null, bearing: number | null}} Miles */

const SIZE = 300;
const REACH = 92;

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{page: string}} options
 */
export function mountMiles(root, link, { page }) {
  mountPanel(root, link, {
    name: "miles",
    topic: "miles",
    page,
    draw: (/** @type {Miles} */ miles) => {
      write(part(root, "of"), miles.name);
      root.dataset.state = miles.km === null ? "unknown" : "known";
      write(part(root, "miles-number"), miles.km === null ? t("未知") : kilometres(miles.km));
      write(part(root, "miles-unit"), miles.km === null ? t("不知道产地或小区的位置") : t("公里 · 直线距离"));
      write(part(root, "miles-from"), [miles.producer, miles.place].filter(Boolean).join(" · ") || t("未知"));
      write(part(root, "miles-to"), miles.community?.name || t("未知"));
      part(root, "miles-map").replaceChildren(sketch(miles.km === null ? null : miles.bearing));
      return true;
    },
  });
}

/** @param {number} km */
function kilometres(km) {
  return km < 100 ? km.toFixed(1) : Math.round(km).toLocaleString("en-US");
}

/** @param {number | null} bearing from the farm to the homes, degrees from north; null draws both with a question between */
function sketch(bearing) {
  const middle = SIZE / 2;
  const angle = (((bearing ?? 100) - 90) * Math.PI) / 180;
  const [dx, dy] = [Math.cos(angle) * REACH, Math.sin(angle) * REACH];
  const farm = [middle - dx, middle - dy];
  const home = [middle + dx, middle + dy];
  // bent to the left of the way, as a road is drawn
  const bend = [middle + dy * 0.45, middle - dx * 0.45];
  const way = `M${farm.map(round).join(" ")}Q${bend.map(round).join(" ")} ${home.map(round).join(" ")}`;
  const drawing = s("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "sketch" });
  drawing.append(
    s("circle", { cx: middle, cy: middle, r: 142, class: "sketch-ground" }),
    s("path", { d: "M14 196q70-52 136-14t136-10a142 142 0 0 1-272 24z", class: "sketch-field" }),
    s("path", { d: "M36 92q56 26 112 2t104 6", class: "sketch-river" }),
    s("path", { d: way, class: bearing === null ? "sketch-way unknown" : "sketch-way" }),
    s(
      "g",
      { class: "sketch-farm", transform: `translate(${farm.map(round).join(" ")})` },
      s("circle", { r: 26 }),
      s("path", { d: "M-9 9C-11-5-3-11 11-11 12 3 4 10-9 9zM-9 9L2-2" }),
    ),
    s(
      "g",
      { class: "sketch-home", transform: `translate(${home.map(round).join(" ")})` },
      s("circle", { r: 26 }),
      s("path", { d: "M-12 0L0-11 12 0M-8-3v13H8V-3" }),
    ),
    s(
      "g",
      { class: "sketch-north", transform: "translate(274 22)" },
      s("path", { d: "M0-20L11 12 0 5-11 12z" }),
      s("text", { y: 54, "text-anchor": "middle" }, t("北")),
    ),
  );
  if (bearing === null)
    drawing.append(s("text", { x: middle, y: middle + 18, class: "sketch-ask", "text-anchor": "middle" }, "?"));
  return drawing;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
