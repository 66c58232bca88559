// @ts-check
/** The theme editor: every change is seen at once in the preview, and by buyers only when it is saved on a worn theme. */
import { api } from "../api.js";
import { t } from "../i18n.js";
import { plate } from "../overlays/theme.js";
import { fit, showOverlay } from "../panel/preview.js";
import { act } from "../ui/action.js";
import { ask } from "../ui/dialog.js";
import { badge, byId, fill, h, icon, write } from "../ui/element.js";
import { guardDraft } from "../ui/unsaved.js";
import { colourNames, OWN, OWN_RADIUS_PX, PAIRS } from "./colours.js";
import { contrast } from "./contrast.js";

/** @typedef {{name: string, title: string, properties: Record<string, string>, font: string, radius_px: number | null, motion: string, logo: string | null}} Theme */

const BUILT_IN = "market";
const form = /** @type {HTMLFormElement} */ (byId("theme"));
const frame = /** @type {HTMLIFrameElement} */ (byId("preview"));
const names = colourNames();
/** @type {Map<string, HTMLInputElement>} */
const pickers = new Map();
/** @type {Theme[]} */
let themes = [];
let onAir = BUILT_IN;
let edited = BUILT_IN;
/** @type {string | null} */
let logo = null;
const unsaved = guardDraft(draft);

for (const [name, title] of Object.entries(names)) {
  const picker = h("input", { type: "color", "aria-label": title, oninput: () => draw() });
  pickers.set(name, picker);
  byId("colours").append(h("label", { class: "colour" }, picker, title));
}
fit(/** @type {Element} */ (frame.parentElement));
frame.addEventListener("load", draw);
showOverlay(frame, `${byId("main").dataset.preview}&sample=1`);
form.addEventListener("input", draw);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void save(byId("save"), edited === BUILT_IN ? freshName() : edited);
});
byId("save-new").addEventListener("click", () => {
  if (form.reportValidity()) void save(byId("save-new"), freshName());
});
byId("reset").addEventListener("click", () => {
  show({ ...own(), title: control("title").value }, edited);
});
byId("logo-file").addEventListener("change", () => void takeLogo());
byId("drop-logo").addEventListener("click", () => {
  logo = null;
  draw();
});
byId("import").addEventListener("click", importFile);
void load();

async function load() {
  await act(null, async () => take(await api.get("/themes")));
  pick(themes.find((theme) => theme.name === onAir) ?? own());
}

/** @param {{on_air: string, themes: Theme[]}} answer */
function take(answer) {
  themes = answer.themes;
  onAir = answer.on_air;
  list();
}

/** @returns {Theme} */
function own() {
  return {
    name: BUILT_IN,
    title: t("邻里集市"),
    properties: {},
    font: "sans",
    radius_px: null,
    motion: "full",
    logo: null,
  };
}

/** @param {Theme} theme */
function titleOf(theme) {
  return theme.name === BUILT_IN ? t("邻里集市") : theme.title;
}

function freshName() {
  return `theme-${Date.now().toString(36)}`;
}

/** @param {string} name */
function control(name) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}

/** @param {Theme} theme to be edited from now on */
function pick(theme) {
  show(theme, theme.name);
  unsaved.keep(draft());
}

/**
 * @param {Theme} theme
 * @param {string} name of the theme that saving changes
 */
function show(theme, name) {
  edited = name;
  control("title").value = theme.name === BUILT_IN && name === BUILT_IN ? t("我的主题") : theme.title;
  for (const [property, picker] of pickers) picker.value = theme.properties[property] ?? OWN[property];
  control("font").value = theme.font;
  control("motion").value = theme.motion;
  control("radius").value = String(theme.radius_px ?? OWN_RADIUS_PX);
  logo = theme.logo;
  list();
  draw();
}

/** What the form says, as the API takes it. */
function draft() {
  const colours = Object.fromEntries(
    [...pickers].filter(([name, { value }]) => value !== OWN[name]).map(([name, { value }]) => [name, value]),
  );
  const radius = Number(control("radius").value);
  return {
    title: control("title").value.trim(),
    colours,
    font: control("font").value,
    radius_px: radius === OWN_RADIUS_PX ? null : radius,
    motion: control("motion").value,
    logo,
  };
}

/** Shows the draft in the preview, and what of it is hard to read. */
function draw() {
  const { colours, radius_px: radius } = draft();
  const page = frame.contentDocument?.documentElement;
  if (page) {
    for (const name of pickers.keys()) page.style.setProperty(name, colours[name] ?? OWN[name]);
    page.style.setProperty("--plate", plate(colours["--plate-solid"] ?? OWN["--plate-solid"]));
    page.style.setProperty("--radius", `${radius ?? OWN_RADIUS_PX}px`);
    page.style.setProperty("--radius-small", `${Math.round((radius ?? OWN_RADIUS_PX) * 0.6)}px`);
    page.style.setProperty("--font", FONTS[control("font").value]);
    const sign = /** @type {HTMLImageElement | null} */ (page.querySelector("[data-overlay='logo']"));
    if (sign) {
      sign.hidden = !logo;
      if (logo) sign.src = logo;
    }
  }
  write(byId("radius-now"), `${radius ?? OWN_RADIUS_PX} px`);
  const image = /** @type {HTMLImageElement} */ (byId("logo"));
  image.hidden = !logo;
  byId("no-logo").hidden = Boolean(logo);
  byId("drop-logo").hidden = !logo;
  if (logo) image.src = logo;
  warn();
}

