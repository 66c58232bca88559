// @ts-check
/**
 * Sample values for previews, `sample=1` in the address: the page then says 示例 in its corner and asks the studio for
 * nothing but what it wears.
 */
import { t } from "../i18n.js";

/** @typedef {import("../socket.js").Link} Link */

const MINUTE = 60_000;
const MARK = new URL("../../img/mark.svg", import.meta.url).href;
// a QR code of nobody's page would be a lie; a grey square shows where it stands
const CODE =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath fill='%23fff' d='M0 0h8v8H0z'/%3E%3Cpath fill='%238a8171' d='M1 1h2v2H1zm4 0h2v2H5zM1 5h2v2H1zm3-1h1v1H4zm1 1h1v1H5zm1 1h1v1H6zM3 3h1v1H3z'/%3E%3C/svg%3E";

/**
 * @param {number} now
 * @returns {Record<string, unknown>}
 */
function values(now) {
  const lot = {
    batch: "20261122A",
    produced_on: "2026-11-22",
    best_before: "2026-11-29",
    shelf_life_days: 7,
    storage: t("2到6摄氏度冷藏"),
    origin: t("青浦区练塘镇"),
    certificates: [
      { kind: t("出厂检验报告"), issuer: t("牧场化验室"), valid: true },
      { kind: t("兽药残留检测报告"), issuer: t("农产品检测站"), valid: true },
    ],
    defects: [t("瓶盖印字有深有浅")],
  };
  const said = t("这一批是今天早上四点挤的奶，装瓶的时候三度六。");
  const maker = { name: t("练塘牧场"), place: t("青浦区练塘镇") };
  const end = Math.floor(now / MINUTE) * MINUTE;
  const readings = Array.from({ length: 60 }, (_, index) => [
    end - (60 - index) * 10 * MINUTE,
    3.6 + Math.sin(index / 6) * 0.9 + Math.sin(index * 1.7) * 0.2,
  ]);
  return {
    product: {
      sku: "SAMPLE",
      name: t("巴氏鲜牛奶"),
      aliases: [],
      unit: t("950毫升/瓶"),
      price_fen: 1590,
      category: "dairy",
      image: null,
      verified: true,
      producer: maker.name,
      maker,
      lot,
      qr: CODE,
    },
    stock: { as_of: now, items: { SAMPLE: { on_hand: 86, held: 4, sold: 34, available: 82, initial: 120 } } },
    shoutout: {
      current: {
        id: 1,
        who: "张*",
        product: t("巴氏鲜牛奶"),
        quantity: 2,
        more: 0,
        people: 1,
        shown_ms: now,
        until_ms: now + 3_600_000,
      },
      waiting: 0,
      paused: false,
      unseen: false,
    },
    caption: {
      text: said,
      partial: true,
      settled: Array.from(said).length - 4,
      names: [],
      seq: null,
      start: 0,
      end: null,
      at: now + 3_600_000,
    },
    question: {
      id: 1,
      asker: "李*",
      text: t("孩子两岁能喝吗？"),
      sku: "SAMPLE",
      askers: 3,
      answer: null,
      changed_ms: now,
    },
    poll: {
      id: 1,
      title: t("下一个先讲哪个？"),
      state: "open",
      opened_ms: now,
      closed_ms: null,
      total: 46,
      options: [
        { id: 1, text: t("老酸奶"), votes: 27, winner: false },
        { id: 2, text: t("奶酪棒"), votes: 19, winner: false },
      ],
      url: "",
      qr: CODE,
    },
    honesty: {
      sku: "SAMPLE",
      name: t("巴氏鲜牛奶"),
      batch: lot.batch,
      defects: lot.defects,
      notes: [t("开瓶三天内要喝完，放久了会有一点分层。")],
    },
    pledges: [
      { id: 1, text: t("坏了包赔，拍照发群里就行"), due_ms: null, outcome: null },
      { id: 2, text: t("两小时内回复每一条反馈"), due_ms: now + 95 * MINUTE, outcome: null },
      { id: 3, text: t("上一场少发的两瓶今天补齐"), due_ms: now - 40 * MINUTE, outcome: "kept" },
    ],
    miles: {
      sku: "SAMPLE",
      name: t("巴氏鲜牛奶"),
      producer: maker.name,
      place: maker.place,
      community: { name: t("梧桐苑") },
      km: 38.6,
      bearing: 68,
    },
    cold_chain: {
      name: t("巴氏鲜牛奶"),
      batch: lot.batch,
      verdict: "good",
      limit: { low: 2, high: 6, source: "label" },
      readings,
      count: readings.length,
      from_ms: readings[0][0],
      to_ms: end - 10 * MINUTE,
      min_c: 2.6,
      max_c: 4.7,
      warm_ms: 0,
      cold_ms: 0,
      gap_ms: 0,
      gaps: [],
    },
    goal: { title: t("今晚一百户"), measure: "households", target: 100, count: 64 },
    countdown: { title: t("今晚截单"), ends_ms: now + 24 * MINUTE + 30_000, moved: false },
    ticker: {
      texts: [t("拍下后写楼号，明天下午送到自提点")],
      points: [{ name: t("梧桐苑 3 号门"), address: "", hours: "17:00–20:00" }],
    },
    panel: null,
  };
}

const EXAMPLE_FOR = { composite: ["product", "stock", "shoutout", "caption", "goal", "countdown", "ticker"] };

/**
 * A link that hands out the sample values and passes on what the overlays wear.
 *
 * @param {Link} link
 * @param {string} page
 * @returns {Link}
 */
export function sampleLink(link, page) {
  const given = values(Date.now());
  const shown = EXAMPLE_FOR[/** @type {"composite"} */ (page)];
  return {
    ...link,
    on: (topic, render) => {
      if (topic === "theme")
        link.on(topic, (value) => render(page === "logo" && value ? { ...value, logo: value.logo ?? MARK } : value));
      else if (!shown || shown.includes(topic)) render(given[topic] ?? null);
      else render(null);
    },
    now: () => Date.now(),
    send: () => undefined,
  };
}
