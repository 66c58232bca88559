// @ts-check
/** Sentences that an operator marks, and the word that may be written on a mark afterwards. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { byId, h, icon } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { stage } from "./stage.js";

/** @typedef {{seq: number, kind: string, text: string, note?: string | null}} Mark */

const MOST = 80;

/** Keeps the sentence that was said last as a highlight. */
export async function markLast() {
  await act(byId("mark"), () => api.post("/marks"), t("标记好了，在“亮点”里"));
}

/** Writes on the newest mark. */
export function writeOnLast() {
  const last = stage.highlights?.findLast((each) => each.kind === "mark");
  if (last && stage.show) void write(stage.show.id, last);
  else toast(t("还没有标记，先标记一句"), "bad");
}

/**
 * What is written on a mark, and the button that changes it; null on what is no mark.
 * @param {number} show_id
 * @param {Mark} mark
 * @param {() => unknown} [again] after it was changed
 */
export function noteLine(show_id, mark, again) {
  if (mark.kind !== "mark") return null;
  const onclick = async () => {
    if (await write(show_id, mark)) await again?.();
  };
  const word = t("改备注");
  const button = mark.note
    ? h("button", { class: "button quiet square", type: "button", "aria-label": word, title: word, onclick })
    : h("button", { class: "button quiet", type: "button", onclick }, t("写备注"));
  button.prepend(icon("pencil"));
  return h("p", { class: "mark-note" }, mark.note ? h("bdi", { class: "grow wrap" }, mark.note) : null, button);
}

/**
 * @param {number} show_id
 * @param {Mark} mark
 */
function write(show_id, { seq, text, note }) {
  const input = h("input", { name: "text", maxlength: MOST, value: note ?? "", autocomplete: "off", autofocus: true });
  return openDialog({
    title: t("标记的备注"),
    body: [h("p", { class: "soft", lang: "zh-CN" }, text), field(t("备注，回看和导出里都有"), input)],
    submit: t("保存"),
    run: (form) => api.put(`/shows/${show_id}/marks/${seq}`, { text: form.get("text") }),
  });
}
