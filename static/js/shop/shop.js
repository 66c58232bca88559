// @ts-check
/** The page of a show: /s, /s/{id}. */
import { showPoll, showVote, startAsking } from "./asking.js";
import { drawLines, fillDraft, startCheckout, wait } from "./checkout.js";
import { keepLive } from "./live.js";
import { byId, redraw, settlePhotos } from "./page.js";
import { drawProducts, setAvailable, setOnAir, startProducts } from "./products.js";

const REGIONS = ["head", "list", "poll", "answers", "points"];

const showId = byId("list").dataset.show ?? "";
const named = /\/s\/\d+$/.test(location.pathname);

const { look } = keepLive(`/api/v1/public/shop${named ? `?show=${showId}` : ""}`, {
  shop(shop) {
    if (shop.layout !== byId("list").dataset.layout) {
      drawAnew();
      return;
    }
    for (const product of shop.products) setAvailable(product.sku, product.available);
    setOnAir(shop.show?.status === "live" ? shop.show.current_sku : null);
    showPoll(shop.poll);
  },
  stock(stock) {
    for (const [sku, { available }] of Object.entries(stock.items)) setAvailable(sku, available);
  },
  onAir(sku) {
    if (byId("list").dataset.status === "live") setOnAir(sku); // only one show is live at a time: this one
  },
  poll(poll) {
    if (!named && !showPoll(poll)) look();
  },
  stale(stale) {
    byId("stale").hidden = !stale;
    document.documentElement.toggleAttribute("data-stale", stale);
  },
});

async function drawAnew() {
  await redraw(REGIONS).catch(() => undefined); // the next look tries again
  fillDraft();
  drawProducts();
  drawLines();
  showVote();
}

startProducts(wait);
startCheckout(drawAnew);
startAsking();
settlePhotos();
