// @ts-check
/** The order form. What was sent once is sent again with the same key until there is an answer: never two orders. */
import { t } from "../i18n.js";
import { price } from "../money.js";
import { choose, chosen, onChange } from "./cart.js";
import { call, newKey, Problem } from "./net.js";
import { byId, make, mark, showProblem, write } from "./page.js";
import { change, most, product, setAvailable } from "./products.js";

const DRAFT = "linli.draft";
const PENDING = "linli.pending";
const TRIES = 4;
const RETRY_MS = 1500;
const WAITING = /^#wait=(.+)$/;

/** @type {string | null} the one product of a waiting order; null: the basket is ordered */
let waitingFor = null;
let waitQuantity = 1;
let busy = false;
/** @type {{print: string, key: string} | null} what was sent and not answered; kept here, too, where the tab keeps nothing */
let pending = null;
let drawAnew = async () => {};

/** @param {string} sku 候补 */
export function wait(sku) {
  waitQuantity = 1;
  location.hash = `wait=${encodeURIComponent(sku)}`;
}

/** @param {() => Promise<void>} redraw reads products and prices again */
export function startCheckout(redraw) {
  drawAnew = redraw;
  const form = orderForm();
  // a page that the phone took out of its memory, after the way back from the order, begins anew
  window.addEventListener("pageshow", (event) => event.persisted && setBusy(false, ""));
  window.addEventListener("hashchange", follow);
  onChange(drawLines);
  byId("lines").addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    const sku = button?.closest("li")?.getAttribute("data-sku");
    if (!button || !sku || busy) return;
    if (!waitingFor) return change(sku, Number(button.dataset.step));
    const item = product(sku);
    waitQuantity = Math.max(1, Math.min(item?.cap ?? 1, waitQuantity + Number(button.dataset.step)));
    drawLines();
  });
  form.addEventListener("input", (event) => {
    const field = /** @type {Element} */ (event.target).closest("[data-field]");
    if (field) mark(field, "");
    keepDraft();
    tellPhoneNeed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  fillDraft();
  follow();
}

/** The form was drawn anew: what was typed stays. */
export function fillDraft() {
  const draft = stored(DRAFT) ?? {};
  for (const [name, value] of Object.entries(draft)) {
    const input = orderForm().elements.namedItem(name);
    if (input && "value" in input && typeof value === "string" && value) input.value = value;
  }
  tellPhoneNeed();
}

/** 到付 needs a number that the host can call, unless one is kept already. */
function tellPhoneNeed() {
  const cash = !waitingFor && new FormData(orderForm()).get("paid_via") === "cash";
  const known = /** @type {HTMLInputElement} */ (byId("phone")).placeholder !== "";
  write(byId("phone-need"), cash && !known ? t("（到付要填）") : t("（可不填）"));
}

/** Shows the view that the address names, so that the phone's back button closes it. */
function follow() {
  const named = WAITING.exec(location.hash);
  const sku = named ? decodeURIComponent(named[1]) : null;
  waitingFor = sku && product(sku) ? sku : null;
  const open = waitingFor !== null || (location.hash === "#checkout" && chosen().size > 0);
  byId("checkout").hidden = !open;
  byId("shop").hidden = open;
  if (!open) {
    // an address that asks for a form with nothing in it: left there, the way to the form would be no way any more
    if (/^#(checkout$|wait=)/.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  byId("wait-note").hidden = waitingFor === null;
  const payment = orderForm().querySelector("[data-field=paid_via]");
  payment?.toggleAttribute("hidden", waitingFor !== null);
  write(byId("submit"), waitingFor ? t("排上候补") : t("提交订单"));
  showProblem(orderForm(), null, byId("order-error"));
  drawLines();
  tellPhoneNeed();
  window.scrollTo(0, 0);
  byId("checkout-title").focus({ preventScroll: true });
}

/** @returns {Array<[string, number]>} */
function wanted() {
  return waitingFor ? [[waitingFor, waitQuantity]] : [...chosen()];
}

function totalFen() {
  return wanted().reduce((sum, [sku, quantity]) => sum + (product(sku)?.priceFen ?? 0) * quantity, 0);
}

/** Draws what is ordered, with what has become short meanwhile at its line. */
export function drawLines() {
  const list = byId("lines");
  list.replaceChildren();
  let weighed = false;
  for (const [sku, quantity] of wanted()) {
    const item = product(sku);
    const line = make("li");
    line.dataset.sku = sku;
    const name = make("span", "", "grow");
    name.append(make("b", item?.name ?? sku));
    if (item) name.append(make("span", price(item.priceFen), "soft small"));
    line.append(name, stepper(quantity));
    if (!item) problemAt(line, t("这个商品下架了，请减到 0"));
    else if (!waitingFor && quantity > most(item)) problemAt(line, shortage(item.available, item.cap));
    weighed ||= item?.byWeight ?? false;
    list.append(line);
  }
  write(byId("total"), price(totalFen()));
  byId("weight-note").hidden = !weighed;
  if (!wanted().length && !byId("checkout").hidden) location.hash = "";
}

/** @param {number} available @param {number} cap */
function shortage(available, cap) {
  if (available <= 0) return t("卖完了：减到 0，回上一页可以候补");
  return cap < available ? t("每人限 {n} 份", { n: cap }) : t("只剩 {n} 份了", { n: available });
}

/** @param {Element} line @param {string} text */
function problemAt(line, text) {
  line.querySelector(".error")?.remove();
  line.append(make("p", text, "error"));
}

/** @param {number} quantity */
function stepper(quantity) {
  const group = make("span", "", "stepper");
  const [less, output, more] = [make("button", "−"), make("output", String(quantity)), make("button", "+")];
  less.type = more.type = "button";
  less.dataset.step = "-1";
  more.dataset.step = "1";
  less.setAttribute("aria-label", t("减一份"));
  more.setAttribute("aria-label", t("加一份"));
  group.append(less, output, more);
  return group;
}

async function submit() {
  if (busy) return;
  const body = compose();
  if (!body.nickname) {
    const field = orderForm().querySelector("[data-field=nickname]");
    if (field) mark(field, t("请写一个昵称"));
    byId("nickname").focus();
    return;
  }
  const key = keyOf(body);
  setBusy(true, t("正在下单…"));
  showProblem(orderForm(), null, byId("order-error"));
  try {
    const order = await persist(body, key);
    settle(body.lines);
    location.replace(`/o/${order.secret}`); // the way back leads to the goods, not to the form that was sent
  } catch (problem) {
    setBusy(false, "");
    if (!(problem instanceof Problem)) throw problem;
    refused(problem);
  }
}

/**
 * Asks until somebody answers; the key makes every repetition the same order.
 * @param {object} body
 * @param {string} key
 */
async function persist(body, key) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call("POST", "/orders", body, { "Idempotency-Key": key });
    } catch (problem) {
      const unsure = problem instanceof Problem && (problem.status === 0 || problem.status >= 500);
      if (!unsure || attempt >= TRIES) throw problem;
      setBusy(true, t("没收到答复，正在确认，请别关页面…"));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt));
    }
  }
}

