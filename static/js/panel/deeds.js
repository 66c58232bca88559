// @ts-check
/** What another operator did, in words (studio/web/deeds.py). */

import { t } from "../i18n.js";

/** @type {Record<string, () => string>} */
const WORDS = {
  plan: () => t("新建直播"),
  rundown: () => t("改流程"),
  live: () => t("开播"),
  end: () => t("结束直播"),
  take: () => t("商品或环节上屏"),
  standby: () => t("备好下一个"),
  voice: () => t("口播提示"),
  prompter: () => t("滚提词器"),
  scene: () => t("切画面"),
  sound: () => t("调声音"),
  record: () => t("录制"),
  stream: () => t("推流"),
  replay_buffer: () => t("回放缓存"),
  obs: () => t("调 OBS"),
  catalogue: () => t("导入商品"),
  stock: () => t("改库存"),
  order: () => t("录入订单"),
  pay: () => t("收款"),
  order_step: () => t("处理订单"),
  refund: () => t("退款"),
  complaint: () => t("回复售后"),
  ask: () => t("录入提问"),
  question: () => t("上屏提问"),
  question_off: () => t("撤下提问"),
  answer: () => t("回答提问"),
  hide: () => t("隐藏提问"),
  reopen: () => t("重新打开提问"),
  poll: () => t("准备投票"),
  poll_open: () => t("开始投票"),
  poll_close: () => t("结束投票"),
  shoutouts: () => t("管感谢播报"),
  skip: () => t("跳过感谢"),
  claim: () => t("看过宣称提醒"),
  promise: () => t("处理承诺"),
  mark: () => t("标记一句"),
  captions: () => t("开关字幕"),
  board: () => t("改上屏内容"),
  undo: () => t("撤销"),
};

/** @param {string} deed */
export function deedWords(deed) {
  return WORDS[deed]?.() ?? "";
}
