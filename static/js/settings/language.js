// @ts-check
/** The optional language model: where it is, its key, and whether it may be asked. Only the host sees this. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { explain } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, fill, h, icon } from "../ui/element.js";

/** @typedef {{url: string, model: string, enabled: boolean, has_key: boolean}} Connection */

/** Draws the section where the page has it. */
export async function startLanguage() {
  if (!document.getElementById("language")) return;
  byId("edit-language").addEventListener("click", () => void edit());
  await read();
}

/** @type {Connection} */
let now = { url: "", model: "", enabled: false, has_key: false };

async function read() {
  try {
    now = await api.get("/language-model");
  } catch (error) {
    fill(byId("language"), h("p", { class: "problem", role: "alert" }, icon("circle-alert"), explain(error)));
    return;
  }
  fill(
    byId("language"),
    now.enabled ? badge("good", "check", t("已打开")) : badge("", "ban", t("没有打开")),
    now.url ? h("span", { class: "clip" }, `${now.model} · ${now.url}`) : null,
    now.has_key ? badge("", "shield-check", t("有密钥")) : null,
  );
}

async function edit() {
  const url = h("input", {
    name: "url",
    required: true,
    maxlength: 500,
    placeholder: "http://127.0.0.1:11434/v1",
    autocomplete: "off",
    spellcheck: false,
  });
  const model = h("input", {
    name: "model",
    required: true,
    maxlength: 100,
    placeholder: "qwen2.5:7b",
    autocomplete: "off",
    spellcheck: false,
  });
  const key = h("input", {
    name: "key",
    type: "password",
    maxlength: 500,
    autocomplete: "off",
    placeholder: now.has_key ? t("不改就空着") : t("本机的一般不用"),
  });
  const enabled = h("input", { type: "checkbox", name: "enabled", checked: now.enabled || !now.url });
  url.value = now.url;
  model.value = now.model;
  const saved = await openDialog({
    title: t("语言模型"),
    body: [
      field(t("地址（OpenAI 兼容，如本机的 Ollama）"), url),
      field(t("模型名"), model),
      field(t("密钥"), key),
      h("label", { class: "choice" }, enabled, h("span", {}, t("打开"))),
      h("p", { class: "soft small" }, t("换了地址要重新填密钥。密钥加密保存，不会显示，也不进日志。")),
    ],
    submit: t("保存"),
    run: () =>
      api.put("/language-model", {
        url: url.value.trim(),
        model: model.value.trim(),
        enabled: enabled.checked,
        ...(key.value.trim() ? { key: key.value.trim() } : {}),
      }),
  });
  if (saved) await read();
}
