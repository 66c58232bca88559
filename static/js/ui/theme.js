// @ts-check
/** Dark or light: the system's choice until the host makes one, which this browser remembers. */

const KEY = "studio-theme";
const root = document.documentElement;

const remembered = recall();
if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-theme-toggle]")) toggle();
});

/** Turns the other theme on and remembers it. */
export function toggle() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const next = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // a browser that keeps nothing still changes the theme for this page
  }
}

function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
