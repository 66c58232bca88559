// @ts-check
/** One sentence's text: edited by hand, with everything that it was before. */

import { api } from "../api.js";
import { clock, dayOf, mediaTime } from "../format.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, h, icon } from "../ui/element.js";

/** @typedef {"live" | "batch" | "edited"} Origin */
/** @typedef {{origin: Origin, text: string, at: number | null, by: string | null, model: string | null, beam: number | null}} Version */

/**
 * Where a text comes from: a quiet sign for what was heard live, icon and word for the others.
 * @param {Origin} [origin]
 */
export function originMark(origin = "live") {
  const title = {
    live: t("直播时听到的原话"),
    batch: t("播完用录音重听写下的"),
    edited: t("人改过的；点两下看以前的每一版"),
  }[origin];
  if (origin === "live")
    return h("span", { class: "heard-live", title }, icon("radio"), h("span", { class: "only-spoken" }, title));
  const mark = origin === "batch" ? badge("", "audio-lines", t("录音重听")) : badge("good", "pencil", t("改过"));
  mark.title = title;
  return mark;
}

/**
 * @param {string} show
 * @param {import("./transcript.js").Segment} segment
 * @returns {Promise<boolean>} whether it was changed
 */
export async function editSegment(show, segment) {
  const path = `/shows/${show}/transcript/${segment.seq}`;
  const { versions } = /** @type {{versions: Version[]}} */ (await api.get(path));
  const words = h("textarea", { name: "text", rows: 3, maxlength: 1000, required: true, lang: "zh-CN" });
  words.value = versions.at(-1)?.text ?? segment.text;
  const earlier = [...versions].reverse().map((version) =>
    h(
      "li",
      { class: "version" },
      h("span", { class: "soft small" }, told(version)),
      h("p", { lang: "zh-CN" }, version.text),
      h(
        "button",
        {
          class: "button quiet",
          type: "button",
          onclick: () => {
            words.value = version.text;
            words.focus();
          },
        },
        icon("undo-2"),
        t("用这句"),
      ),
    ),
  );
  return openDialog({
    title: t("改这一句（{time}）", { time: mediaTime(segment.start) }),
    body: [
      field(t("原话"), words),
      h("p", { class: "soft small" }, t("以前的每一版都留着；以后再重听录音，也不会盖掉你改的。")),
      h("ul", { class: "versions" }, ...earlier),
    ],
    submit: t("保存"),
    run: () => api.put(path, { text: words.value.trim() }),
  });
}

/** @param {Version} version */
function told({ origin, at, by, model, beam }) {
  if (origin === "live" || at === null) return t("直播时听到");
  const when = `${dayOf(at)} ${clock(at)}`;
  if (origin === "batch")
    return t("{when} 重听录音（模型 {model}，束宽 {beam}）", { when, model: model ?? "", beam: beam ?? 0 });
  return t("{when} 手改（{who}）", { when, who: roleWord(by) });
}

/** @param {string | null} role */
function roleWord(role) {
  if (role === "host") return t("团长");
  return role === "producer" ? t("导播") : t("场控");
}
