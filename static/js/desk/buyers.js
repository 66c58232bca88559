// @ts-check
/** Buyers, masked: found by name or phone, quiet or not, exported or deleted by the host. */

import { api } from "../api.js";
import { price } from "../format.js";
import { t } from "../i18n.js";
import { may } from "../panel/stage.js";
import { act, explain } from "../ui/action.js";
import { openDialog } from "../ui/dialog.js";
import { badge, byId, empty, fill, h, icon, isDrawn, keep } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { toast } from "../ui/toast.js";
import { statusWord } from "./order.js";
import { whenWord } from "./times.js";

/** @typedef {{id: number, who: string, phone: string | null, known_by: "visitor" | "customer" | "phone", pickup_point: string | null, quiet: boolean, created_ms: number, orders: number, spent_fen: number, last_order_ms: number | null}} Buyer */
/** @typedef {Buyer & {placed: {id: number, number: string, status: import("./order.js").Status, total_fen: number, refunded_fen: number, placed_ms: number}[], referral: {code: string | null, invited: number, pending: number, pending_fen: number, earned_fen: number}}} Detail */

const TYPING_MS = 250;
const REFRESH_MS = 1000;

const query = /** @type {HTMLInputElement} */ (byId("query"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** @type {AbortController | undefined} */
let running;

/** Loads the list and follows the search field. */
export function startBuyers() {
  query.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(() => void load(), TYPING_MS);
  });
  fill(byId("buyers"), ...Array.from({ length: 6 }, () => h("li", { class: "person skeleton" })));
  void load();
}

/** Orders changed: figures may have. */
export function refreshBuyers() {
  soon ??= setTimeout(() => void load(), REFRESH_MS);
}

async function load() {
  clearTimeout(soon);
  soon = undefined;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const list = byId("buyers");
  try {
    /** @type {{buyers: Buyer[]}} */
    const { buyers } = await api.get(`/buyers?${new URLSearchParams({ q: query.value.trim() })}`, { signal });
    if (buyers.length)
      keep(
        list,
        buyers,
        ({ id }) => id,
        () => h("li", { class: "person" }),
        draw,
      );
    else
      fill(
        list,
        h("li", {}, empty("users", query.value.trim() ? t("没有找到这位买家。") : t("还没有买家。第一单来了就有。"))),
      );
  } catch (error) {
    if (signal.aborted) return;
    const again = h(
      "button",
      { class: "button", type: "button", onclick: () => void load() },
      icon("refresh-cw"),
      t("再试一次"),
    );
    fill(list, h("li", { class: "empty", role: "alert" }, icon("circle-alert"), h("p", {}, explain(error)), again));
  }
  list.setAttribute("aria-busy", "false");
}

/**
 * @param {HTMLElement} item
 * @param {Buyer} buyer
 */
function draw(item, buyer) {
  if (isDrawn(item, buyer)) return;
  const focused = document.activeElement instanceof HTMLElement && item.contains(document.activeElement);
  const part = focused ? /** @type {HTMLElement} */ (document.activeElement).dataset.part : undefined;
  fill(
    item,
    h(
      "div",
      { class: "person-who" },
      h("strong", { class: "wrap" }, h("bdi", {}, buyer.who)),
      h(
        "span",
        { class: "soft small block" },
        knownBy(buyer),
        buyer.pickup_point ? " · " : "",
        h("bdi", {}, buyer.pickup_point ?? ""),
      ),
    ),
    h("span", { class: "number" }, buyer.phone ?? h("span", { class: "soft" }, t("没留手机"))),
    h(
      "span",
      { class: "number" },
      t("买过 {n} 单，{amount}", { n: buyer.orders, amount: price(buyer.spent_fen) }),
      buyer.last_order_ms
        ? h("span", { class: "soft small block" }, t("最近 {time}", { time: whenWord(buyer.last_order_ms) }))
        : null,
    ),
    quietSwitch(buyer),
    h(
      "div",
      { class: "person-tools" },
      h(
        "button",
        {
          class: "button quiet square",
          type: "button",
          "data-part": "menu",
          "aria-haspopup": "menu",
          "aria-label": t("{who} 的更多操作", { who: buyer.who }),
          onclick: (event) => openMenu(event.currentTarget, choices(buyer)),
        },
        icon("ellipsis-vertical"),
      ),
    ),
  );
  if (part) /** @type {HTMLElement | null} */ (item.querySelector(`[data-part="${part}"]`))?.focus();
}

