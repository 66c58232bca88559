// @ts-check
/** Tablets and phones that operate the studio: open to the network or not, who is paired, rename, send away. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { ask, field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { newDevice, pairDevice } from "./pairing.js";
import { isHost, moment, roleWord } from "./words.js";

/** @typedef {import("./words.js").Lan} Lan */
/** @typedef {import("./words.js").Device} Device */

/** Wires the button that pairs one. */
export function startDevices() {
  document.getElementById("pair-device")?.addEventListener("click", () => void pairDevice());
}

/** @param {Lan | null} lan */
export function drawLan(lan) {
  if (!lan) return;
  const box = byId("lan");
  box.removeAttribute("aria-busy");
  const problem = language() === "en" ? lan.message_en : lan.message_zh;
  fill(
    box,
    h("h3", {}, t("局域网访问"), " ", lan.on ? badge("warn", "radio", t("已打开")) : badge("", "ban", t("没有打开"))),
    h("p", {}, ...story(lan)),
    lan.url &&
      !publicUrl() &&
      h(
        "p",
        { class: "soft small for-buyers" },
        icon("wifi-off"),
        t("没有写 public_url，所以商品卡、投票、海报上的二维码都是这个地址：只有连着同一个 Wi-Fi 的手机能打开。"),
      ),
    lan.on &&
      h(
        "p",
        { class: "soft small" },
        t("操作仍要登录或配对，邻居的下单页谁都能看。连接没有加密，只在自己信得过、有密码的 Wi-Fi 里打开。"),
      ),
    problem && h("p", { class: "problem", role: "alert" }, icon("circle-alert"), problem),
    isHost() && !lan.fixed && h("div", { class: "tools" }, ...lanTools(lan)),
  );
  const pair = /** @type {HTMLButtonElement | null} */ (document.getElementById("pair-device"));
  if (pair) {
    pair.disabled = !lan.url && !publicUrl();
    pair.title = pair.disabled ? t("先打开局域网访问") : "";
  }
}

function publicUrl() {
  return byId("main").dataset.publicUrl;
}

/** @param {Lan} lan */
function story({ on, fixed, url }) {
  if (fixed && !url) return [t("设置 host 让直播间在每个地址上监听；再写上 allowed_hosts，别的设备才进得来。")];
  const where = url ? h("code", {}, url) : null;
  if (fixed) return [t("设置 host 已经决定了监听的地址："), " ", where];
  if (!on) return [t("直播间只听这台电脑自己（127.0.0.1），别的设备够不到。")];
  if (!url) return [t("打开了，但现在没有在局域网上监听。")];
  return [t("同一个网络里的设备可以打开："), " ", where];
}

/** @param {Lan} lan */
function lanTools({ on, address, wanted, addresses }) {
  const select = h(
    "select",
    { "aria-label": t("在哪个地址上监听") },
    h("option", { value: "", selected: !wanted }, t("自动选地址")),
    ...addresses.map((each) => h("option", { value: each, selected: each === wanted }, each)),
  );
  select.addEventListener("change", () => on && void act(select, () => set(true, select.value)));
  return [
    h(
      "button",
      {
        class: on ? "button" : "button main",
        type: "button",
        onclick: (/** @type {Event} */ event) =>
          on ? close(address) : void act(/** @type {Element} */ (event.currentTarget), () => set(true, select.value)),
      },
      icon(on ? "wifi-off" : "radio"),
      on ? t("关闭局域网访问") : t("打开局域网访问"),
    ),
    addresses.length > 1 && select,
    !on && h("p", { class: "soft small grow" }, t("Windows 第一次会问防火墙：选“专用网络”，允许。")),
  ];
}

/** @param {string | null} address */
function close(address) {
  const run = () => set(false, "");
  if (location.hostname !== address) return void run();
  return ask({
    title: t("关闭局域网访问？"),
    text: t("你现在就是从局域网进来的，关闭以后这一页也会断开，要到主播的电脑上才能再打开。"),
    submit: t("关闭"),
    sign: "wifi-off",
    run,
  });
}

/**
 * @param {boolean} on
 * @param {string} address
 */
async function set(on, address) {
  drawLan(await api.put("/lan", { on, address }));
}

/** @param {Device[] | null} devices */
export function drawDevices(devices) {
  if (!devices) return;
  newDevice(devices);
  const list = byId("paired");
  const nothing = h("li", {}, empty("smartphone", t("还没有配对的设备。")));
  keep(list, devices, ({ id }) => id, make, update, nothing);
}

function make() {
  return h(
    "li",
    { class: "target" },
    h("div", { class: "grow", "data-part": "what" }),
    h("div", { class: "tools", "data-part": "tools" }),
  );
}

/**
 * @param {HTMLElement} row
 * @param {Device} device
 */
function update(row, device) {
  if (isDrawn(row, device)) return;
  const { id, name, role, online, paired_ms, seen_ms } = device;
  const here = online
    ? badge("good", "circle-check", t("在线"))
    : badge("", "circle-dot", t("最后在线 {time}", { time: moment(seen_ms) }));
  fill(
    /** @type {Element} */ (row.querySelector('[data-part="what"]')),
    h("p", { class: "url", id: `device-${id}` }, name),
    h(
      "p",
      { class: "badges" },
      badge("", "user", roleWord(role)),
      " ",
      here,
      " ",
      h("span", { class: "soft small" }, t("{time} 配对", { time: moment(paired_ms) })),
    ),
  );
  if (!isHost() || row.querySelector('[data-part="tools"] button')) return;
  const button = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {() => unknown} */ run) =>
    h(
      "button",
      { class: "button", type: "button", "aria-describedby": `device-${id}`, onclick: run },
      icon(sign),
      word,
    );
  fill(
    /** @type {Element} */ (row.querySelector('[data-part="tools"]')),
    button("pencil", t("改名"), () => rename(row)),
    button("user-round-x", t("移除"), () => revoke(row)),
  );
}

/** @param {HTMLElement} row @returns {Device} */
function deviceOf(row) {
  return JSON.parse(row.dataset.drawn ?? "")[0];
}

/** @param {HTMLElement} row */
function rename(row) {
  const { id, name } = deviceOf(row);
  const input = h("input", { name: "name", required: true, maxlength: 40, autocomplete: "off", value: name });
  return openDialog({
    title: t("给设备改名"),
    body: [field(t("名字"), input)],
    submit: t("保存"),
    run: async () => drawDevices((await api.put(`/devices/${id}`, { name: input.value })).devices),
  });
}

/** @param {HTMLElement} row */
function revoke(row) {
  const { id, name } = deviceOf(row);
  return ask({
    title: t("移除“{name}”？", { name }),
    text: t("它打开的页面马上断开，要重新扫码配对才能再用。它看到过的提词器、叠加画面和触发器链接还有效。"),
    submit: t("移除"),
    sign: "user-round-x",
    run: async () => drawDevices((await api.delete(`/devices/${id}`)).devices),
  });
}
