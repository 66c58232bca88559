// @ts-check
/** Entry of every overlay page: opens the link and mounts the parts that its template holds. */
import { connect } from "../socket.js";
import { fitCanvas } from "./canvas.js";
import { mountCaption } from "./caption.js";
import { mountCard } from "./card.js";
import { mountCountdown } from "./countdown.js";
import { mountGoal } from "./goal.js";
import { startHeartbeat } from "./heartbeat.js";
import { mountHonesty } from "./honesty.js";
import { mountMiles } from "./miles.js";
import { mountPack } from "./pack.js";
import { mountPoll } from "./poll.js";
import { mountPromises } from "./promises.js";
import { mountQuestion } from "./question.js";
import { sampleLink } from "./sample.js";
import { mountShoutout } from "./shoutout.js";
import { mountStock } from "./stock.js";
import { mountTemperature } from "./temperature.js";
import { mountLogo, wearTheme } from "./theme.js";
import { mountTicker } from "./ticker.js";
import { mountTrace } from "./trace.js";

const MOUNTS = {
  card: mountCard,
  stock: mountStock,
  shoutout: mountShoutout,
  caption: mountCaption,
  question: mountQuestion,
  poll: mountPoll,
  trace: mountTrace,
  honesty: mountHonesty,
  promises: mountPromises,
  miles: mountMiles,
  temperature: mountTemperature,
  goal: mountGoal,
  countdown: mountCountdown,
  ticker: mountTicker,
  logo: mountLogo,
  pack: mountPack,
};

const options = new URLSearchParams(location.search);
fitCanvas(options);
const page = document.documentElement.dataset.page ?? "overlay";
// the preview on the page of addresses shows nothing to buyers: it must not count as an overlay on air
const preview = options.has("preview") || options.has("sample");
const live = connect({ page: preview ? "preview" : page, token: options.get("token") ?? "" });
const link = options.has("sample") ? sampleLink(live, page) : live;
wearTheme(link, options);
for (const [name, mount] of Object.entries(MOUNTS)) {
  const root = document.querySelector(`[data-overlay="${name}"]`);
  if (root instanceof HTMLElement) mount(root, link, { preview, page });
}
if (!preview) startHeartbeat(link);
