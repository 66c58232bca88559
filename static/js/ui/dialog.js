// @ts-check
import { t } from "../i18n.js";
import { explain } from "./action.js";
import { fill, h, icon } from "./element.js";

let opened = 0;

/**
 * @typedef {object} FormDialog
 * @property {string} title
 * @property {import("./element.js").Child[]} body
 * @property {string} [submit] word on the button; without one the dialog only tells something
 * @property {string} [sign] icon of the button
 * @property {boolean} [grave] the button does something that is hard to undo
 * @property {boolean} [wide]
 * @property {(form: FormData) => Promise<unknown>} [run] closes the dialog when it succeeds
 */

/**
 * Opens a dialog and resolves with whether it was carried out. Errors are shown inside, nothing typed is lost.
 * @param {FormDialog} options
 * @returns {Promise<boolean>}
 */
export function openDialog({ title, body, submit, sign = "check", grave = false, wide = false, run }) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const close = h("button", { class: "button quiet square", type: "button", "aria-label": t("关闭") }, icon("x"));
  const confirm = h(
    "button",
    { class: `button main ${grave ? "grave" : ""}`, type: "submit" },
    icon(sign),
    submit ?? "",
  );
  const cancel = h("button", { class: "button", type: "button" }, t("取消"));
  const id = `dialog-title-${++opened}`; // a dialog may open another
  const heading = h("h2", { id }, title);
  const form = h(
    "form",
    { method: "dialog" },
    h("div", { class: "dialog-head" }, heading, close),
    h("div", { class: "dialog-body" }, ...body, problem),
    submit ? h("div", { class: "dialog-foot" }, cancel, confirm) : null,
  );
  const dialog = h("dialog", { class: wide ? "wide" : null, "aria-labelledby": id }, form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let done = false;
    close.addEventListener("click", () => dialog.close());
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (confirm.getAttribute("aria-busy") === "true") return;
      confirm.setAttribute("aria-busy", "true");
      problem.hidden = true;
      try {
        await run?.(new FormData(form));
        done = true;
        dialog.close();
      } catch (error) {
        fill(problem, explain(error));
        problem.hidden = false;
        problem.scrollIntoView({ block: "nearest" });
      } finally {
        confirm.removeAttribute("aria-busy");
      }
    });
    dialog.showModal();
  });
}

/**
 * Asks once before something that is hard to undo.
 * @param {{title: string, text: string, submit: string, sign?: string, run: () => Promise<unknown>}} options
 */
export function ask({ title, text, submit, sign, run }) {
  return openDialog({ title, body: [h("p", {}, text)], submit, sign, grave: true, run });
}

/**
 * A labelled field; the control is the last child.
 * @param {string} label
 * @param {HTMLElement} control
 */
export function field(label, control) {
  return h("label", { class: "field" }, h("span", {}, label), control);
}
