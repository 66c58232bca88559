// @ts-check
/** What a connection light opens: how it is, what to do, and the setting that belongs to it. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { sourceList } from "./overlay-sources.js";
import { may, stage } from "./stage.js";

/** @typedef {{current: string, microphones: string[]}} Sources */

/**
 * The message in the page's language.
 * @param {{message_zh: string, message_en: string} | null} status
 */
function message(status) {
  return (language() === "en" ? status?.message_en : status?.message_zh) ?? "";
}

/** @param {...string} lines */
function steps(...lines) {
  return h("ol", { class: "numbered" }, ...lines.map((line) => h("li", {}, line)));
}

/** OBS: where it is, and its WebSocket password. */
export async function openObs() {
  const obs = stage.obs;
  const connected = obs?.state === "connected";
  const said = message(obs);
  const body = [
    connected
      ? h("p", {}, t("已连接 OBS {version}。", { version: obs.version }))
      : h("p", {}, said || t("还没有连上 OBS。不用 OBS 也能开播：叠加画面可以在任何浏览器里打开。")),
    connected
      ? null
      : steps(
          t("在这台电脑上打开 OBS。"),
          t("OBS 菜单：工具 → WebSocket 服务器设置 → 勾选“开启 WebSocket 服务器”。"),
          t("点“显示连接信息”，把端口和密码填到下面。"),
        ),
  ];
  if (!may("host"))
    return openDialog({
      title: t("OBS 连接"),
      body: [...body, h("p", { class: "soft" }, t("只有主播可以改这里的设置。"))],
    });
  /** @type {{host: string, port: number, password: boolean}} */
  const where = await api.get("/obs/connection");
  return openDialog({
    title: t("OBS 连接"),
    body: [
      ...body,
      h(
        "div",
        { class: "pair" },
        field(
          t("地址"),
          h("input", { name: "host", value: where.host, required: true, autocomplete: "off", spellcheck: "false" }),
        ),
        field(
          t("端口"),
          h("input", {
            name: "port",
            type: "number",
            inputmode: "numeric",
            min: 1,
            max: 65535,
            value: where.port,
            required: true,
          }),
        ),
      ),
      field(
        t("密码"),
        h("input", {
          name: "password",
          type: "password",
          autocomplete: "off",
          placeholder: where.password ? t("已存好，不改就空着") : "",
        }),
      ),
    ],
    submit: t("连接"),
    sign: "plug",
    run: async (form) => {
      await api.put("/obs/connection", {
        host: form.get("host"),
        port: Number(form.get("port")),
        password: form.get("password") || undefined,
      });
      toast(t("已保存，正在连接 OBS。"));
    },
  });
}

/** The ear's source: a microphone of this PC, a file or a stream. */
export async function openEar() {
  const ear = stage.ear;
  const said = message(ear);
  const words = [
    h("p", {}, said || t("直播间听主播说话，自动出字幕、亮点和问答。声音只在这台电脑上处理。")),
    steps(
      t("麦克风插好，系统里没有静音。"),
      t("在下面选对麦克风，说句话看音量条动不动。"),
      t("音量条一直不动，就换一个再试。"),
    ),
  ];
  /** @type {Sources} */
  let sources;
  try {
    sources = await api.get("/ear/sources");
  } catch (error) {
    return openDialog({
      title: t("声音"),
      body: [...words, h("p", { class: "problem" }, error instanceof Error ? error.message : String(error))],
    });
  }
  const microphones = sources.microphones.map((name) => /** @type {const} */ ([`mic:${name}`, name]));
  const known = ["mic", ...microphones.map(([source]) => source)].includes(sources.current);
  const other = h("input", {
    name: "other",
    value: known ? "" : sources.current,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 1000,
  });
  const otherField = field(t("文件路径或网络地址"), other);
  const select = h(
    "select",
    { name: "source" },
    h("option", { value: "mic", selected: sources.current === "mic" }, t("系统默认麦克风")),
    ...microphones.map(([source, name]) => h("option", { value: source, selected: source === sources.current }, name)),
    h("option", { value: "", selected: !known }, t("文件或网络地址…")),
  );
  const showOther = () => {
    otherField.hidden = select.value !== "";
    other.required = !otherField.hidden;
  };
  select.addEventListener("change", showOther);
  showOther();
  return openDialog({
    title: t("声音"),
    body: [...words, field(t("听哪里"), select), otherField, restartButton()],
    submit: t("使用"),
    sign: "mic",
    run: async (form) => {
      await api.put("/ear/source", { source: form.get("source") || form.get("other") });
      toast(t("已换声音来源，稍等几秒生效。"));
    },
  });
}

function restartButton() {
  const button = h(
    "button",
    { class: "button", type: "button", disabled: !may("producer") },
    icon("refresh-cw"),
    t("重新启动识别"),
  );
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await api.post("/ear/restart");
      toast(t("识别正在重新启动。"));
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), "bad");
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  return button;
}

/** The speech model: which one, and whether this PC keeps up with it. */
export function openModel() {
  const ear = stage.ear;
  const rows = ear
    ? h(
        "dl",
        { class: "facts" },
        ...[
          [t("模型"), ear.model],
          [t("落后"), t("{n} 秒", { n: ear.lag_s.toFixed(1) })],
          [t("存下待补"), t("{n} 秒", { n: (ear.waiting_s ?? 0).toFixed(0) })],
          [t("省略的临时字幕"), String(ear.dropped_partials)],
        ].flatMap(([name, value]) => [h("dt", {}, name), h("dd", { class: "number" }, value)]),
      )
    : null;
  return openDialog({
    title: t("语音识别"),
    body: [
      h("p", {}, message(ear) || t("语音在这台电脑上识别，不会传到别处。")),
      rows,
      h(
        "p",
        { class: "soft" },
        t("一直落后时：关掉占处理器的程序；仍然落后，就在设置文件里换小一号的模型。字幕晚一点，但记录一句不少。"),
      ),
      restartButton(),
    ],
  });
}

/** Which overlay pages are open, and where their addresses are. */
export function openOverlays() {
  const pages = Object.entries(stage.overlays?.pages ?? {}).filter(([, open]) => open);
  const names = /** @type {Record<string, string>} */ ({
    composite: t("全部合一"),
    card: t("商品卡"),
    stock: t("实时库存"),
    shoutout: t("感谢播报"),
    caption: t("字幕"),
  });
  return openDialog({
    title: t("叠加画面"),
    body: [
      pages.length
        ? h(
            "ul",
            {},
            ...pages.map(([name, open]) =>
              h(
                "li",
                { class: "row" },
                icon("layers"),
                h("span", { class: "grow" }, names[name] ?? name),
                t("{n} 个在线", { n: open }),
              ),
            ),
          )
        : h("p", {}, t("现在没有叠加画面打开。观众看不到商品卡和字幕，感谢会排队等着，不会丢。")),
      sourceList(),
      h("p", { class: "soft" }, t("在 OBS 里添加“浏览器”来源，填入地址页上的网址；直播间重启后它会自己恢复。")),
      h("a", { class: "button main", href: "/overlays" }, icon("external-link"), t("打开地址页")),
    ],
  });
}
