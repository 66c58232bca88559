"""Plays the demo show from outside: a client of the HTTP API and nothing else.

Run by the server as `python -m studio.demo.driver --url URL` with the token in STUDIO_TOKEN; ends when stdin closes.
It creates the show, goes live, lets neighbours order, and puts on air what the host is heard to talk about. When the
recording has ended it ends the show, leaves a minute to look at the review, and starts over. A show that the newcomer
runs by hand is left alone.
"""

import argparse
import heapq
import json
import logging
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import requests

from studio.catalogue_file import CatalogueProduct, load_catalogue
from studio.catalogue_parts import Certificate
from studio.config import asset_root
from studio.demo.buyers import Neighbourhood, Wish
from studio.demo.folder import AUDIO, CATALOGUE, TEMPLATE
from studio.shows.template import read_template

_log = logging.getLogger(__name__)

TICK_S = 0.5
TIMEOUT_S = 5.0
FIRST_ORDER_S = 5.0
QUIET_S = 15.0
"""The recording never pauses that long: nothing new for so long means that it has ended."""
UNHEARD_ITEM_S = 35.0
INTERMISSION_S = 60.0
RESTOCK_TO = 0.5


class Refused(Exception):
    """The API said no: sold out, already paid, show ended. The play goes on."""


class Api:
    """The few calls the demo makes."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy has no business on the way to this PC
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._call("POST", path, body, headers)

    def put(self, path: str, body: Any) -> Any:
        return self._call("PUT", path, body)

    def _call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Raises: Refused for 4xx; requests.RequestException when the server does not answer or fails."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        answer = self._session.request(method, f"{self._url}/api/v1{path}", json=body, headers=named, timeout=TIMEOUT_S)
        if 400 <= answer.status_code < 500:  # noqa: PLR2004 - client errors
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Play:
    """One performance of a show.

    Args:
        api: of the studio it is played in.
        show: as it went live.
        neighbours: who orders; None for nobody.
        follows: ends with the recording; else whoever speaks ends it.
    """

    def __init__(
        self, api: Api, show: dict[str, Any], neighbours: Neighbourhood | None, *, follows: bool = True
    ) -> None:
        self._api = api
        self._show_id: int = show["id"]
        self._items: list[dict[str, Any]] = show["rundown"]
        self._neighbours = neighbours
        self._follows = follows
        self._began = self._last_heard = self._last_take = time.monotonic()
        self._heard = 0
        self._product: str | None = None
        self._next_order = self._began + FIRST_ORDER_S
        self._unsettled: list[tuple[float, int, bool]] = []

    def tick(self) -> bool:
        """Do what is due; False when the show is over."""
        show = self._api.get(f"/shows/{self._show_id}")
        if show["status"] != "live":
            return False
        now = time.monotonic()
        if self._follows:
            self._listen(show, now)
        self._settle(now)
        if self._follows and self._is_over(now):
            self._settle(float("inf"))
            self._api.post(f"/shows/{self._show_id}/end")
            return False
        wanted = self._wanted(show)
        if self._neighbours and wanted and now >= self._next_order:
            self._next_order = now + self._neighbours.gap_s()
            self._order(self._neighbours, wanted, now)
        return True

    def _is_over(self, now: float) -> bool:
        if self._heard:
            return now - self._last_heard > QUIET_S
        return now - self._began > UNHEARD_ITEM_S * len(self._items)

    def _listen(self, show: dict[str, Any], now: float) -> None:
        """Follow the talk; without ears, go through the rundown by the clock."""
        segments = self._api.get(f"/shows/{self._show_id}/transcript")["segments"]
        if len(segments) != self._heard:
            self._heard, self._last_heard = len(segments), now
            product = segments[-1]["product"] if segments else None
            if product != self._product:
                # the studio follows the voice from product to product; a talk that leaves them all behind has come to
                # the closing item, which shows none
                if product is None:
                    self._take(show, next((item["id"] for item in self._items if item["sku"] is None), None), now)
                self._product = product
        elif not self._heard and now - self._last_take > UNHEARD_ITEM_S:
            self._take(show, show["next_item"], now)

    def _take(self, show: dict[str, Any], item_id: int | None, now: float) -> None:
        self._last_take = now
        if item_id is None or item_id == show["current_item"]:
            return
        try:
            self._api.post(f"/shows/{self._show_id}/take", {"item_id": item_id})
        except Refused as error:
            _log.info("%s", error)

    def _wanted(self, show: dict[str, Any]) -> str | None:
        on_air = next((item["sku"] for item in self._items if item["id"] == show["current_item"]), None)
        return on_air or self._product or next((item["sku"] for item in self._items if item["sku"]), None)

    def _order(self, neighbours: Neighbourhood, wanted: str, now: float) -> None:
        counts = self._api.get("/stock")["items"]
        wish = neighbours.next_wish(wanted, {sku: count["available"] for sku, count in counts.items()})
        if wish is None:
            return
        try:
            order_id = _place(self._api, wish)
        except Refused as error:  # somebody was faster
            _log.info("%s", error)
            return
        if not wish.paid:
            heapq.heappush(self._unsettled, (now + wish.settles_after_s, order_id, wish.cancels))

    def _settle(self, now: float) -> None:
        while self._unsettled and self._unsettled[0][0] <= now:
            _, order_id, cancels = heapq.heappop(self._unsettled)
            try:
                self._api.post(f"/orders/{order_id}/{'cancel' if cancels else 'pay'}")
            except Refused as error:  # the newcomer settled it by hand
                _log.info("%s", error)


def _place(api: Api, wish: Wish) -> int:
    body = {
        "buyer": wish.buyer,
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in wish.lines],
        "paid": wish.paid,
    }
    return int(api.post("/orders", body, Idempotency_Key=uuid.uuid4().hex)["id"])


def open_show(api: Api, *, first: bool) -> dict[str, Any] | None:
    """The show to play: the one on air after a restart, else a new one; None while the newcomer's own is on air.

    `first` means that the ear is only just starting and will hear the recording from its beginning.
    """
    template = read_template(asset_root() / TEMPLATE)
    live = next((show for show in api.get("/shows")["shows"] if show["status"] == "live"), None)
    if live is not None:
        return live if live["title"] == template.title else None
    products = fresh_catalogue(load_catalogue(asset_root() / CATALOGUE), date.today())  # noqa: DTZ011 - the host's day
    api.post("/catalogue", [json.loads(product.model_dump_json()) for product in products])
    for product in products:
        free = api.get("/stock")["items"][product.sku]["available"]
        if free < product.stock * RESTOCK_TO:
            movement = {"kind": "received", "quantity": product.stock - free, "reason": "演示补货"}
            api.post(f"/stock/{product.sku}/movements", movement)
    show = api.post("/shows", template.model_dump(exclude_none=True))
    api.put(f"/shows/{show['id']}/cue-mode", {"mode": "auto"})
    show = api.post(f"/shows/{show['id']}/live", {"override": "演示 demo"})
    if not first:
        try:
            api.put("/ear/source", {"source": str(asset_root() / AUDIO)})
        except (Refused, requests.HTTPError) as error:  # speech is switched off
            _log.info("%s", error)
    return show


def fresh_catalogue(products: Sequence[CatalogueProduct], today: date) -> list[CatalogueProduct]:
    """The same products from today's lots: the newest is of today, batch numbers and papers follow their dates."""
    newest = max(product.produced_on for product in products if product.produced_on)
    out: list[CatalogueProduct] = []
    for product in products:
        if product.produced_on is None:
            out.append(product)
            continue
        later = today - newest
        made = product.produced_on + later
        batch = (product.batch or "").replace(f"{product.produced_on:%Y%m%d}", f"{made:%Y%m%d}") or None
        papers = product.certificates and tuple(_moved(paper, later) for paper in product.certificates)
        log = product.quality_log and tuple(
            entry.model_copy(update={"on": entry.on + later}) for entry in product.quality_log
        )
        update = {"produced_on": made, "batch": batch, "certificates": papers, "quality_log": log}
        out.append(product.model_copy(update=update))
    return out


