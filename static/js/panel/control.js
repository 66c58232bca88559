// @ts-check
/** The control page: topics in, panels drawn; each panel sends its own commands. */

import { language } from "../i18n.js";
import { connect } from "../socket.js";
import { keepAwake } from "../ui/awake.js";
import { byId } from "../ui/element.js";
import { toast } from "../ui/toast.js";
import { startAreas } from "./areas.js";
import { startBoard } from "./board.js";
import { startCaptions } from "./captions.js";
import { startClaims } from "./claims.js";
import { startClock } from "./clock.js";
import { startComments } from "./comments.js";
import { startCue } from "./cue.js";
import { startHeard } from "./heard.js";
import { openKeys, startKeys } from "./keys.js";
import { startLights } from "./lights.js";
import { startNow } from "./now.js";
import { startObsControls } from "./obs_controls.js";
import { startOpening } from "./opening.js";
import { startOrders } from "./orders.js";
import { startPolls } from "./polls.js";
import { startPresence } from "./presence.js";
import { startPromises } from "./promises.js";
import { startPrompter } from "./prompter.js";
import { startQuestions } from "./questions.js";
import { startRehearsal } from "./rehearsal.js";
import { startRundown } from "./rundown.js";
import { startScenes } from "./scenes.js";
import { startShoutouts } from "./shoutouts.js";
import { put, stage, watch } from "./stage.js";
import { startStock } from "./stock.js";
import { startUndo } from "./undo.js";

const link = connect({ page: "control" });

startClock(link.now);
startAreas();
startRundown();
startCue(link.now);
startNow();
startScenes();
startObsControls(link);
startShoutouts();
startStock();
startUndo();
startQuestions();
startPolls();
startBoard();
startComments();
startOrders();
startHeard();
startCaptions();
startClaims();
startPromises();
startPrompter();
startRehearsal();
startLights();
startPresence();
startOpening();
startKeys();

byId("open-help").addEventListener("click", () => {
  byId("menu").hidePopover();
  void openKeys();
});

// the server's word about something that failed by itself; an old one is not news
watch(["notice"], () => {
  const notice = stage.notice;
  if (notice && link.now() - notice.at < 10_000) toast(language() === "en" ? notice.en : notice.zh, "bad");
});

watch(
  ["show"],
  keepAwake(() => stage.show?.status === "live"),
);

link.status((state) => {
  const lost = state === "stale" || state === "refused";
  byId("lost").hidden = !lost;
  byId("deck").classList.toggle("lost", lost);
  if (state === "refused") location.assign("/login");
});

for (const topic of /** @type {import("./stage.js").Topic[]} */ (Object.keys(stage)))
  link.on(topic, (value) => put(topic, value));
