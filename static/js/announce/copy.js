// @ts-check
/** Putting things on the clipboard, which only secure contexts have. */

import { t } from "../i18n.js";
import { toast } from "../ui/toast.js";

/**
 * @param {HTMLTextAreaElement} area whose text is copied, or selected to be copied by hand
 */
export async function copyText(area) {
  try {
    await navigator.clipboard.writeText(area.value);
    toast(t("已复制，去群里粘贴吧。"));
  } catch {
    area.select();
    toast(t("文字已选中，请按 Ctrl+C 复制。"));
  }
}

/**
 * @param {Blob} image a PNG
 * @returns {Promise<boolean>} false where this browser, or an address without HTTPS, has no clipboard for pictures
 */
export async function copyImage(image) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [image.type]: image })]);
    return true;
  } catch {
    return false;
  }
}
