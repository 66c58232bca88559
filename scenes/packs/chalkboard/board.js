// The sample pack: what is on air, as chalk on a board. docs/packs.md tells what arrives here.
const $ = (id) => document.getElementById(id);
const state = { product: null, stock: null };

function draw() {
  const board = $("board");
  const { product, stock } = state;
  const arriving = board.hidden;
  board.hidden = !product;
  if (!product) return;
  $("name").textContent = product.name;
  $("price").textContent = (product.price_fen / 100).toFixed(2);
  const count = stock?.items[product.sku];
  // what is unknown is not shown as a number
  $("left").textContent = count ? (count.available > 0 ? `还有 ${count.available} 份` : "已售罄") : "";
  if (arriving) board.classList.add("entering");
}

addEventListener("message", (event) => {
  if (event.source !== parent) return;
  const message = event.data;
  if (message.type === "hello") {
    const [top, right, bottom, left] = message.safe;
    for (const [side, inset] of Object.entries({ top, right, bottom, left }))
      document.documentElement.style.setProperty(`--${side}`, `${inset}px`);
  }
  // what was counted before the studio went away may be old
  if (message.type === "link") $("left").classList.toggle("old", message.state !== "live");
  if (message.type === "topic") {
    state[message.topic] = message.value;
    draw();
  }
});
parent.postMessage({ type: "ready" }, "*");
