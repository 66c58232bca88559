// @ts-check
/** One complaint: what was reported, its photo, the answer. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { openDialog } from "../ui/dialog.js";
import { badge, h, icon } from "../ui/element.js";
import { whenWord } from "./times.js";

/** @typedef {{id: number, order_id: number, number: string, who: string, sku: string | null, kind: string, text: string, photo: string | null, state: "open" | "answered" | "resolved", reply: string, reported_ms: number, replied_ms: number | null, resolved_ms: number | null}} Complaint */

/**
 * @param {Complaint} complaint
 * @param {{done: (after: Complaint) => void, open?: (orderId: number) => void}} hands done: hears the answered complaint;
 *   open: shows its order, left out where the order is on screen already
 */
export function complaintCard(complaint, { done, open }) {
  return h(
    "div",
    { class: "complaint", "data-state": complaint.state },
    h(
      "div",
      { class: "complaint-head" },
      stateBadge(complaint),
      h("strong", {}, kindWord(complaint.kind)),
      h("span", { class: "soft small" }, h("bdi", {}, complaint.who), ` · ${whenWord(complaint.reported_ms)}`),
      open
        ? h(
            "button",
            { class: "button quiet small", type: "button", onclick: () => open(complaint.order_id) },
            icon("receipt-text"),
            complaint.number,
          )
        : null,
    ),
    h(
      "div",
      { class: "complaint-body" },
      complaint.photo ? photo(complaint.photo) : null,
      h("p", { class: "wrap" }, h("bdi", {}, complaint.text)),
    ),
    complaint.reply
      ? h(
          "p",
          { class: "complaint-reply wrap" },
          h(
            "span",
            { class: "soft small" },
            t("已回复"),
            complaint.replied_ms ? ` ${whenWord(complaint.replied_ms)}` : "",
            "：",
          ),
          h("bdi", {}, complaint.reply),
        )
      : null,
    complaint.state === "resolved" ? null : answerForm(complaint, done),
  );
}

/** @param {Complaint} complaint */
function stateBadge({ state }) {
  if (state === "open") return badge("bad", "circle-alert", t("待回复"));
  if (state === "answered") return badge("warn", "message-square-warning", t("处理中"));
  return badge("good", "circle-check", t("已解决"));
}

/** @param {string} kind */
function kindWord(kind) {
  return (
    { spoilt: t("坏了"), missing: t("少了"), wrong: t("发错了"), late: t("晚了"), other: t("其他问题") }[kind] ?? kind
  );
}

/** @param {string} src */
function photo(src) {
  const big = () =>
    openDialog({
      title: t("买家的照片"),
      body: [h("img", { class: "photo-big", src, alt: t("买家的照片") })],
      wide: true,
    });
  return h(
    "button",
    { class: "photo", type: "button", "aria-label": t("放大照片"), onclick: () => void big() },
    h("img", { src, alt: "", loading: "lazy" }),
  );
}

/**
 * @param {Complaint} complaint
 * @param {(after: Complaint) => void} done
 */
function answerForm(complaint, done) {
  const reply = h("textarea", {
    rows: 2,
    maxlength: 500,
    required: !complaint.reply,
    placeholder: complaint.reply ? t("可以再补一句") : t("买家会在订单页看到"),
    "aria-label": t("回复 {who}", { who: complaint.who }),
  });
  const send = (/** @type {boolean} */ resolved) => (/** @type {Event} */ event) => {
    if (!form.reportValidity()) return;
    const body = { reply: reply.value.trim(), resolved };
    void act(
      /** @type {Element} */ (event.currentTarget),
      async () => done(await api.post(`/complaints/${complaint.id}/reply`, body)),
      resolved ? t("已解决") : t("已回复"),
    );
  };
  const form = h(
    "form",
    { class: "answer" },
    reply,
    h(
      "div",
      { class: "answer-tools" },
      h("button", { class: "button", type: "button", onclick: send(false) }, icon("message-square"), t("回复")),
      h("button", { class: "button main", type: "button", onclick: send(true) }, icon("check"), t("回复并解决")),
    ),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}
