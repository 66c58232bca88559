// @ts-check
/** Kinds of highlights in icon and word. */

import { t } from "../i18n.js";
import { badge } from "../ui/element.js";

/** Icon of each kind of highlight. @type {Record<string, string>} */
export const KIND_SIGNS = {
  mark: "star",
  intro: "package",
  fact: "list-checks",
  price: "tag",
  demo: "flask-conical",
  honest: "hand-heart",
  trace: "sprout",
};

/**
 * @param {string} kind
 */
export function kindBadge(kind) {
  const words = /** @type {Record<string, string>} */ ({
    mark: t("标记"),
    intro: t("介绍"),
    fact: t("事实"),
    price: t("价格"),
    demo: t("演示"),
    honest: t("实话"),
    trace: t("溯源"),
  });
  return badge("good", KIND_SIGNS[kind] ?? "star", words[kind] ?? kind);
}
