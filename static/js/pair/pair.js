// @ts-check
/** The page that asks a device whether it wants to be paired: how long the code is good, and what an iPad hides. */

import { t } from "../i18n.js";
import { countDown } from "../ui/countdown.js";
import { byId } from "../ui/element.js";

const name = /** @type {HTMLInputElement} */ (byId("device-name"));
// Safari on an iPad says that it is a Mac; no Mac has touch points
if (name.value === "Mac" && navigator.maxTouchPoints > 1) name.value = "iPad";

const left = byId("left");
countDown(left, Number(left.dataset.left) * 1000, (time) =>
  time ? t("还有 {time}", { time }) : t("过期了，请让主播重新生成二维码"),
);
