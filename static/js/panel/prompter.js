// @ts-check
/** Scrolls the prompters from the control page, and hands out their link. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { may, stage, watch } from "./stage.js";

/** @typedef {Partial<{line: number, by: number, playing: boolean, speed: number}>} Command */

/** Wires the bar below what is talked about. */
export function startPrompter() {
  watch(["prompter"], render);
  button("prompter-back", () => ({ by: -1 }));
  button("prompter-forth", () => ({ by: 1 }));
  button("prompter-play", () => ({ playing: !(stage.prompter?.playing ?? false) }));
  const speed = /** @type {HTMLInputElement} */ (byId("prompter-speed"));
  speed.addEventListener("change", () => void act(null, () => api.post("/prompter", { speed: Number(speed.value) })));
  byId("prompter-open").addEventListener("click", () => void open());
  render();
}

/**
 * @param {string} id
 * @param {() => Command} command
 */
function button(id, command) {
  byId(id).addEventListener("click", (event) =>
    act(/** @type {Element} */ (event.currentTarget), () => api.post("/prompter", command())),
  );
}

function render() {
  const place = stage.prompter;
  const playing = place?.playing ?? false;
  const play = byId("prompter-play");
  if (play.getAttribute("aria-pressed") !== String(playing) || !play.firstChild) {
    play.setAttribute("aria-pressed", String(playing));
    fill(play, icon(playing ? "pause" : "play"));
  }
  write(
    byId("prompter-line"),
    place?.lines ? `${Math.min(place.lines, Math.round(place.line) + 1)}/${place.lines}` : "",
  );
  const speed = /** @type {HTMLInputElement} */ (byId("prompter-speed"));
  if (place && document.activeElement !== speed) speed.value = String(place.speed);
  for (const id of ["prompter-back", "prompter-forth", "prompter-play"])
    byId(id).toggleAttribute("disabled", !place?.lines);
}

/** Opens it here, or copies the link for a second device. */
async function open() {
  const here = h(
    "a",
    { class: "button main", href: "/prompter", target: "_blank" },
    icon("external-link"),
    t("在这台打开"),
  );
  /** @type {HTMLElement[]} */
  const body = [
    h("p", {}, t("白字黑底，一行一个意思，跟着流程走。翻页笔、脚踏、空格和这里的按钮都能滚动，几台一起动。")),
    h("div", {}, here),
  ];
  if (may("producer")) {
    /** @type {{url: string, local: boolean}} */
    const link = await api.get("/prompter/link");
    const address = h("input", { value: link.url, readonly: true, spellcheck: "false" });
    const copy = h("button", { class: "button", type: "button" }, icon("copy"), t("复制链接"));
    copy.addEventListener("click", async () => {
      address.select();
      try {
        await navigator.clipboard.writeText(link.url);
        toast(t("已复制"));
      } catch {
        document.execCommand("copy"); // a LAN address over http has no clipboard
      }
    });
    body.push(
      field(t("第二台设备用的链接：只能看和滚动提词器，不能动直播"), address),
      h("div", {}, copy),
      ...(link.local
        ? [h("p", { class: "soft small" }, t("这是本机地址，别的设备打不开：请用局域网地址打开控制台再复制。"))]
        : []),
    );
  }
  return openDialog({ title: t("提词器"), body });
}
