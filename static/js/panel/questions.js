// @ts-check
/** The audience's questions: which are open, which one is on screen, answering, hiding, and undoing all of it. */

import { api } from "../api.js";
import { clock, dayOf } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { field, openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep, write } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { toast } from "../ui/toast.js";
import { cap, hint } from "./key_hints.js";
import { productOf, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Asked} Asked */

const figures = h("p", { class: "grow small soft" });
const list = h("ul");

/** Draws the pane. */
export function startQuestions() {
  const add = h(
    "button",
    { class: "button", type: "button", onclick: () => void openQuestion() },
    icon("plus"),
    t("录入提问"),
  );
  fill(byId("pane-questions"), list, h("div", { class: "row" }, figures, add));
  watch(["questions", "catalogue"], render);
  render();
}

function render() {
  const questions = stage.questions ?? [];
  const open = questions.filter((question) => question.state === "open").length;
  count("questions", open, open > 0);
  write(figures, questions.length ? t("{open} 个待回答，共 {n} 个", { open, n: questions.length }) : "");
  keep(
    list,
    questions,
    (question) => question.id,
    () => h("li", { class: "entry question" }),
    update,
    h("li", {}, empty("message-circle-question-mark", t("买家页和评论里的提问会来到这里。"))),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Asked} question
 */
function update(element, question) {
  const product = productOf(question.sku)?.name;
  if (isDrawn(element, question, product, firstOpen()?.id, onScreen()?.id)) return;
  element.dataset.state = question.state;
  const from = [question.asker || t("邻居"), product, sourceWord(question.source)].filter(Boolean).join(" · ");
  fill(
    element,
    h(
      "div",
      { class: "entry-head" },
      stateBadge(question),
      question.askers > 1 && badge("", "users", t("{n} 人在问", { n: question.askers })),
      question.asked_since > 0 &&
        badge("warn", "message-circle-question-mark", t("答过后又有 {n} 人问", { n: question.asked_since })),
      h("time", {}, clock(question.asked_ms)),
      h("bdi", {}, from),
    ),
    h("p", { class: "entry-question", dir: "auto" }, question.text),
    question.answer && h("p", { dir: "auto" }, question.answer),
    question.answer && question.draft && h("p", { class: "small soft" }, t("还没确认，买家看不到这个回答")),
    knownBefore(question),
    h("div", { class: "entry-tools" }, ...tools(question)),
  );
}

/** An answer given before to the same question, one press away. @param {Asked} question */
function knownBefore({ id, known }) {
  if (!known) return null;
  const date = dayOf(known.confirmed_ms);
  return h(
    "div",
    { class: "known-before" },
    h("p", { class: "small soft" }, t("之前答过（{date}，用过 {n} 次）", { date, n: known.uses })),
    h("p", { dir: "auto" }, known.answer),
    h(
      "button",
      {
        class: "button quiet",
        type: "button",
        onclick: (/** @type {Event} */ event) =>
          void act(/** @type {Element} */ (event.currentTarget), () =>
            api.post(`/questions/${id}/answer`, { answer: known.answer }),
          ),
      },
      icon("check"),
      t("还是这个回答"),
    ),
  );
}

/** @param {Asked} question */
function stateBadge({ state, draft }) {
  if (state === "on_screen") return badge("air", "monitor-dot", t("在屏幕上"));
  if (state === "open") return badge("warn", "message-circle-question-mark", t("待回答"));
  if (state === "hidden") return badge("", "eye-off", t("已隐藏"));
  return draft ? badge("warn", "mic", t("听到了回答")) : badge("good", "check", t("已回答"));
}

/** @param {string} source */
function sourceWord(source) {
  if (source === "page") return t("买家页");
  if (source === "operator") return t("控制台");
  if (source === "heard") return t("口播里听到");
  return source;
}

/** @param {Asked} question */
function tools(question) {
  const { id, state, draft } = question;
  const step = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {string} */ path) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: (/** @type {Event} */ event) =>
          void act(/** @type {Element} */ (event.currentTarget), () => api.post(path)),
      },
      icon(sign),
      word,
    );
  const answer = h(
    "button",
    { class: "button", type: "button", onclick: () => void openAnswer(question) },
    icon("pencil-line"),
    draft ? t("确认回答") : state === "answered" ? t("改回答") : t("回答"),
  );
  const reopen = step("undo-2", t("重新打开"), `/questions/${id}/reopen`);
  if (state === "hidden") return [reopen];
  if (state === "answered") return [answer, reopen];
  const screen =
    state === "on_screen"
      ? step("monitor-off", t("撤下"), "/questions/clear")
      : step("monitor-up", t("上屏"), `/questions/${id}/show`);
  if (state === "on_screen") {
    withKey(screen, "question");
    withKey(answer, "answer");
  } else if (!onScreen() && id === firstOpen()?.id) withKey(screen, "question");
  return [screen, answer, step("eye-off", t("隐藏"), `/questions/${id}/hide`)];
}

function onScreen() {
  return stage.questions?.find(({ state }) => state === "on_screen");
}

function firstOpen() {
  return stage.questions?.find(({ state }) => state === "open");
}

/**
 * @param {HTMLElement} button
 * @param {import("./keymap.js").ShortcutId} shortcut
 */
function withKey(button, shortcut) {
  hint(button, shortcut);
  button.append(cap(shortcut));
}

/** @param {Asked} question */
function openAnswer({ id, text, answer, known }) {
  const words = h("textarea", { name: "answer", rows: 3, maxlength: 200 });
  words.value = answer ?? known?.answer ?? "";
  return openDialog({
    title: t("回答提问"),
    body: [
      h("p", { class: "entry-question", dir: "auto" }, text),
      field(t("回答（买家都能看到；口头回答过可以不写）"), words),
    ],
    submit: t("已回答"),
    run: () => api.post(`/questions/${id}/answer`, { answer: words.value.trim() }),
  });
}

/** The open question with most askers goes on screen; one that is there goes off. */
export function toggleQuestion() {
  const first = firstOpen();
  if (onScreen()) return act(null, () => api.post("/questions/clear"));
  if (first) return act(null, () => api.post(`/questions/${first.id}/show`));
  return toast(t("没有等着回答的问题"), "bad");
}

/** Opens the answer to the question on screen. */
export function answerOnScreen() {
  const shown = onScreen();
  return shown ? openAnswer(shown) : toast(t("屏幕上没有提问"), "bad");
}

function openQuestion() {
  const current = stage.product?.sku;
  return openDialog({
    title: t("录入提问"),
    body: [
      field(t("问题"), h("input", { name: "text", maxlength: 80, required: true, autocomplete: "off" })),
      field(t("谁问的（上屏时只留首字）"), h("input", { name: "asker", maxlength: 40, autocomplete: "off" })),
      field(
        t("商品"),
        h(
          "select",
          { name: "sku" },
          h("option", { value: "" }, t("没有商品")),
          ...(stage.catalogue ?? []).map(({ sku, name }) =>
            h("option", { value: sku, selected: sku === current }, name),
          ),
        ),
      ),
    ],
    submit: t("录入"),
    run: (form) =>
      api.post("/questions", { text: form.get("text"), asker: form.get("asker") ?? "", sku: form.get("sku") || null }),
  });
}