/** @param {Buyer} buyer */
function knownBy({ known_by }) {
  return { visitor: t("买家页面"), customer: t("店铺顾客"), phone: t("人工录入") }[known_by];
}

/** @param {Buyer} buyer */
function quietSwitch(buyer) {
  const box = h("input", { type: "checkbox", role: "switch", checked: buyer.quiet, "data-part": "quiet" });
  box.addEventListener("change", async () => {
    const wanted = box.checked;
    const done = await act(
      box,
      () => api.post(`/buyers/${buyer.id}/quiet`, { quiet: wanted }),
      wanted ? t("以后不播 {who}", { who: buyer.who }) : t("以后可以播 {who}", { who: buyer.who }),
    );
    if (!done) box.checked = !wanted;
    refreshBuyers();
  });
  return h("label", { class: "choice" }, box, h("span", {}, t("不上屏")));
}

/**
 * @param {Buyer} buyer
 * @returns {import("../ui/menu.js").Choice[]}
 */
function choices(buyer) {
  /** @type {import("../ui/menu.js").Choice[]} */
  const all = [{ word: t("看他的订单"), sign: "receipt-text", run: () => void openBuyer(buyer) }];
  if (may("host"))
    all.push(
      { word: t("导出他的资料（JSON）"), sign: "download", run: () => download(buyer) },
      { word: t("删除他的资料…"), sign: "user-round-x", grave: true, run: () => void erase(buyer) },
    );
  return all;
}

/** @param {Buyer} buyer */
async function openBuyer(buyer) {
  /** @type {Detail} */
  let detail;
  try {
    detail = await api.get(`/buyers/${buyer.id}`);
  } catch (error) {
    toast(explain(error), "bad");
    return;
  }
  const { referral } = detail;
  await openDialog({
    title: t("{who} 的订单", { who: buyer.who }),
    body: [
      detail.placed.length
        ? h(
            "ul",
            {},
            ...detail.placed.map((order) =>
              h(
                "li",
                { class: "row" },
                h("a", { class: "number", href: `/orders?q=${order.number}` }, order.number),
                h("span", { class: "soft small grow" }, `${whenWord(order.placed_ms)} · ${statusWord(order.status)}`),
                h("strong", { class: "number" }, price(order.total_fen - order.refunded_fen)),
              ),
            ),
          )
        : empty("receipt-text", t("还没有订单。")),
      referral.code
        ? h(
            "p",
            { class: "soft small" },
            t("推荐码 {code}，带来 {n} 位新邻居，已得 {amount}。", {
              code: referral.code,
              n: referral.invited,
              amount: price(referral.earned_fen),
            }),
          )
        : null,
    ],
  });
}

/** @param {Buyer} buyer */
function download(buyer) {
  const link = h("a", { href: `/api/v1/buyers/${buyer.id}/export`, download: `buyer-${buyer.id}.json` });
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {Buyer} buyer */
function erase(buyer) {
  const force = h("input", { type: "checkbox", name: "force" });
  return openDialog({
    title: t("删除 {who} 的资料？", { who: buyer.who }),
    body: [
      h("p", {}, t("删除后找不回来。")),
      h("h3", {}, badge("bad", "trash-2", t("会删掉"))),
      h(
        "ul",
        { class: "kept" },
        h("li", {}, t("称呼和手机号，订单上的称呼和备注也换成“已注销”")),
        h("li", {}, t("私人链接、售后里写的话和照片、推荐码")),
        h("li", {}, t("店铺系统送来的原文")),
      ),
      h("h3", {}, badge("", "list-checks", t("会留下"))),
      h(
        "ul",
        { class: "kept" },
        h("li", {}, t("订单的商品、金额和时间：记账要用，保存三年，不再能看出是谁")),
        h("li", {}, t("库存台账：只记数量")),
      ),
      h("label", { class: "choice" }, force, h("span", {}, t("他还有没办完的订单也照样删"))),
    ],
    submit: t("删除资料"),
    sign: "user-round-x",
    grave: true,
    run: async () => {
      await api.delete(`/buyers/${buyer.id}${force.checked ? "?force=true" : ""}`);
      toast(t("资料已删除"));
      await load();
    },
  });
}
