// @ts-check
/** What Stream Deck, Companion or a foot switch needs: the address, the token, and a line that can be copied for each action. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { byId, fill, h, icon } from "../ui/element.js";
import { copyField } from "./copying.js";
import { isHost } from "./words.js";

/** @typedef {{url: string, token: string, actions: string[]}} Connection */

const HIDDEN = "$TOKEN";

/** Draws the section. */
export async function startTriggers() {
  try {
    draw(await api.get("/triggers/connection"));
  } catch (error) {
    fill(byId("triggers"), h("p", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
  }
  byId("triggers").removeAttribute("aria-busy");
}

/** @param {Connection} connection */
function draw({ url, token, actions }) {
  const secret = h("input", { type: "password", readonly: true, value: token, autocomplete: "off" });
  const state = line(url, "GET", "", token);
  fill(
    byId("triggers"),
    named(t("地址"), h("input", { type: "text", readonly: true, value: url })),
    named(t("令牌"), secret, showButton(secret)),
    h(
      "details",
      {},
      h("summary", {}, t("每个动作一行 curl")),
      h("p", { class: "soft small" }, t("复制出来的那一行带着令牌，别贴到公开的地方。")),
      h(
        "ul",
        { class: "presses" },
        ...actions.map((action) => row(actionWord(action), line(`${url}/${action}`, "POST", extra(action), token))),
        row(t("按钮该显示什么：播出、静音、录制"), state),
      ),
    ),
    h(
      "ul",
      { class: "soft small" },
      h("li", {}, t("Stream Deck：装一个能发网页请求的插件，方法 POST，请求头 Authorization: Bearer 加令牌。")),
      h("li", {}, t("Companion：用 Generic HTTP 模块，动作 POST，同样的请求头；反馈读 GET 回来的 JSON。")),
    ),
    isHost() ? h("div", { class: "tools" }, renewButton()) : null,
  );
}

/**
 * A line of a shell; what is shown hides the token, what is copied holds it.
 * @param {string} url
 * @param {string} method
 * @param {string} data
 * @param {string} token
 */
function line(url, method, data, token) {
  const whole = (/** @type {string} */ bearer) =>
    ["curl -sS", method === "GET" ? "" : `-X ${method}`, `-H "Authorization: Bearer ${bearer}"`, data, url]
      .filter(Boolean)
      .join(" ");
  return { shown: whole(HIDDEN), copied: whole(token) };
}

/**
 * @param {string} word
 * @param {{shown: string, copied: string}} command
 */
function row(word, { shown, copied }) {
  return h("li", {}, named(word, h("input", { type: "text", readonly: true, value: shown, "data-copy": copied })));
}

/**
 * @param {string} word
 * @param {HTMLInputElement} input
 * @param {...HTMLElement} more
 */
function named(word, input, ...more) {
  return h("div", {}, h("p", { class: "small", "aria-hidden": "true" }, word), copyField(word, input, ...more));
}

/** @param {HTMLInputElement} input */
function showButton(input) {
  const button = h("button", { class: "button", type: "button" });
  const draw = (/** @type {boolean} */ shown) => {
    input.type = shown ? "text" : "password";
    fill(button, icon(shown ? "eye-off" : "eye"), shown ? t("隐藏") : t("显示"));
  };
  button.addEventListener("click", () => draw(input.type === "password"));
  draw(false);
  return button;
}

function renewButton() {
  const renew = () =>
    ask({
      title: t("换一个令牌？"),
      text: t("用旧令牌的按钮马上失效，要把新的填进去。"),
      submit: t("换令牌"),
      sign: "refresh-cw",
      run: async () => draw(await api.post("/triggers/token", {})),
    });
  return h("button", { class: "button", type: "button", onclick: renew }, icon("refresh-cw"), t("换令牌"));
}

/** @param {string} action */
function extra(action) {
  const why = t("开箱");
  if (action === "mark") return `--data-urlencode text=${why}`;
  return action === "take" || action === "standby" ? "-d position=3" : "";
}

/** @param {string} action */
function actionWord(action) {
  const words = /** @type {Record<string, string>} */ ({
    next: t("下一个上屏"),
    previous: t("前一个再上屏"),
    take: t("流程里第几项上屏"),
    standby: t("流程里第几项备好"),
    undo: t("撤销上一步"),
    "pause-shoutouts": t("感谢播报暂停"),
    "resume-shoutouts": t("感谢播报继续"),
    "skip-shoutout": t("跳过这一条感谢"),
    "show-question": t("问的人最多的提问上屏"),
    "clear-question": t("撤下提问"),
    mark: t("标记刚才这句，留作亮点"),
    "start-record": t("开始录制"),
    "stop-record": t("停止录制"),
    mute: t("麦克风静音"),
    unmute: t("麦克风打开"),
  });
  return words[action] ?? action;
}
