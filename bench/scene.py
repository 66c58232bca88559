"""What the stage is measured on: our server and NodeCG, running side by side, and one Chromium."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import requests
from playwright.sync_api import Page, sync_playwright

from bench.nodecg import NodeCG, NotInstallable, install
from tests.live import DAIRY, FreshStudio

SKU = DAIRY[0]["sku"]

OUR_PAGE = """async ([build, token, sku]) => {
  document.body.innerHTML = '<p id="value"></p><p id="stock"></p>';
  const [value, stock] = ["value", "stock"].map((id) => document.getElementById(id));
  const { connect } = await import(`/assets/${build}/js/socket.js`);
  const link = connect({ page: "bench", token });
  link.on("obs", (obs) => { value.textContent = obs?.version ?? ""; });
  link.on("stock", (all) => { stock.textContent = all?.items[sku]?.on_hand ?? ""; });
}"""


class Ours(FreshStudio):
    """Our server with `bench.pulse`'s route."""

    kind = "ours"

    def script(self, settings: dict[str, Any]) -> str:
        return f"from bench.pulse import serve; serve({settings!r})"


class Scene:
    """Both servers, running, and a browser."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.ours = Ours(folder / "ours")
        self.peer: NodeCG | None = None
        self.why = ""
        try:
            installed = install()
            (folder / "nodecg").mkdir()
            self.peer = NodeCG(installed, folder / "nodecg")
        except NotInstallable as error:
            self.why = f"NodeCG: {error}"
        self._browser: Any = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.callback(self.ours.stop)
        self.ours.start()
        self.ours.prepare_show()
        if self.peer:
            self._open.callback(self.peer.stop)
            self.peer.start()
        playwright = self._open.enter_context(sync_playwright())
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        self._browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        self._open.callback(self._browser.close)
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    @property
    def sides(self) -> "list[Ours | NodeCG]":
        return [self.ours, self.peer] if self.peer else [self.ours]

    def open(self, side: "FreshStudio | NodeCG") -> Page:
        """A page that shows the changing value as text."""
        page = self._browser.new_page(bypass_csp=True)  # playwright waits by eval
        if isinstance(side, NodeCG):
            page.goto(side.page_url)
        else:
            build = requests.get(f"{side.url}/login", timeout=10).text.split("/assets/")[1].split("/")[0]
            page.goto(f"{side.url}/healthz")  # a page of ours without scripts of its own
            page.evaluate(OUR_PAGE, [build, side.token(), SKU])
        shown = "#value" if isinstance(side, NodeCG) else "#stock"
        page.wait_for_function(f"document.querySelector('{shown}').textContent !== ''")
        return page
