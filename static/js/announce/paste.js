// @ts-check
/** The group's list read back: paste, look, correct, import; what is an order already stays one. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, fill, h, icon, write } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { rowView } from "./row.js";
import { asideWhy } from "./words.js";

/** @typedef {import("./announce.js").Product} Product */
/** @typedef {import("./row.js").RowView} RowView */
/** @typedef {import("./row.js").Taken} Taken */
/** @typedef {import("./row.js").Point} Point */
/** @typedef {{rows: import("./words.js").Row[], problems: {line: number, text: string, why: string}[]}} Preview */

const IMPORT_MS = 120_000;
const button = byId("import");
/** @type {Product[]} */
let catalogue = [];
/** @type {RowView[]} */
let views = [];

export function startPaste() {
  byId("paste-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void act(byId("read-paste"), read);
  });
  button.addEventListener("click", () => void act(button, () => send(views.filter((view) => view.wanted()))));
  return {
    /** @param {Product[]} products */
    products(products) {
      catalogue = products;
    },
  };
}

async function read() {
  const text = /** @type {HTMLTextAreaElement} */ (byId("pasted")).value;
  const [preview, { points }] = await Promise.all([
    /** @type {Promise<Preview>} */ (api.post("/chain/preview", { text }, { timeoutMs: IMPORT_MS })),
    /** @type {Promise<{points: Point[]}>} */ (api.get("/pickup-points")),
  ]);
  const open = points.filter((point) => point.active);
  views = preview.rows.map((row) => rowView(row, catalogue, open, count));
  fill(
    byId("preview"),
    views.length
      ? h("ol", { class: "paste-rows" }, ...views.map(({ element }) => element))
      : h("p", { class: "problem" }, t("没有认出接龙的行。请贴带编号的整段接龙。")),
    preview.problems.length > 0 && leftAside(preview.problems),
  );
  count();
}

/** @param {Preview["problems"]} asides */
function leftAside(asides) {
  return h(
    "details",
    { class: "panel asides" },
    h("summary", {}, icon("eye"), t("没有当作订单的 {n} 行", { n: asides.length })),
    h(
      "ul",
      {},
      ...asides.map((aside) =>
        h(
          "li",
          {},
          h("span", { class: "soft small" }, `${asideWhy(aside.why)} `),
          h("bdi", { lang: "zh-CN" }, aside.text),
        ),
      ),
    ),
  );
}

function count() {
  const wanted = views.filter((view) => view.wanted());
  const complete = wanted.filter((view) => view.body() !== null);
  const open = views.filter(({ row, element }) => !row.known && !element.classList.contains("done"));
  byId("import-bar").hidden = !views.length;
  const known = views.filter(({ row }) => row.known).length;
  write(
    byId("import-sum"),
    [
      t("要导入 {n} 行", { n: wanted.length }),
      open.length > wanted.length && t("{n} 行要你看一眼再勾", { n: open.length - wanted.length }),
      wanted.length > complete.length && t("{n} 行还没填完", { n: wanted.length - complete.length }),
      known > 0 && t("{n} 行已是订单", { n: known }),
    ]
      .filter(Boolean)
      .join(" · "),
  );
  button.toggleAttribute("disabled", !wanted.length || complete.length < wanted.length);
}

/**
 * @param {RowView[]} chosen
 * @param {{waitlist?: boolean}} [options]
 */
async function send(chosen, { waitlist = false } = {}) {
  const bodies = chosen.map((view) => ({ .../** @type {object} */ (view.body()), waitlist }));
  const { rows } = /** @type {{rows: Taken[]}} */ (
    await api.post("/chain/import", { rows: bodies }, { timeoutMs: IMPORT_MS })
  );
  for (const [index, taken] of rows.entries()) {
    const view = /** @type {RowView} */ (chosen[index]);
    view.settle(taken, () => void act(null, () => send([view], { waitlist: true })));
  }
  const refused = rows.filter(({ result }) => result === "refused").length;
  toast(
    refused
      ? t("{n} 行成了订单，{refused} 行没有，原因写在那一行。", { n: rows.length - refused, refused })
      : t("{n} 行成了订单。", { n: rows.length }),
    refused ? "bad" : "good",
  );
  count();
}
