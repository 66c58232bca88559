// @ts-check
/** The recording heard again with a larger model or beam: asked for, followed, stopped. Only the host may. */

import { api } from "../api.js";
import { language, t } from "../i18n.js";
import { act, explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { byId, h, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** @typedef {{show_id: number, audio: string, model: string, beam: number, state: "running" | "done" | "failed" | "stopped", share: number | null, text: string, message_zh: string, message_en: string, heard: number, changed: number, extra: number, at: number}} Job */
/** @typedef {{models: string[], recording: string | null, job: Job | null}} Possible */

/**
 * @param {string} show
 * @param {ReturnType<typeof import("../socket.js").connect>} link
 * @param {() => unknown} onDone reads the transcript anew
 */
export function startRetake(show, link, onDone) {
  const open = byId("open-retake");
  open.addEventListener("click", () => void ask(show).catch((error) => toast(explain(error), "bad")));
  byId("retake-stop").addEventListener("click", (event) =>
    act(/** @type {Element} */ (event.currentTarget), () => api.post("/retake/stop")),
  );
  let running = false;
  link.on("retake", (/** @type {Job | null} */ job) => {
    const mine = job && String(job.show_id) === show ? job : null;
    render(mine);
    if (running && mine && mine.state !== "running") {
      tell(mine);
      if (mine.state === "done") onDone();
    }
    running = mine?.state === "running";
  });
}

/** @param {string} show */
async function ask(show) {
  const { models, recording } = /** @type {Possible} */ (await api.get("/retake"));
  const audio = h("input", { name: "audio", required: true, maxlength: 1000, autocomplete: "off", spellcheck: false });
  audio.value = recording ?? "";
  const model = h(
    "select",
    { name: "model" },
    ...(models.length ? models : ["base"]).map((name) => h("option", { value: name }, name)),
  );
  const beam = h(
    "select",
    { name: "beam" },
    ...[1, 5, 8].map((size) => h("option", { value: size, selected: size === 5 }, size)),
  );
  const offset = h("input", { name: "offset", type: "number", step: "0.1", placeholder: t("自动对齐") });
  await openDialog({
    title: t("用录音重听"),
    body: [
      h("p", { class: "soft small" }, t("在这台电脑上慢慢重听一遍，不占直播的力气。你改过的句子不会变。")),
      field(t("录音文件（这台电脑上的路径）"), audio),
      field(t("模型（用 linli-studio model small 下载更大的）"), model),
      field(t("束宽（越大越准，也越慢）"), beam),
      field(t("录音比开播晚几秒（不知道就空着）"), offset),
    ],
    submit: t("开始"),
    run: () =>
      api.post(`/shows/${show}/retake`, {
        audio: audio.value.trim(),
        model: model.value,
        beam: Number(beam.value),
        offset_s: offset.value === "" ? null : Number(offset.value),
      }),
  });
}

/** @param {Job | null} job */
function render(job) {
  const running = job?.state === "running";
  byId("retake").hidden = !running;
  /** @type {HTMLButtonElement} */ (byId("open-retake")).disabled = running;
  if (!job || !running) return;
  const bar = /** @type {HTMLProgressElement} */ (byId("retake-progress"));
  if (job.share === null) bar.removeAttribute("value");
  else bar.value = job.share;
  write(byId("retake-text"), job.text || t("正在打开录音…"));
  write(byId("retake-share"), job.share === null ? "" : `${Math.round(job.share * 100)}%`);
}

/** @param {Job} job */
function tell(job) {
  const said = language() === "en" ? job.message_en : job.message_zh;
  if (job.state === "done")
    toast(t("重听好了：{n} 句用上了录音，{extra} 句是直播时漏听的", { n: job.changed, extra: job.extra }));
  else toast(said || t("重听没有完成"), job.state === "failed" ? "bad" : undefined);
}
