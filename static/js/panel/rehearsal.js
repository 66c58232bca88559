// @ts-check
/** 彩排: start one from the draft on stage, and while it runs a banner with where it is and how it ends. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { byId, fill, h, icon } from "../ui/element.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {{state: "off" | "starting" | "running" | "failed", show_id: number | null, source: string | null, since_ms: number | null, port: number | null, message_zh: string, message_en: string}} Rehearsal */

const MAX_FILE_BYTES = 300_000;

/** Wires the menu's entry and draws the banner. */
export function startRehearsal() {
  watch(["rehearsal", "show"], render);
  byId("rehearse").addEventListener("click", () => {
    byId("menu").hidePopover();
    void openRehearsal();
  });
  render();
}

function render() {
  const rehearsal = stage.rehearsal;
  const state = rehearsal?.state ?? "off";
  byId("rehearse").hidden = stage.show?.status !== "draft" || !may("producer") || !rehearsal;
  byId("rehearse").toggleAttribute("disabled", state === "starting" || state === "running");
  const banner = byId("rehearsing");
  banner.hidden = state === "off";
  if (state === "off" || !rehearsal) return;
  const said = language() === "en" ? rehearsal.message_en : rehearsal.message_zh;
  const words = {
    starting: t("彩排正在准备，几秒就好。"),
    running: t("彩排进行中。它有自己的库存和订单，真的一点不动。"),
    failed: said,
  }[state];
  fill(
    banner,
    icon("clapperboard"),
    h("span", { class: "grow" }, words),
    ...(state === "running" && may("producer")
      ? [open("control", "radio", t("彩排控制台")), open("stage", "layers", t("彩排画面"))]
      : []),
    may("producer")
      ? h(
          "button",
          { class: "button quiet", type: "button", onclick: end },
          ...(state === "failed" ? [icon("check"), t("知道了")] : [icon("square"), t("结束彩排")]),
        )
      : null,
  );
}

/**
 * @param {"control" | "stage"} name
 * @param {string} sign
 * @param {string} word
 */
function open(name, sign, word) {
  const button = h("button", { class: "button quiet", type: "button" }, icon(sign), word);
  button.addEventListener("click", () => {
    // opened now, filled when the address is known: a window that opens later is a pop-up, and blocked
    const tab = globalThis.open("about:blank", "_blank");
    void act(button, async () => {
      const links = await api.get("/rehearsal/links");
      if (tab) tab.location.replace(links[name]);
      else location.assign(links[name]);
    }).then((done) => {
      if (!done) tab?.close();
    });
  });
  return button;
}

/** @param {Event} event */
function end(event) {
  void act(/** @type {Element} */ (event.currentTarget), () => api.delete("/rehearsal", { timeoutMs: 30_000 }));
}

async function openRehearsal() {
  const show = stage.show;
  if (!show) return;
  /** @type {{shows: {id: number, title: string, status: string}[]}} */
  const { shows } = await api.get("/shows");
  const ended = shows.filter(({ status }) => status === "ended").slice(0, 20);
  const source = h(
    "select",
    { name: "source" },
    h("option", { value: "script" }, t("文字稿：按说话的速度念")),
    h("option", { value: "file" }, t("一段录音：真的听写")),
    h("option", { value: "mic" }, t("麦克风：自己说一遍")),
    ended.length ? h("option", { value: "show" }, t("以前一场的原话")) : null,
  );
  const text = h("textarea", { name: "text", rows: 6, maxlength: 300_000 });
  text.value = show.rundown.flatMap((item) => [item.title, ...item.points]).join("\n");
  const file = h("input", { type: "file", accept: ".txt,.srt,.vtt,text/plain" });
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (chosen && chosen.size <= MAX_FILE_BYTES) text.value = await chosen.text();
  });
  const path = h("input", { name: "path", autocomplete: "off", spellcheck: "false", maxlength: 1000 });
  const from = h("select", { name: "from_show" }, ...ended.map(({ id, title }) => h("option", { value: id }, title)));
  const parts = /** @type {[string, HTMLElement][]} */ ([
    [
      "script",
      h("div", { class: "override" }, field(t("一行一句，也可以是 SRT、VTT"), text), field(t("或者选一个文件"), file)),
    ],
    ["file", field(t("录音文件的路径"), path)],
    ["mic", h("p", { class: "soft" }, t("真的直播间这时不听，彩排的直播间听同一个麦克风。"))],
    ["show", field(t("哪一场"), from)],
  ]);
  const choose = () => {
    for (const [name, part] of parts) part.hidden = name !== source.value;
    path.required = source.value === "file";
    text.required = source.value === "script";
  };
  source.addEventListener("change", choose);
  choose();
  const neighbours = h("input", { type: "checkbox", name: "neighbours", checked: true });
  await openDialog({
    title: t("彩排"),
    body: [
      h(
        "p",
        {},
        t(
          "用这场的流程和商品，在另开的一间直播间里从头走一遍：字幕、商品卡、喊单都是真的流程，画面上有“彩排”水印，结束后什么都不留下。",
        ),
      ),
      field(t("听什么"), source),
      ...parts.map(([, part]) => part),
      h("label", { class: "choice" }, neighbours, h("span", {}, t("请几位模拟邻居来下单"))),
    ],
    submit: t("开始彩排"),
    sign: "clapperboard",
    run: (form) =>
      api.post("/rehearsal", {
        show_id: show.id,
        source: source.value,
        neighbours: neighbours.checked,
        ...(source.value === "script" ? { text: text.value } : {}),
        ...(source.value === "file" ? { path: form.get("path") } : {}),
        ...(source.value === "show" ? { from_show: Number(from.value) } : {}),
      }),
  });
}
