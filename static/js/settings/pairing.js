// @ts-check
/** The dialog that pairs a device: for whom, then a QR code that is good for five minutes and one device. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { countDown } from "../ui/countdown.js";
import { openDialog } from "../ui/dialog.js";
import { fill, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { roleWord } from "./words.js";

/** @typedef {import("./words.js").Device} Device */
/** @typedef {{url: string, qr: string, role: string, until_ms: number}} Code */

const LIFE_MS = 300_000;
/** Devices that were there when the code was shown. @type {Set<number> | null} */
let before = null;
/** @type {readonly Device[]} */
let known = [];
let turn = 0;
/** @type {(device: Device) => void} */
let arrived = () => {};

/** @param {readonly Device[]} devices as they are now */
export function newDevice(devices) {
  known = devices;
  const device = before && devices.find(({ id }) => !before?.has(id));
  if (device) arrived(device);
}

/** Shows a code for the role that is chosen, another one when the choice changes, until a device came or it is closed. */
export async function pairDevice() {
  const shown = h("div", { class: "pairing-code", "aria-live": "polite" });
  const choices = h(
    "fieldset",
    { class: "pairing-role" },
    h("legend", {}, t("它用来做什么")),
    ...["producer", "moderator"].map((role, index) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name: "role", value: role, checked: index === 0 }),
        h("span", {}, h("strong", {}, roleWord(role)), " ", h("span", { class: "soft small" }, duty(role))),
      ),
    ),
  );
  choices.addEventListener("change", () => void show(shown, choices));
  const closed = openDialog({ title: t("配对设备"), body: [choices, shown] });
  before = new Set(known.map(({ id }) => id));
  arrived = (device) => {
    before = null;
    toast(t("“{name}”配对好了。", { name: device.name }));
    shown.closest("dialog")?.close();
  };
  void show(shown, choices);
  await closed;
  if (before) void api.delete("/pairing").catch(() => {}); // it ends by itself in any case
  before = null;
}

/** @param {string} role */
function duty(role) {
  return role === "producer" ? t("切商品和场景、改流程、管库存") : t("管感谢播报、提问、投票和订单");
}

/**
 * @param {HTMLElement} shown
 * @param {HTMLElement} choices
 */
async function show(shown, choices) {
  const role = /** @type {HTMLInputElement} */ (choices.querySelector("input:checked")).value;
  turn += 1;
  const mine = turn;
  /** @type {Code} */
  let code;
  try {
    code = await api.post("/pairing", { role });
  } catch (error) {
    fill(shown, h("p", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
    return;
  }
  if (mine !== turn) return; // another was asked for meanwhile, and this one is void
  const left = h("p", { class: "number", role: "timer", "aria-live": "off" });
  const address = h("input", { readonly: true, value: code.url, spellcheck: "false", "aria-label": t("配对链接") });
  address.addEventListener("focus", () => address.select());
  const picture = h("img", { src: code.qr, alt: t("配对用的二维码"), width: 260, height: 260 });
  fill(
    shown,
    picture,
    h("p", { class: "soft small" }, t("用那台设备的相机扫，或者在它的浏览器里打开下面的链接。只能用一次。")),
    address,
    left,
  );
  countDown(
    left,
    LIFE_MS,
    (time) => (time ? t("还有 {time}", { time }) : t("过期了")),
    () => {
      if (shown.contains(left))
        fill(
          shown,
          h("p", {}, t("二维码过期了。")),
          h(
            "button",
            { class: "button main", type: "button", onclick: () => void show(shown, choices) },
            icon("refresh-cw"),
            t("再来一个"),
          ),
        );
    },
  );
}
