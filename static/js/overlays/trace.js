// @ts-check
/** Where the lot on air comes from, what proves it, and the code that leads to all of it. */
import { shortDate } from "../format.js";
import { t } from "../i18n.js";
import { image, part, write } from "./parts.js";
import { mountPanel } from "./presence.js";

/** @typedef {import("../socket.js").Link} Link */
/** @typedef {{kind: string, issuer: string | null, valid: boolean}} Paper */
/**
 * @typedef {object} Product
 * @property {string} name
 * @property {{name: string, place: string | null} | null} [maker]
 * @property {string | null} producer
 * @property {{batch: string, produced_on: string | null, expired: boolean, shelf_life_days: number | null, origin: string | null, certificates?: Paper[]} | null} lot
 * @property {string | null} qr
 * @property {boolean} [qr_lan] only phones in the same network open it
 */

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{page: string}} options
 */
export function mountTrace(root, link, { page }) {
  mountPanel(root, link, {
    name: "trace",
    topic: "product",
    page,
    draw: (/** @type {Product} */ product) => {
      const lot = product.lot;
      if (!lot) return false;
      write(part(root, "of"), product.name);
      part(root, "trace-facts").replaceChildren(...factRows(product, lot));
      const papers = (lot.certificates ?? []).filter((paper) => paper.valid).map((paper) => paper.kind);
      write(part(root, "trace-papers"), papers.join(t("、")));
      part(root, "trace-qr").hidden = !product.qr;
      write(part(root, "trace-qr-word"), product.qr_lan ? t("同一 Wi-Fi 扫码") : t("扫码看这一批"));
      part(root, "trace-qr").classList.toggle("lan", Boolean(product.qr_lan));
      const code = image(root, "trace-qr-image");
      if (product.qr && code.getAttribute("src") !== product.qr) code.src = product.qr;
      return true;
    },
  });
}

/**
 * @param {Product} product
 * @param {NonNullable<Product["lot"]>} lot
 */
function factRows(product, lot) {
  const maker = product.maker?.name ?? product.producer;
  const made = lot.produced_on && shortDate(lot.produced_on);
  const keeps = lot.shelf_life_days && t("保质 {n} 天", { n: lot.shelf_life_days }).replaceAll(" ", "\u00a0");
  return [
    fact(t("产地"), lot.origin, lot.origin ? "" : "unknown"),
    ...(maker ? [fact(t("谁做的"), maker)] : []),
    fact(t("批次"), lot.batch),
    fact(
      t("生产"),
      [made, lot.expired ? t("已过保质期") : keeps].filter(Boolean).join(" · ") || null,
      lot.expired ? "old" : made ? "" : "unknown",
    ),
    paperRow(lot.certificates ?? []),
  ];
}

/** @param {Paper[]} papers */
function paperRow(papers) {
  const valid = papers.filter((paper) => paper.valid).length;
  if (!papers.length) return fact(t("凭证"), null, "unknown");
  if (valid === papers.length) return fact(t("凭证"), t("{n} 份，都有效", { n: valid }), "good");
  return fact(t("凭证"), t("{n} 份有效，{m} 份不能证明", { n: valid, m: papers.length - valid }), "old");
}

/**
 * A row of facts; a state is told by a sign beside the words that say it.
 *
 * @param {string} name
 * @param {string | null} text null is 未知
 * @param {"" | "good" | "old" | "unknown"} [state]
 */
export function fact(name, text, state = "") {
  const row = document.createElement("div");
  row.className = `fact ${state}`;
  const term = document.createElement("dt");
  term.textContent = name;
  const detail = document.createElement("dd");
  if (state) {
    const sign = document.createElement("span");
    sign.className = `sign ${{ good: "sign-check", old: "sign-cross", unknown: "sign-ask" }[state]}`;
    sign.setAttribute("aria-hidden", "true");
    detail.append(sign);
  }
  const words = document.createElement("bdi");
  words.textContent = text ?? t("未知");
  detail.append(words);
  row.append(term, detail);
  return row;
}
