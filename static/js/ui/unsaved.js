// @ts-check
/** A form's draft that is not saved yet: leaving the page asks, and so does putting something else in its place. */
import { t } from "../i18n.js";
import { ask } from "./dialog.js";

/**
 * @param {() => unknown} read what the form says now
 */
export function guardDraft(read) {
  /** @type {string | null} null before there is anything to lose */
  let kept = null;
  const isUnsaved = () => kept !== null && kept !== JSON.stringify(read());
  addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });
  return {
    /** @param {unknown} state as it was saved or has just been put into the form */
    keep(state) {
      kept = JSON.stringify(state);
    },
    /**
     * Puts something else in the draft's place, once the host gives up what is unsaved.
     * @param {() => void} put
     */
    async replace(put) {
      if (!isUnsaved()) return put();
      await ask({
        title: t("放弃没有保存的修改？"),
        text: t("现在的修改还没有保存，换了就没有了。想留下来，请取消后先保存。"),
        submit: t("放弃修改"),
        sign: "trash-2",
        run: async () => put(),
      });
    },
  };
}
