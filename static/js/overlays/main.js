// @ts-check
/** Entry of every overlay page: opens the link and mounts the parts that its template holds. */
import { connect } from "../socket.js";
import { fitCanvas } from "./canvas.js";
import { mountCaption } from "./caption.js";
import { mountCard } from "./card.js";
import { mountPoll } from "./poll.js";
import { mountQuestion } from "./question.js";
import { mountShoutout } from "./shoutout.js";
import { mountStock } from "./stock.js";

const MOUNTS = {
  card: mountCard,
  stock: mountStock,
  shoutout: mountShoutout,
  caption: mountCaption,
  question: mountQuestion,
  poll: mountPoll,
};

const options = new URLSearchParams(location.search);
fitCanvas(options);
// the preview on the page of addresses shows nothing to buyers: it must not count as an overlay on air
const preview = options.has("preview");
const link = connect({
  page: preview ? "preview" : (document.documentElement.dataset.page ?? "overlay"),
  token: options.get("token") ?? "",
});
for (const [name, mount] of Object.entries(MOUNTS)) {
  const root = document.querySelector(`[data-overlay="${name}"]`);
  if (root instanceof HTMLElement) mount(root, link, { preview });
}
