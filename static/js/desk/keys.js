// @ts-check
/** The order desk by keyboard: one hand on j, k and Enter, the other packs. */

import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { byId, h } from "../ui/element.js";

const OWN_MEANING = "input:not([type=checkbox]), select, textarea, [role=tab], dialog, [popover]:popover-open";

/**
 * @param {{open: (id: number) => void, choose: (id: number) => void, create: () => void, primary: (id: number) => boolean}} hands
 */
export function startKeys(hands) {
  const query = /** @type {HTMLInputElement} */ (byId("query"));
  query.addEventListener("keydown", (event) => {
    if (event.isComposing || (event.key !== "Escape" && event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (event.key === "Escape" && query.value) {
      query.value = "";
      query.dispatchEvent(new Event("input"));
    } else move(0);
  });
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.closest(OWN_MEANING) || document.querySelector("dialog[open]")) return;
    const run = keyed(event, target, hands);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Element} target
 * @param {{open: (id: number) => void, choose: (id: number) => void, create: () => void, primary: (id: number) => boolean}} hands
 * @returns {(() => unknown) | undefined}
 */
function keyed({ key, repeat }, target, { open, choose, create, primary }) {
  if (key === "?" || key === "？") return openKeys;
  if (key === "/") return () => byId("query").focus();
  if (byId("pane-orders").hidden) return undefined;
  if (key === "j" || key === "ArrowDown") return () => move(1);
  if (key === "k" || key === "ArrowUp") return () => move(-1);
  if (key === "n" && !repeat) return create;
  const row = /** @type {HTMLElement | null} */ (target.closest(".order-row[data-key]"));
  if (!row || repeat) return undefined;
  const id = Number(row.dataset.key);
  if (key === "x") return () => choose(id);
  if (key === "o") return () => open(id);
  // on a button of the row Enter is that button's
  if (key === "Enter" && target === row) return () => primary(id) || open(id);
  return undefined;
}

/**
 * The focus goes to another row; to the first one from elsewhere.
 * @param {number} by
 */
function move(by) {
  const rows = /** @type {HTMLElement[]} */ ([...byId("orders").querySelectorAll(".order-row[data-key]")]);
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const there = rows[here < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, here + by))];
  if (!there) return;
  for (const row of rows) row.tabIndex = row === there ? 0 : -1;
  there.focus();
  there.scrollIntoView({ block: "nearest" });
}

/** The list of keys. */
export function openKeys() {
  /** @type {[string[], string][]} */
  const rows = [
    [["/"], t("查找")],
    [["J", "K"], t("下一单、上一单")],
    [["Enter"], t("这一单的下一步：收款、打包、提货…")],
    [["O"], t("看详情")],
    [["X"], t("选中，再一起打包或提货")],
    [["N"], t("录入订单")],
    [["Esc"], t("关闭窗口")],
    [["?"], t("这张表")],
  ];
  return openDialog({
    title: t("快捷键"),
    body: [
      h(
        "dl",
        { class: "keys" },
        ...rows.map(([keys, words]) =>
          h("div", {}, h("dt", {}, ...keys.flatMap((key) => [h("kbd", {}, key), " "])), h("dd", {}, words)),
        ),
      ),
      h("p", { class: "soft small" }, t("正在输入文字时，快捷键不起作用。")),
    ],
  });
}
