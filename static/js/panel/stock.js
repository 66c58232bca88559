// @ts-check
/** The stock ledger in short, and movements by hand with their reason. */

import { api } from "../api.js";
import { ledger } from "../desk/ledger.js";
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { field, openDialog } from "../ui/dialog.js";
import { byId, empty, fill, h, icon, keep, write } from "../ui/element.js";
import { may, productOf, stage, watch } from "./stage.js";

const LOW = 0.1;

/** Draws the table. */
export function startStock() {
  watch(["stock", "catalogue", "show"], render);
}

/** @type {HTMLTableSectionElement | null} */
let rows = null;

function render() {
  const box = byId("stock");
  const stock = stage.stock;
  const skus = (stage.catalogue ?? []).map((product) => product.sku).filter((sku) => stock?.items[sku]);
  write(
    byId("stock-age"),
    stock && skus.length ? t("截至 {time}", { time: clock(stock.as_of, { seconds: true }) }) : "",
  );
  if (!stock || !skus.length) {
    rows = null;
    fill(box, empty("package", t("还没有商品。用菜单里的“导入商品”读入商品表。")));
    return;
  }
  if (!rows) {
    rows = h("tbody");
    fill(box, table(rows));
  }
  keep(
    rows,
    skus,
    (sku) => sku,
    makeRow,
    (row, sku) => updateRow(row, sku, stock.items[sku]),
  );
}

/** @param {HTMLTableSectionElement} body */
function table(body) {
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, t("商品")),
    h("th", { scope: "col" }, t("可售")),
    h("th", { scope: "col", title: t("已下单、还没付款的数量") }, t("占用")),
    h("th", { scope: "col" }, t("已售")),
    h("th", { scope: "col" }, h("span", { class: "only-spoken" }, t("调整"))),
  );
  return h("table", {}, h("thead", {}, head), body);
}

/** @param {string} sku */
function makeRow(sku) {
  return h(
    "tr",
    {},
    h("td", {}, h("span", { class: "stock-name" }), h("span", { class: "bar-left" }, h("span"))),
    h("td", {}, h("span", { class: "available" })),
    h("td"),
    h("td"),
    h(
      "td",
      {},
      h(
        "button",
        { class: "button quiet square", type: "button", onclick: () => void openStock(sku) },
        icon(may("producer") ? "pencil-line" : "list-checks"),
      ),
    ),
  );
}

/**
 * @param {HTMLElement} row
 * @param {string} sku
 * @param {import("./stage.js").Count | undefined} count
 */
function updateRow(row, sku, count) {
  if (!count) return;
  const name = productOf(sku)?.name ?? sku;
  const show = stage.show;
  const current = show?.rundown.find((item) => item.id === show.current_item)?.sku === sku;
  const [first, available, held, sold, tools] = row.children;
  row.toggleAttribute("data-current", current);
  write(/** @type {Element} */ (first?.firstElementChild), name);
  const left = /** @type {HTMLElement} */ (first?.querySelector(".bar-left span"));
  left.style.scale = `${count.initial ? Math.max(0, count.available) / count.initial : 0} 1`;
  const number = /** @type {HTMLElement} */ (available?.firstElementChild);
  write(number, String(count.available));
  number.toggleAttribute("data-low", count.available <= count.initial * LOW);
  number.title = count.available <= 0 ? t("卖完了") : "";
  write(/** @type {Element} */ (held), String(count.held));
  write(/** @type {Element} */ (sold), String(count.sold));
  const word = may("producer") ? t("调整 {name} 的库存", { name }) : t("{name} 的台账", { name });
  tools?.querySelector("button")?.setAttribute("aria-label", word);
}

/**
 * The ledger of a SKU; who may change it gets the form above it.
 * @param {string} sku
 */
function openStock(sku) {
  if (may("producer")) return openMovement(sku);
  return openDialog({
    title: t("{name} 的台账", { name: productOf(sku)?.name ?? sku }),
    body: [ledger(sku)],
    wide: true,
  });
}

/**
 * Received, wasted, or counted anew; the ledger keeps the reason.
 * @param {string} sku
 */
function openMovement(sku) {
  const count = stage.stock?.items[sku];
  const name = productOf(sku)?.name ?? sku;
  const paid = h("span");
  void tellPaid(paid, sku);
  const choice = (
    /** @type {string} */ kind,
    /** @type {string} */ word,
    /** @type {(string | HTMLElement)[]} */ ...hint
  ) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name: "kind", value: kind, checked: kind === "received" }),
      h("span", {}, h("strong", {}, word), " ", h("span", { class: "soft small" }, ...hint)),
    );
  const past = h("details", { class: "past" }, h("summary", {}, t("以前的变动")));
  past.addEventListener("toggle", () => past.append(ledger(sku)), { once: true });
  return openDialog({
    title: t("调整库存：{name}", { name }),
    body: [
      h(
        "p",
        { class: "soft" },
        t("现有 {on_hand}，其中占用 {held}，已售 {sold}。", {
          on_hand: count?.on_hand ?? 0,
          held: count?.held ?? 0,
          sold: count?.sold ?? 0,
        }),
      ),
      h(
        "fieldset",
        {},
        h("legend", { class: "only-spoken" }, t("怎么变了")),
        choice("received", t("到货"), t("加上这个数量")),
        choice("wasted", t("损耗"), t("减去这个数量")),
        choice("recount", t("重新盘点"), t("现有数量改为这个数；已付款、还没取走的不要数进去"), paid),
      ),
      field(
        t("数量"),
        h("input", {
          name: "quantity",
          type: "number",
          inputmode: "numeric",
          min: 0,
          max: 1_000_000,
          step: 1,
          required: true,
        }),
      ),
      field(
        t("原因（会记入台账）"),
        h("input", { name: "reason", maxlength: 200, required: true, autocomplete: "off" }),
      ),
      past,
    ],
    submit: t("记入台账"),
    run: (form) =>
      api.post(`/stock/${encodeURIComponent(sku)}/movements`, {
        kind: form.get("kind"),
        quantity: Number(form.get("quantity")),
        reason: form.get("reason"),
      }),
  });
}

/**
 * Says how many units on the shelf are sold already: whoever counts them sells them twice.
 * @param {HTMLElement} place
 * @param {string} sku
 */
async function tellPaid(place, sku) {
  /** @type {import("../pickup/list.js").Listed} */
  const { points } = await api.get("/pickup-list").catch(() => ({ points: [] }));
  const orders = points.flatMap(({ buyers }) => buyers).flatMap((person) => person.orders);
  const lines = orders.filter(({ status }) => status !== "placed").flatMap((order) => order.lines);
  const n = lines.filter((line) => line.sku === sku).reduce((sum, { quantity }) => sum + quantity, 0);
  if (n) write(place, t("（现在有 {n} 份）", { n }));
}