/** @type {Record<string, string>} as themes.py writes them */
const FONTS = {
  sans: "",
  song: '"Songti SC", "SimSun", "Noto Serif CJK SC", "Noto Serif SC", serif',
  kai: '"Kaiti SC", "KaiTi", "STKaiti", "Noto Serif CJK SC", serif',
  round: '"Yuanti SC", "YouYuan", "HYQiHei", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
};

function warn() {
  const colour = (/** @type {string} */ name) => pickers.get(name)?.value ?? OWN[name];
  const weak = PAIRS.map(([text, ground, least]) => ({
    text,
    ground,
    least,
    ratio: contrast(colour(text), colour(ground)),
  })).filter((pair) => pair.ratio < pair.least);
  fill(
    byId("contrast"),
    ...weak.map(({ text, ground, least, ratio }) =>
      h(
        "li",
        {},
        icon("triangle-alert"),
        t("“{text}”在“{ground}”上看不清：对比 {ratio}，至少要 {least}", {
          text: names[text],
          ground: names[ground],
          ratio: ratio.toFixed(1),
          least,
        }),
      ),
    ),
  );
}

function list() {
  fill(
    byId("themes"),
    ...themes.map((theme) => {
      const swatches = h("span", { class: "swatches", "aria-hidden": "true" });
      for (const name of ["--card", "--ink", "--leaf", "--persimmon"]) {
        const swatch = h("i");
        swatch.style.background = theme.properties[name] ?? OWN[name];
        swatches.append(swatch);
      }
      return h(
        "li",
        { "data-name": theme.name },
        h(
          "button",
          {
            class: "button quiet theme-pick",
            type: "button",
            "aria-pressed": String(theme.name === edited),
            onclick: () => void unsaved.replace(() => pick(theme)),
          },
          swatches,
          h("bdi", { class: "wrap" }, titleOf(theme)),
        ),
        theme.name === onAir
          ? badge("air", "radio", t("正在用"))
          : h("button", { class: "button", type: "button", onclick: wear(theme.name) }, icon("check"), t("用这个")),
        h(
          "a",
          {
            class: "button quiet square",
            href: `/api/v1/themes/${theme.name}/file`,
            download: "",
            "aria-label": t("导出“{title}”", { title: titleOf(theme) }),
          },
          icon("file-down"),
        ),
        theme.name !== BUILT_IN &&
          h(
            "button",
            {
              class: "button quiet square",
              type: "button",
              "aria-label": t("删除“{title}”", { title: titleOf(theme) }),
              onclick: () => void drop(theme),
            },
            icon("trash-2"),
          ),
      );
    }),
  );
}

/** @param {string} name */
function wear(name) {
  return (/** @type {Event} */ event) =>
    void act(
      /** @type {Element} */ (event.currentTarget),
      async () => take(await api.post(`/themes/${name}/wear`)),
      t("所有画面都换上了"),
    );
}

/**
 * @param {Element} button
 * @param {string} name
 */
async function save(button, name) {
  const sent = draft();
  const before = edited;
  const done = await act(
    button,
    async () => take(await api.put(`/themes/${name}`, sent)),
    name === onAir ? t("已保存，画面已更新") : t("已保存，按“用这个”换上"),
  );
  // another one may have been picked meanwhile
  if (done && edited === before) {
    edited = name;
    unsaved.keep(sent);
    list();
  }
}

/** @param {Theme} theme */
async function drop(theme) {
  const gone = await ask({
    title: t("删除这个主题？"),
    text: theme.name === onAir ? t("画面正在用它，删除后回到自带的样子。可以先导出留一份。") : t("可以先导出留一份。"),
    submit: t("删除"),
    sign: "trash-2",
    run: async () => take(await api.delete(`/themes/${theme.name}`)),
  });
  if (gone && edited === theme.name) pick(own());
}

async function takeLogo() {
  const input = /** @type {HTMLInputElement} */ (byId("logo-file"));
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  await act(document.querySelector("label[for='logo-file']"), async () => {
    logo = (await api.post("/themes/logo", file)).logo;
    draw();
  });
}

function importFile() {
  const input = h("input", { type: "file", accept: ".css,text/css" });
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    const name = freshName();
    const text = new Blob([await file.text()], { type: "text/css" });
    const done = await act(byId("import"), async () => take(await api.post(`/themes/${name}/file`, text)), t("已导入"));
    const theme = themes.find((each) => each.name === name);
    if (done && theme) await unsaved.replace(() => pick(theme));
  });
  input.click();
}
