// @ts-check
/** What the host said: the live caption, the last lines, highlights, questions with answers, prices. */

import { mediaTime, price } from "../format.js";
import { t } from "../i18n.js";
import { badge, byId, empty, fill, h, isDrawn, keep, write } from "../ui/element.js";
import { count } from "../ui/tabs.js";
import { gapWords, inPlace } from "./gaps.js";
import { kindBadge } from "./kinds.js";
import { markLast, noteLine } from "./marks.js";
import { markNames } from "./names.js";
import { productOf, stage, watch } from "./stage.js";

/** @typedef {import("./stage.js").Price} Price */

let dismissed = -1;

/** Draws the caption strip and the panes of the log. */
export function startHeard() {
  watch(["caption", "catalogue"], renderCaption);
  watch(["transcript", "gaps", "catalogue"], renderTranscript);
  watch(["highlights", "catalogue"], renderHighlights);
  watch(["qa", "catalogue"], renderQuestions);
  watch(["prices", "catalogue"], renderPrices);
  byId("mark").addEventListener("click", markLast);
  byId("price-alert")
    .querySelector("button")
    ?.addEventListener("click", () => {
      dismissed = stage.prices?.at(-1)?.seq ?? -1;
      renderPrices();
    });
  for (const render of [renderCaption, renderTranscript, renderHighlights, renderQuestions, renderPrices]) render();
}

function renderCaption() {
  const line = byId("caption");
  const caption = stage.caption;
  line.toggleAttribute("data-partial", caption?.partial ?? true);
  if (caption?.text) {
    const characters = Array.from(caption.text);
    const settled = caption.settled ?? characters.length;
    const rest = characters.slice(settled).join("");
    fill(
      line,
      ...markNames(characters.slice(0, settled).join(""), stage.catalogue ?? []),
      rest ? h("span", { class: "caption-unsettled" }, rest) : null,
    );
  } else
    fill(
      line,
      h("span", { class: "soft small", lang: document.documentElement.lang }, t("开始说话后，字幕会出现在这里。")),
    );
  line.scrollTop = line.scrollHeight;
  const product = productOf(stage.transcript?.at(-1)?.product ?? null);
  const label = byId("caption-product");
  label.hidden = !product;
  label.title = t("从原话听出正在讲的商品");
  write(label, product?.name ?? "");
}

function renderTranscript() {
  const pane = byId("pane-heard");
  const lines = inPlace(stage.transcript ?? [], stage.gaps ?? []);
  if (!lines.length) {
    fill(pane, empty("captions", t("说过的话会一句一句记在这里，播完可以在“回看”里查找和导出。")));
    return;
  }
  const atEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
  const products = stage.catalogue ?? [];
  const names = JSON.stringify(products.map((product) => [product.name, product.aliases]));
  keep(
    pane,
    lines,
    (line) => ("seq" in line ? line.seq : `gap-${line.end}`), // its start moves on while it is filled
    () => h("p", { class: "entry" }),
    (element, line) => {
      if (!("seq" in line)) {
        fill(element, h("time", { class: "soft small" }, mediaTime(line.start)), " ", ...gapWords(line));
        return;
      }
      if (isDrawn(element, `${line.text} ${names}`)) return;
      fill(
        element,
        h("time", { class: "soft small" }, mediaTime(line.start)),
        " ",
        h("span", { lang: "zh-CN" }, ...markNames(line.text, products)),
      );
    },
  );
  if (atEnd) pane.scrollTop = pane.scrollHeight;
}

function renderHighlights() {
  const pane = byId("pane-highlights");
  const found = [...(stage.highlights ?? [])].reverse();
  count("highlights", found.length);
  if (!found.length) {
    fill(pane, empty("star", t("讲到产地、事实、演示或实话时，值得留下的句子会收在这里。")));
    return;
  }
  keep(
    pane,
    found,
    (each) => `${each.seq}-${each.kind}`,
    () => h("div", { class: "entry" }),
    (element, each) => {
      const name = productOf(each.product)?.name ?? "";
      if (isDrawn(element, each, name)) return;
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          kindBadge(each.kind),
          h("time", {}, mediaTime(each.start)),
          h("span", { lang: "zh-CN" }, name),
        ),
        h("p", { lang: "zh-CN" }, each.text),
        stage.show && noteLine(stage.show.id, each),
      );
    },
  );
}

function renderQuestions() {
  const pane = byId("pane-qa");
  const newest = [...(stage.qa ?? [])].reverse();
  const open = newest.filter((each) => !each.answer);
  count("qa", open.length, open.length > 0);
  if (!newest.length) {
    fill(pane, empty("message-circle-question-mark", t("念出邻居的问题再回答，问和答会自动配成对。")));
    return;
  }
  keep(
    pane,
    [...open, ...newest.filter((each) => each.answer)],
    (each) => each.question_seq,
    () => h("div", { class: "entry" }),
    (element, each) => {
      if (isDrawn(element, each, productOf(each.product)?.name)) return;
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          each.answer
            ? badge("good", "check", t("已回答"))
            : badge("warn", "message-circle-question-mark", t("待回答")),
          h("time", {}, mediaTime(each.question_start)),
          h("span", { lang: "zh-CN" }, [each.asker, productOf(each.product)?.name].filter(Boolean).join(" · ")),
        ),
        h("p", { class: "entry-question", lang: "zh-CN" }, each.question),
        each.answer ? h("p", { lang: "zh-CN" }, each.answer) : null,
      );
    },
  );
}

function renderPrices() {
  const pane = byId("pane-prices");
  const heard = [...(stage.prices ?? [])].reverse();
  const wrong = heard.filter((each) => each.price_fen !== each.expected_fen);
  count("prices", wrong.length, wrong.length > 0);
  // a slip that was put right on air needs no alert any more
  renderPriceAlert(
    wrong.find(
      (slip) =>
        !heard.some(
          (later) => later.sku === slip.sku && later.seq > slip.seq && later.price_fen === later.expected_fen,
        ),
    ),
  );
  if (!heard.length) {
    fill(pane, empty("tag", t("听到的报价会和商品表核对，不一致时提醒。")));
    return;
  }
  keep(
    pane,
    heard,
    (each) => `${each.seq}-${each.sku}-${each.price_fen}`,
    () => h("div", { class: "entry" }),
    (element, each) => {
      const right = each.price_fen === each.expected_fen;
      const name = productOf(each.sku)?.name ?? each.sku;
      fill(
        element,
        h(
          "div",
          { class: "entry-head" },
          right ? badge("good", "check", t("一致")) : badge("bad", "triangle-alert", t("不一致")),
          h("time", {}, mediaTime(each.start)),
        ),
        h(
          "p",
          {},
          h("span", { lang: "zh-CN" }, name),
          " ",
          h("strong", { class: "number" }, price(each.price_fen)),
          right ? null : h("span", { class: "soft" }, " ", t("商品表是 {price}", { price: price(each.expected_fen) })),
        ),
      );
    },
  );
}

/** @param {Price | undefined} wrong the newest price that differs from the catalogue's and was not put right */
function renderPriceAlert(wrong) {
  const banner = byId("price-alert");
  const shown = wrong !== undefined && wrong.seq > dismissed;
  if (shown) {
    write(
      /** @type {Element} */ (banner.querySelector("span.grow")),
      t("听到“{name}”报价 {heard}，商品表是 {listed}。说错了请当场更正，改价请先改商品表。", {
        name: productOf(wrong.sku)?.name ?? wrong.sku,
        heard: price(wrong.price_fen),
        listed: price(wrong.expected_fen),
      }),
    );
  }
  banner.hidden = !shown;
}
