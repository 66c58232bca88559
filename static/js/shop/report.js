// @ts-check
/** Reporting a problem. A photo is made small on the phone first: 300 KB go through a slow line, 8 MB do not. */
import { t } from "../i18n.js";
import { call, Problem } from "./net.js";
import { byId, mark, showProblem, toast, write } from "./page.js";

const LONG_SIDE = 1600;
const QUALITY = 0.82;
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * @param {string} secret of the order
 * @param {() => Promise<void>} done draws the order anew
 */
export function startReport(secret, done) {
  const form = /** @type {HTMLFormElement} */ (byId("report-form"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  const photo = /** @type {HTMLInputElement} */ (byId("photo"));
  const hint = byId("photo-name").textContent ?? "";
  photo.addEventListener("change", () => write(byId("photo-name"), photo.files?.[0]?.name ?? hint));
  form.addEventListener("input", (event) => {
    const field = /** @type {Element} */ (event.target).closest("[data-field]");
    if (field) mark(field, "");
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    showProblem(form, null, byId("report-error"));
    const data = new FormData(form);
    if (!data.get("kind")) return refuse(form, "kind", t("请选一种"));
    if (!String(data.get("text") ?? "").trim()) return refuse(form, "text", t("请写一两句，团长好处理"));
    data.delete("photo");
    if (!data.get("sku")) data.delete("sku");
    button.disabled = true;
    try {
      const file = photo.files?.[0];
      if (file) data.append("photo", await smaller(file), "photo.jpg");
      await call("POST", `/orders/${secret}/complaints`, data);
      form.reset();
      write(byId("photo-name"), hint);
      byId("report").removeAttribute("open");
      await done();
      toast(t("团长已收到"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      showProblem(form, problem, byId("report-error"));
    } finally {
      button.disabled = false;
    }
  });
}

/**
 * The photo at the size that is kept; the file itself where this browser cannot read it.
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {Problem} too large to be sent as it is
 */
async function smaller(file) {
  const small = await shrink(file).catch(() => null);
  if (small) return small;
  if (file.size > MAX_BYTES) {
    const detail = t("照片太大，请选 5 MB 以内的");
    throw new Problem(0, "bad-input", detail, { field: "photo" });
  }
  return file;
}

/**
 * @param {File} file
 * @returns {Promise<Blob | null>}
 */
async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** @param {HTMLFormElement} form @param {string} name @param {string} text */
function refuse(form, name, text) {
  const field = form.querySelector(`[data-field="${name}"]`);
  if (!field) return;
  mark(field, text);
  field.scrollIntoView({ block: "center" });
}
