// @ts-check
/** What operators put on screen themselves: trust panel, goal, countdown, ticker, honest words; each can be undone. */

import { api } from "../api.js";
import { clock, count as grouped } from "../format.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { badge, byId, fill, h, icon, isDrawn } from "../ui/element.js";
import { openCommunity, openCountdown, openGoal, openTicker } from "./board-forms.js";
import { may, productOf, stage, watch } from "./stage.js";

/** @typedef {"goal" | "countdown" | "ticker" | "panel" | "honesty"} Part */

/** Sentences that stand on a lot's note. @type {Set<number>} */
let noted = new Set();
/** Parts that were changed from this page: only those offer an undo. @type {Set<Part>} */
const changed = new Set();

/** Draws the pane. */
export function startBoard() {
  watch(["show", "goal", "countdown", "ticker", "panel", "honesty", "highlights", "catalogue", "miles"], render);
  watch(["show", "honesty"], () => void refresh());
  render();
  void refresh();
}

/** Reads which sentences are on a note; the topic tells those of the lot on air only. */
async function refresh() {
  if (!stage.show) return;
  try {
    take(await api.get("/board"));
  } catch {
    // the page says itself when the studio is away
  }
}

/** @param {{notes: {seq: number}[]}} answer */
function take(answer) {
  noted = new Set(answer.notes.map((note) => note.seq));
  render();
}

/**
 * A command of a part; afterwards it can be undone.
 * @param {Part} part
 * @param {() => Promise<any>} command
 */
export async function change(part, command) {
  take(await command());
  changed.add(part);
  render();
}

function render() {
  const pane = byId("pane-board");
  if (!stage.show) {
    fill(pane, h("p", { class: "soft" }, t("新建一场直播后，可以在这里放目标、倒计时和信任面板。")));
    return;
  }
  if (
    isDrawn(
      pane,
      stage.goal,
      stage.countdown,
      stage.ticker,
      stage.panel,
      stage.miles?.community,
      stage.highlights,
      [...noted],
      [...changed],
      stage.show.id,
    )
  )
    return;
  fill(pane, panels(), goal(), countdown(), ticker(), honest());
}

function panels() {
  const names = {
    "": t("商品卡"),
    trace: t("溯源"),
    honesty: t("实话"),
    promises: t("承诺"),
    miles: t("里程"),
    temperature: t("冷链"),
  };
  const buttons = Object.entries(names).map(([name, word]) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        "aria-pressed": String((stage.panel ?? "") === name),
        onclick: press("panel", () => api.put("/board/panel", { panel: name || null })),
      },
      word,
    ),
  );
  return block(
    "panel",
    t("卡片的位置放"),
    h("div", { class: "board-choice", role: "group", "aria-label": t("卡片的位置放") }, ...buttons),
    may("producer") &&
      h(
        "button",
        { class: "button quiet", type: "button", onclick: () => void openCommunity() },
        icon("map-pin"),
        stage.miles?.community?.name || t("小区在哪里"),
      ),
  );
}

function goal() {
  const value = stage.goal;
  const word = value && { orders: t("单"), households: t("户"), units: t("份") }[value.measure];
  return block(
    "goal",
    t("小目标"),
    value &&
      h(
        "p",
        {},
        h("bdi", { class: "wrap" }, value.title),
        " ",
        h("strong", { class: "number" }, `${grouped(value.count)} / ${grouped(value.target)} ${word}`),
      ),
    tools("goal", value !== null, () => openGoal()),
  );
}

function countdown() {
  const value = stage.countdown;
  return block(
    "countdown",
    t("倒计时"),
    value &&
      h(
        "p",
        {},
        h("bdi", { class: "wrap" }, value.title),
        " ",
        h("strong", { class: "number" }, t("到 {when}", { when: clock(value.ends_ms, { seconds: true }) })),
        " ",
        value.moved && badge("warn", "clock", t("改过时间")),
      ),
    tools("countdown", value !== null, () => openCountdown()),
  );
}

function ticker() {
  const value = stage.ticker;
  return block(
    "ticker",
    t("滚动提示"),
    value &&
      h(
        "ul",
        { class: "board-lines" },
        ...value.texts.map((text) => h("li", { dir: "auto" }, text)),
        value.points.length > 0 && h("li", { class: "soft" }, t("自提点 {n} 个", { n: value.points.length })),
      ),
    tools("ticker", value !== null, () => openTicker()),
  );
}

function honest() {
  const heard = (stage.highlights ?? []).filter((each) => each.kind === "honest").reverse();
  return block(
    "honesty",
    t("主播的实话"),
    !heard.length && h("p", { class: "soft small" }, t("主播说了不足之处，会列在这里，由你决定写不写上“实话实说”。")),
    h(
      "ul",
      { class: "board-lines" },
      ...heard.map((each) =>
        h(
          "li",
          { class: "row wrap" },
          h(
            "span",
            { class: "grow wrap", lang: "zh-CN" },
            each.text,
            " ",
            h("span", { class: "soft small" }, productOf(each.product)?.name ?? ""),
          ),
          noted.has(each.seq)
            ? h(
                "button",
                {
                  class: "button",
                  type: "button",
                  onclick: press("honesty", () => api.delete(`/board/honesty/${each.seq}`)),
                },
                icon("eye-off"),
                t("拿掉"),
              )
            : h(
                "button",
                {
                  class: "button",
                  type: "button",
                  onclick: press("honesty", () => api.post("/board/honesty", { seq: each.seq })),
                },
                icon("eye"),
                t("写上画面"),
              ),
        ),
      ),
    ),
  );
}

/**
 * @param {Part} part
 * @param {boolean} shown
 * @param {() => unknown} open
 */
function tools(part, shown, open) {
  return h(
    "div",
    { class: "entry-tools" },
    h(
      "button",
      { class: "button", type: "button", onclick: () => void open() },
      icon(shown ? "pencil" : "plus"),
      shown ? t("改") : t("放上去"),
    ),
    shown &&
      h(
        "button",
        { class: "button quiet", type: "button", onclick: press(part, () => api.delete(`/board/${part}`)) },
        icon("eye-off"),
        t("拿掉"),
      ),
  );
}

/**
 * @param {Part} part
 * @param {string} title
 * @param {...import("../ui/element.js").Child} children
 */
function block(part, title, ...children) {
  return h(
    "section",
    { class: "board-part", "data-part": part, "aria-label": title },
    h(
      "div",
      { class: "board-head" },
      h("h3", {}, title),
      changed.has(part) &&
        h(
          "button",
          {
            class: "button quiet",
            type: "button",
            onclick: (/** @type {Event} */ event) =>
              void act(/** @type {Element} */ (event.currentTarget), async () =>
                take(await api.post(`/board/${part}/undo`)),
              ),
          },
          icon("undo-2"),
          t("撤销"),
        ),
    ),
    ...children,
  );
}

/**
 * @param {Part} part
 * @param {() => Promise<any>} command
 */
function press(part, command) {
  return (/** @type {Event} */ event) =>
    void act(/** @type {Element} */ (event.currentTarget), () => change(part, command));
}
