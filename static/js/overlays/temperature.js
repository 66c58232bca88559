// @ts-check
/** The cold chain of the lot on air: the curve, the limit, and what both prove. */
import { clock } from "../format.js";
import { t } from "../i18n.js";
import { part, write } from "./parts.js";
import { mountPanel } from "./presence.js";
import { s } from "./svg.js";
import { fact } from "./trace.js";

/** @typedef {import("../socket.js").Link} Link */
/**
 * @typedef {object} Chain
 * @property {string} name
 * @property {string} batch
 * @property {"good" | "warm" | "cold" | "broken" | "unknown"} verdict
 * @property {{low: number | null, high: number} | null} limit
 * @property {[number, number][]} readings
 * @property {number} count
 * @property {number | null} from_ms
 * @property {number | null} to_ms
 * @property {number | null} min_c
 * @property {number | null} max_c
 * @property {number} warm_ms
 * @property {number} cold_ms
 * @property {number} gap_ms
 * @property {[number, number][]} gaps
 */

const SIGNS = {
  good: "sign-check",
  warm: "sign-warm",
  cold: "sign-cold",
  broken: "sign-unplugged",
  unknown: "sign-ask",
};
const [WIDTH, HEIGHT, EDGE] = [820, 170, 8];

/**
 * @param {HTMLElement} root
 * @param {Link} link
 * @param {{page: string}} options
 */
export function mountTemperature(root, link, { page }) {
  mountPanel(root, link, {
    name: "temperature",
    topic: "cold_chain",
    page,
    draw: (/** @type {Chain} */ chain) => {
      if (!chain.count && !chain.limit) return false; // needs no cold chain, and has none
      write(part(root, "of"), chain.name);
      write(part(root, "of-lot"), t("批次 {batch}", { batch: chain.batch }));
      root.dataset.verdict = chain.verdict;
      const verdict = part(root, "verdict");
      /** @type {HTMLElement} */ (verdict.querySelector(".sign")).className = `sign ${SIGNS[chain.verdict]}`;
      write(
        part(root, "verdict-word"),
        { good: t("合格"), warm: t("超温"), cold: t("过冷"), broken: t("断链"), unknown: t("未知") }[chain.verdict],
      );
      part(root, "curve").hidden = chain.readings.length < 2;
      part(root, "curve").replaceChildren(...(chain.readings.length < 2 ? [] : [curve(chain)]));
      part(root, "temperature-facts").replaceChildren(...facts(chain));
      return true;
    },
  });
}

/** @param {Chain} chain */
function facts(chain) {
  const { limit, from_ms: from, to_ms: to } = chain;
  const rows = [fact(t("要求"), limit ? limitText(limit) : null, limit ? "" : "unknown")];
  if (from === null || to === null) return [...rows, fact(t("记录"), t("没有温度记录"), "unknown")];
  rows.push(fact(t("实测"), range(chain.min_c, chain.max_c)));
  const minutes = (/** @type {number} */ ms) => t("{n} 分钟", { n: Math.round(ms / 60_000) });
  if (chain.verdict === "warm" && chain.warm_ms) rows.push(fact(t("超温"), minutes(chain.warm_ms), "old"));
  else if (chain.verdict === "cold") rows.push(fact(t("过冷"), minutes(chain.cold_ms), "old"));
  else if (chain.gap_ms) rows.push(fact(t("断了"), minutes(chain.gap_ms), "unknown"));
  else
    rows.push(
      fact(t("记录"), `${day(from)} ${clock(from)} – ${day(from) === day(to) ? "" : `${day(to)} `}${clock(to)}`),
    );
  return rows;
}

/** @param {{low: number | null, high: number}} limit */
function limitText({ low, high }) {
  return low === null ? t("{high} 或更低", { high: `${tenths(high)}\u00a0℃` }) : range(low, high);
}

/**
 * @param {number | null} low
 * @param {number | null} high
 */
function range(low, high) {
  return low === null || high === null ? t("未知") : `${tenths(low)} ~ ${tenths(high)}\u00a0℃`;
}

/** @param {number} celsius */
function tenths(celsius) {
  return (Math.round(celsius * 10) / 10).toString().replace("-", "−");
}

/** @param {number} ms */
function day(ms) {
  const date = new Date(ms);
  return `${date.getMonth() + 1}-${date.getDate()}`;
}

/** @param {Chain} chain */
function curve({ readings, limit, gaps, verdict }) {
  const values = readings.map(([, celsius]) => celsius);
  const low = Math.min(...values, limit?.low ?? limit?.high ?? values[0]);
  const high = Math.max(...values, limit?.high ?? values[0]);
  const pad = Math.max(0.8, (high - low) * 0.15);
  const [start, end] = [readings[0][0], readings[readings.length - 1][0]];
  const x = (/** @type {number} */ at) => EDGE + ((at - start) / Math.max(1, end - start)) * (WIDTH - 2 * EDGE);
  const y = (/** @type {number} */ celsius) =>
    EDGE + ((high + pad - celsius) / (high - low + 2 * pad)) * (HEIGHT - 2 * EDGE);
  const drawing = s("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    class: `curve-${verdict}`,
  });
  if (limit) {
    const top = y(limit.high);
    const bottom = limit.low === null ? HEIGHT - EDGE : y(limit.low);
    drawing.append(
      s("rect", { x: EDGE, y: top, width: WIDTH - 2 * EDGE, height: Math.max(2, bottom - top), class: "curve-band" }),
      s("path", { d: `M${EDGE} ${round(top)}H${WIDTH - EDGE}`, class: "curve-limit" }),
    );
  }
  for (const [from, to] of gaps)
    drawing.append(
      s("rect", {
        x: x(from),
        y: EDGE,
        width: Math.max(3, x(to) - x(from)),
        height: HEIGHT - 2 * EDGE,
        class: "curve-gap",
      }),
    );
  const broken = (/** @type {number} */ at) => gaps.some(([, to]) => to === at);
  const line = readings.map(
    ([at, celsius], index) => `${index && !broken(at) ? "L" : "M"}${round(x(at))} ${round(y(celsius))}`,
  );
  drawing.append(s("path", { d: line.join(""), class: "curve-line" }));
  return drawing;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
