// @ts-check
/** The order sources: their address, their secret, how they are doing, and a test of the whole way. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { copyField } from "./copying.js";
import { failureWord, isHost, moment, sourceHint, sourceName, testWord } from "./words.js";

/** @typedef {import("./words.js").Source} Source */

const LONGEST_CHECK_MS = 20_000;
/** The sources as they are now, by name. @type {Map<string, Source>} */
const known = new Map();

/** @param {import("./words.js").Webhooks} value */
export function drawSources(value) {
  const list = byId("sources");
  list.removeAttribute("aria-busy");
  const base = value.base_url || location.origin;
  for (const source of value.sources) known.set(source.name, source);
  keep(
    list,
    value.sources,
    ({ name }) => name,
    (source) => makeCard(source, base),
    updateCard,
  );
  explainAddress(value.base_url);
}

/**
 * Says plainly when shops outside cannot reach this address.
 * @param {string} publicUrl
 */
function explainAddress(publicUrl) {
  const note = byId("address-note");
  const text = publicUrl.startsWith("https://")
    ? ""
    : publicUrl
      ? t("公网地址 {url} 不是 https，多数商城会拒绝，路上也会被人看到。", { url: publicUrl })
      : t(
          "下面的地址只在这台电脑或家里的网络里有效，外面的商城够不到。请用反向代理或内网穿透给直播间一个公网 https 地址，写进设置 public_url 再重启。",
        );
  note.hidden = !text;
  write(/** @type {Element} */ (note.lastElementChild), text);
}

/**
 * @param {Source} source
 * @param {string} base
 */
function makeCard({ name, path }, base) {
  const address = h("input", { readonly: true, value: base + path, spellcheck: "false", "data-part": "address" });
  address.addEventListener("focus", () => address.select());
  const title = `source-${name}`;
  return h(
    "li",
    { class: "panel source", "data-source": name },
    h("div", { class: "source-head" }, h("h3", { id: title }, sourceName(name)), h("span", { "data-part": "state" })),
    copyField(t("推送地址"), address),
    h("dl", { class: "facts", "data-part": "facts" }),
    h("p", { class: "result", role: "status", "data-part": "result" }),
    h("div", { class: "tools", "data-part": "tools" }),
  );
}

/**
 * @param {HTMLElement} card
 * @param {Source} source
 */
function updateCard(card, source) {
  if (isDrawn(card, source)) return;
  fill(part(card, "state"), stateBadge(source));
  fill(part(card, "facts"), ...facts(source));
  const tools = part(card, "tools");
  const focused = tools.contains(document.activeElement) ? document.activeElement?.getAttribute("data-tool") : null;
  fill(tools, ...makeTools(card, source));
  if (focused) /** @type {HTMLElement | null} */ (tools.querySelector(`[data-tool="${focused}"]`))?.focus();
}

/** @param {Source} source */
function stateBadge({ enabled, has_secret }) {
  if (enabled) return badge("good", "circle-check", t("已启用"));
  return has_secret ? badge("warn", "pause", t("已停用")) : badge("", "circle-dot", t("未设置"));
}

/** @param {Source} source */
function facts({ enabled, last_delivery_ms, last_failure_ms, last_failure, failures, rotating, parked, failed }) {
  /** @type {[string, string | HTMLElement][]} */
  const rows = [
    [
      t("上次推送"),
      last_delivery_ms ? moment(last_delivery_ms) : enabled ? t("还没有，等商城的第一次推送") : t("还没有"),
    ],
  ];
  if (last_failure_ms)
    rows.push([
      t("拒收"),
      h(
        "span",
        { class: "bad" },
        t("{n} 次，最近 {time}：{why}", { n: failures, time: moment(last_failure_ms), why: failureWord(last_failure) }),
      ),
    ]);
  if (parked + failed) rows.push([t("等你处理"), t("{n} 个，在这页最上面", { n: parked + failed })]);
  if (rotating) rows.push([t("密钥"), t("新旧两把都有效；商城换好后，在“密钥”里停用旧的")]);
  return rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
}

