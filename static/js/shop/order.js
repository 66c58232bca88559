// @ts-check
/** The page of one order: /o/{secret}. */
import { t } from "../i18n.js";
import { ask, call, Problem } from "./net.js";
import { byId, redraw, settlePhotos, showTimes, toast, write } from "./page.js";
import { startReport } from "./report.js";

const POLL_MS = 8000;
const SLOWEST_MS = 60_000;
const SECOND_MS = 1000;

const secret = byId("main").dataset.secret ?? "";
const clockOffset = Number(byId("order").dataset.now) - Date.now();
let failures = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const etag = `W/"${byId("order").dataset.etag}"`;
    const headers = { "If-None-Match": etag };
    const response = await ask(`/api/v1/public/orders/${secret}`, { cache: "no-store", headers });
    if (response.ok) await drawAnew();
    failures = response.ok || response.status === 304 ? 0 : failures + 1;
  } catch {
    failures += 1;
  }
  byId("stale").hidden = failures < 2;
  clearTimeout(timer);
  timer = setTimeout(look, Math.min(SLOWEST_MS, POLL_MS * 2 ** Math.min(failures, 3)));
}

async function drawAnew() {
  await redraw(["order"]);
  settle();
}

function settle() {
  byId("report").hidden = !byId("may-report").hasAttribute("data-yes");
  countDown();
}

function countDown() {
  const element = document.querySelector("[data-until]");
  if (!element) return;
  const left = Number(element.getAttribute("data-until")) - Date.now() - clockOffset;
  const seconds = Math.max(0, Math.floor(left / SECOND_MS));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  write(element, seconds > 0 ? t("还有 {clock}", { clock }) : t("时间到了，正在确认…"));
}

document.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-cancel]");
  if (!(button instanceof HTMLButtonElement) || !confirm(t("确定不要了吗？货会放回库存。"))) return;
  button.disabled = true;
  try {
    await call("POST", `/orders/${secret}/cancel`);
    await drawAnew();
  } catch (problem) {
    button.disabled = false;
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.detail);
    look();
  }
});
document.addEventListener("visibilitychange", look);
window.addEventListener("online", look);
timer = setTimeout(look, POLL_MS);
setInterval(countDown, SECOND_MS);
showTimes();
settlePhotos();
settle();
startReport(secret, drawAnew);
