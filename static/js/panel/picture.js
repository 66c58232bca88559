// @ts-check
/** What buyers see: OBS's program once a second while it is connected, else the overlays alone. */

import { t } from "../i18n.js";
import { byId, write } from "../ui/element.js";
import { fit, showOverlay } from "./preview.js";
import { stage, watch } from "./stage.js";

const THUMBNAIL_MS = 1000;

/** Fills the picture's place and keeps it current while it can be seen. */
export function startPicture() {
  const figure = byId("thumbnail");
  const frame = /** @type {HTMLIFrameElement} */ (figure.querySelector("iframe"));
  /** @type {boolean | undefined} */
  let alone;
  watch(["obs"], () => {
    const now = stage.obs?.state !== "connected";
    if (now === alone) return;
    alone = now;
    figure.dataset.picture = alone ? "overlays" : "program";
    showOverlay(frame, alone ? (figure.dataset.overlay ?? "") : "");
  });
  fit(/** @type {Element} */ (figure.querySelector(".preview")));
  void pollProgram(figure);
}

/**
 * Asks for the program only while OBS is connected and the picture is on screen.
 * @param {HTMLElement} figure
 */
async function pollProgram(figure) {
  let image = /** @type {HTMLImageElement} */ (figure.querySelector("img"));
  const words = /** @type {HTMLElement} */ (figure.querySelector("figcaption"));
  let seen = false;
  new IntersectionObserver((entries) => {
    seen = entries.some((entry) => entry.isIntersecting);
  }).observe(figure);
  for (;;) {
    if (seen && !document.hidden && stage.obs?.state === "connected") {
      const next = new Image();
      next.src = `/api/v1/obs/thumbnail.jpg?at=${Date.now()}`;
      const loaded = await next.decode().then(
        () => true,
        () => false,
      );
      if (loaded) {
        next.alt = image.alt;
        image.replaceWith(next);
        image = next;
      }
      image.hidden = !loaded;
      words.hidden = loaded;
      write(words, t("暂时拿不到画面"));
    } else if (stage.obs?.state !== "connected") {
      image.hidden = true;
      words.hidden = true;
    }
    await new Promise((resolve) => setTimeout(resolve, THUMBNAIL_MS));
  }
}
