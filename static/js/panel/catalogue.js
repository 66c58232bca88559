// @ts-check
/** Reading a catalogue file in. */

import { api } from "../api.js";
import { t } from "../i18n.js";
import { act } from "../ui/action.js";
import { byId, h } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** Lets the host choose a catalogue file and reads it in; what is wrong with it is told by the server, line by line. */
export function chooseCatalogue() {
  const input = h("input", { type: "file", accept: ".json,.toml,application/json" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void act(byId("import-catalogue"), () => sendCatalogue(file));
  });
  input.click();
}

/** @param {File} file */
async function sendCatalogue(file) {
  const type = file.name.toLowerCase().endsWith(".toml") ? "application/toml" : "application/json";
  const { products } = await api.post("/catalogue", file.slice(0, file.size, type));
  toast(t("已导入，现在有 {n} 个商品。", { n: products.length }));
}