/** @param {Problem} problem */
function refused(problem) {
  const { sku, available, allowed } = problem.document;
  if (typeof sku === "string" && typeof available === "number") setAvailable(sku, available);
  const line = [...byId("lines").children].find((child) => child.getAttribute("data-sku") === sku);
  if (line && (available !== undefined || allowed !== undefined)) {
    problemAt(line, problem.detail);
    line.scrollIntoView({ block: "center" });
  } else if (problem.code === "offline") {
    const rest = byId("order-error");
    rest.textContent = t("还是没有答复。再点一次“提交订单”不会重复下单。");
    rest.hidden = false;
    rest.scrollIntoView({ block: "center" });
  } else {
    if (problem.code === "price-changed") drawAnew();
    showProblem(orderForm(), problem, byId("order-error"));
  }
}

function compose() {
  const data = new FormData(orderForm());
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const point = Number(text("pickup_point_id"));
  return {
    nickname: text("nickname"),
    phone: text("phone"),
    note: text("note"),
    ...(point ? { pickup_point_id: point } : {}),
    ...(waitingFor ? { waitlist: true } : { paid_via: text("paid_via") || "wechat" }),
    total_fen: totalFen(),
    lines: wanted().map(([sku, quantity]) => ({ sku, quantity })),
  };
}

/**
 * The key of this order: the same while the same is ordered, whatever happens to the page in between.
 * @param {object} body
 */
function keyOf(body) {
  const print = JSON.stringify({ ...body, total_fen: undefined }); // an order that is there stays at its price
  pending ??= stored(PENDING);
  if (pending?.print === print && typeof pending.key === "string") return pending.key;
  pending = { print, key: newKey() };
  store(PENDING, pending);
  return pending.key;
}

/**
 * There is an answer: what was ordered leaves the basket, the next order is another one.
 * @param {{sku: string}[]} lines
 */
function settle(lines) {
  pending = null;
  store(PENDING, null);
  for (const line of lines) choose(line.sku, 0);
}

/** @param {boolean} on @param {string} text */
function setBusy(on, text) {
  busy = on;
  /** @type {HTMLButtonElement} */ (byId("submit")).disabled = on;
  write(byId("sending"), text);
}

function keepDraft() {
  store(DRAFT, Object.fromEntries([...new FormData(orderForm())].map(([name, value]) => [name, String(value)])));
}

function orderForm() {
  return /** @type {HTMLFormElement} */ (byId("order"));
}

/** @param {string} name @returns {any} */
function stored(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {object | null} value */
function store(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // private mode: the page itself remembers
  }
}