/**
 * @param {HTMLElement} card
 * @param {Source} source
 */
function makeTools(card, source) {
  const command = (
    /** @type {string} */ name,
    /** @type {string} */ sign,
    /** @type {string} */ word,
    /** @type {(button: Element) => unknown} */ run,
    main = false,
  ) =>
    h(
      "button",
      {
        class: `button${main ? " main" : ""}`,
        type: "button",
        "data-tool": name,
        "aria-describedby": `source-${source.name}`,
        onclick: (/** @type {Event} */ event) => run(/** @type {Element} */ (event.currentTarget)),
      },
      icon(sign),
      word,
    );
  const host = isHost();
  return [
    host &&
      command(
        "secret",
        "settings",
        source.has_secret ? t("密钥") : t("设置密钥"),
        () => setUp(source.name),
        !source.has_secret,
      ),
    source.enabled && command("test", "flask-conical", t("测试"), (button) => test(card, source.name, button)),
    host &&
      source.has_secret &&
      command(
        "switch",
        source.enabled ? "pause" : "play",
        source.enabled ? t("停用") : t("启用"),
        (button) => void act(button, () => put(source.name, { enabled: !source.enabled })),
      ),
    !host && !source.has_secret && h("p", { class: "soft small" }, t("密钥由主播设置。")),
  ];
}

/** @param {string} name */
function setUp(name) {
  const source = known.get(name);
  if (!source) return;
  const secretName = name === "youzan" ? "client_secret" : t("密钥");
  const secret = h("input", {
    name: "secret",
    type: "password",
    autocomplete: "new-password",
    maxlength: 150,
    spellcheck: "false",
    required: !source.has_secret,
    placeholder: source.has_secret ? t("已保存，留空就不改") : "",
  });
  const client = h("input", {
    name: "client_id",
    maxlength: 80,
    required: true,
    spellcheck: "false",
    autocomplete: "off",
    value: source.client_id ?? "",
  });
  void openDialog({
    title: t("设置{name}", { name: sourceName(name) }),
    body: [
      h("p", { class: "soft" }, sourceHint(name)),
      name === "youzan" && field("client_id", client),
      field(secretName, secret),
      h("p", { class: "soft small" }, t("密钥加密保存，存好后谁也看不到。换新密钥时旧的先继续有效，不会漏单。")),
      source.rotating &&
        h(
          "label",
          { class: "choice" },
          h("input", { type: "checkbox", name: "forget" }),
          h("span", {}, t("商城已经换成新密钥，停用旧的")),
        ),
      h(
        "label",
        { class: "choice" },
        h("input", { type: "checkbox", name: "enabled", checked: source.enabled || !source.has_secret }),
        h("span", {}, t("启用：收下这个商城的推送")),
      ),
    ],
    submit: t("保存"),
    run: (form) =>
      put(name, {
        enabled: form.has("enabled"),
        secret: String(form.get("secret") ?? "").trim() || null,
        client_id: form.has("client_id") ? String(form.get("client_id")).trim() : null,
        forget_previous: form.has("forget"),
      }),
  });
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} body
 */
async function put(name, body) {
  drawSources(await api.put(`/webhooks/sources/${name}`, body));
}

/**
 * @param {HTMLElement} card
 * @param {string} name
 * @param {Element} button
 */
async function test(card, name, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await api.post(`/webhooks/sources/${name}/test`, {}, { timeoutMs: LONGEST_CHECK_MS });
    showResult(part(card, "result"), answer.ok, `${testWord(answer)} · ${answer.url}`);
  } catch (error) {
    showResult(part(card, "result"), false, explain(error));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * @param {Element} place
 * @param {boolean} ok
 * @param {string} text
 */
export function showResult(place, ok, text) {
  place.className = `result ${ok ? "good" : "bad"}`;
  fill(place, icon(ok ? "circle-check" : "circle-alert"), h("span", {}, text));
}

/**
 * @param {HTMLElement} card
 * @param {string} name
 */
function part(card, name) {
  return /** @type {HTMLElement} */ (card.querySelector(`[data-part="${name}"]`));
}
