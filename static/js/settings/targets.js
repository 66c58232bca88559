// @ts-check
/** Other systems that hear of orders and stock: added, tested, paused, deleted by the host. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { ask, field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { showResult } from "./sources.js";
import { isHost, moment, testWord } from "./words.js";

/** @typedef {import("./words.js").Target} Target */

/** @param {import("./words.js").Webhooks} value */
export function drawTargets({ targets }) {
  const text = isHost()
    ? t("还没有推送目标。要让别的商城跟着扣库存，就添加它的接收地址。")
    : t("还没有推送目标，由主播添加。");
  const nothing = h("li", {}, empty("link", text));
  keep(byId("targets"), targets, ({ id }) => id, make, update, nothing);
}

/** Wires the button that adds one. */
export function startTargets() {
  document.getElementById("add-target")?.addEventListener("click", () => void add());
}

function make() {
  return h(
    "li",
    { class: "target" },
    h("div", { class: "grow", "data-part": "what" }),
    h("div", { class: "tools", "data-part": "tools" }),
    h("p", { class: "result", role: "status", "data-part": "result" }),
  );
}

/**
 * @param {HTMLElement} row
 * @param {Target} target
 */
function update(row, target) {
  if (isDrawn(row, target)) return;
  const state = target.enabled ? badge("good", "circle-check", t("推送中")) : badge("warn", "pause", t("已暂停"));
  fill(
    part(row, "what"),
    h("p", { class: "url" }, target.url),
    h("p", { class: "badges" }, state, " ", h("span", { class: "soft small" }, story(target))),
  );
  if (isHost()) fill(part(row, "tools"), ...tools(row, target));
}

/** @param {Target} target */
function story({ last_ok_ms, last_failure_ms, last_failure, waiting, dead }) {
  const parts = [last_ok_ms ? t("上次送达 {time}", { time: moment(last_ok_ms) }) : t("还没有送达过")];
  if (last_failure_ms && last_failure_ms > (last_ok_ms ?? 0))
    parts.push(t("最近失败 {time}（{why}）", { time: moment(last_failure_ms), why: last_failure }));
  if (waiting) parts.push(t("{n} 条在排队", { n: waiting }));
  if (dead) parts.push(t("{n} 条超过一天没送到，已放弃", { n: dead }));
  return parts.join(" · ");
}

/**
 * @param {HTMLElement} row
 * @param {Target} target
 */
function tools(row, target) {
  const path = `/webhooks/targets/${target.id}`;
  const button = (
    /** @type {string} */ sign,
    /** @type {string} */ word,
    /** @type {(button: Element) => unknown} */ run,
  ) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: (/** @type {Event} */ event) => run(/** @type {Element} */ (event.currentTarget)),
      },
      icon(sign),
      word,
    );
  return [
    button("flask-conical", t("测试"), (pressed) => test(row, path, pressed)),
    button(target.enabled ? "pause" : "play", target.enabled ? t("暂停") : t("继续"), (pressed) =>
      act(pressed, async () => drawTargets(await api.put(path, { enabled: !target.enabled }))),
    ),
    button("trash-2", t("删除"), () =>
      ask({
        title: t("删除这个推送目标？"),
        text: t("还在排队的 {n} 条也会一起删掉。", { n: target.waiting }),
        submit: t("删除"),
        sign: "trash-2",
        run: async () => drawTargets(await api.delete(path)),
      }),
    ),
  ];
}

/**
 * @param {HTMLElement} row
 * @param {string} path
 * @param {Element} button
 */
async function test(row, path, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await api.post(`${path}/test`, {}, { timeoutMs: 20_000 });
    showResult(part(row, "result"), answer.ok, testWord(answer));
  } catch (error) {
    showResult(part(row, "result"), false, explain(error));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function add() {
  let secret = "";
  const made = await openDialog({
    title: t("添加推送目标"),
    body: [
      field(
        t("接收地址"),
        h("input", {
          name: "url",
          type: "url",
          required: true,
          maxlength: 400,
          placeholder: "https://",
          spellcheck: "false",
        }),
      ),
      h("p", { class: "soft small" }, t("签名和格式见 docs/webhooks.md。密钥会自动生成，下一步只显示一次。")),
    ],
    submit: t("添加"),
    run: async (form) => {
      const answer = await api.post("/webhooks/targets", { url: form.get("url") });
      secret = answer.secret;
      drawTargets(answer);
    },
  });
  if (made)
    await openDialog({
      title: t("把密钥交给对方"),
      body: [
        h("p", {}, t("对方用它核对签名。关掉这个窗口就再也看不到了：没抄下来，只能删掉重建。")),
        h("p", { class: "secret", "data-secret": true }, secret),
      ],
    });
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 */
function part(row, name) {
  return /** @type {HTMLElement} */ (row.querySelector(`[data-part="${name}"]`));
}