def _moved(paper: Certificate, later: timedelta) -> Certificate:
    """A certificate whose days are so much later."""
    dates = {"valid_from": paper.valid_from, "valid_until": paper.valid_until}
    return paper.model_copy(update={name: day and day + later for name, day in dates.items()})


def play(api: Api, stop: threading.Event, seed: int) -> None:
    """Play show after show until told to stop; a server that is away is waited for."""
    neighbours = Neighbourhood(seed)
    current: Play | None = None
    first, pause_until = True, 0.0
    while not stop.wait(TICK_S):
        try:
            if current is None and time.monotonic() >= pause_until:
                show = open_show(api, first=first)
                first = False
                current = Play(api, show, neighbours) if show else None
            elif current is not None and not current.tick():
                current, pause_until = None, time.monotonic() + INTERMISSION_S
                _log.info("the demo show is over, the next one starts in %.0f s", INTERMISSION_S)
        except requests.RequestException as error:
            _log.info("waiting for the server: %s", error)
        except Refused as error:
            _log.warning("the demo was refused: %s", error)
            current, pause_until = None, time.monotonic() + INTERMISSION_S


def main(argv: list[str] | None = None) -> int:
    """Command line of the child process."""
    parser = argparse.ArgumentParser(prog="python -m studio.demo.driver", description=__doc__)
    parser.add_argument("--url", required=True, help="where the studio is, as http://127.0.0.1:8734")
    parser.add_argument("--seed", type=int, default=115, help="who comes when")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="demo: %(message)s")
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server too, which then closes stdin

    def watch() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    play(Api(options.url, os.environ.get("STUDIO_TOKEN", "")), stop, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
