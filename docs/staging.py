"""What the pictures of the overlays need on stage: real commands of the API, given as the host of a running demo."""

# ruff: noqa: INP001 - a module beside the script that uses it
import time
from typing import Any

from playwright.sync_api import APIRequestContext

COMMUNITY = {"name": "梧桐苑", "latitude": 31.2244, "longitude": 121.4692}
INTERVAL_S = 600
WAIT_S = 240
MINUTE_MS = 60_000


class Stage:
    """Commands over the session of a signed-in page."""

    def __init__(self, request: APIRequestContext, base: str) -> None:
        self._request = request
        self._api = f"{base}/api/v1"
        self._poll = 0

    def prepare(self, overlay: str) -> None:
        """Put on what the overlay shows; a demo that has not come so far yet is waited for."""
        show = self._show()
        if overlay == "composite":
            self.call("PUT", "/board/panel", {"panel": None})
        if overlay in {"composite", "goal"}:
            self.call("PUT", "/board/goal", {"title": "今晚十户", "measure": "households", "target": 10})
        # one that runs is left alone: a moved one says so on screen
        if overlay in {"composite", "countdown"} and self.call("GET", "/board")["countdown"] is None:
            self.call("PUT", "/board/countdown", {"title": "今晚截单", "ends_ms": _now() + 40 * MINUTE_MS})
        if overlay == "ticker":
            self.call("PUT", "/board/ticker", {"texts": ["拍下后写楼号，明天下午五点送到自提点"], "pickup": True})
        if overlay == "miles":
            self.call("PUT", "/community", COMMUNITY)
        if overlay == "temperature":
            self._measure(show)
        if overlay == "question":
            asked = self.call("POST", "/questions", {"text": "孩子两岁能喝吗？", "asker": "李姐"})
            self.call("POST", f"/questions/{asked['id']}/show")
        if overlay == "poll":
            options = [{"text": text} for text in ("老酸奶", "奶酪棒", "鲜牛奶")]
            poll = self.call("POST", "/polls", {"kind": "free", "title": "下一个先讲哪个？", "options": options})
            self._poll = poll["id"]
            self.call("POST", f"/polls/{self._poll}/open")

    def clear(self, overlay: str) -> None:
        """Take off again what would hide others."""
        if overlay == "question":
            self.call("POST", "/questions/clear")
        if overlay == "poll":
            self.call("POST", f"/polls/{self._poll}/discard")

    def _show(self) -> dict[str, Any]:
        """The show on air; between two shows of the demo the next one is waited for."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            for show in self.call("GET", "/shows")["shows"]:
                if show["status"] == "live" and show["current_item"]:
                    return show
            time.sleep(1)
        raise SystemExit("no show is on air")

    def _measure(self, show: dict[str, Any]) -> None:
        """Ten hours of a sensor that belongs to the lot on air."""
        sku = next(item["sku"] for item in show["rundown"] if item["id"] == show["current_item"])
        product = next(each for each in self.call("GET", "/products")["products"] if each["sku"] == sku)
        start = _now() // (INTERVAL_S * 1000) * INTERVAL_S * 1000 - 60 * INTERVAL_S * 1000
        readings = [
            {"at": start + index * INTERVAL_S * 1000, "celsius": round(3.4 + 0.9 * ((index % 12) / 12), 2)}
            for index in range(60)
        ]
        path = f"/lots/{sku}/{product['lot']['batch']}/temperatures"
        self.call("POST", path, {"readings": readings, "interval_s": INTERVAL_S})

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer's JSON."""
        answer = self._request.fetch(f"{self._api}{path}", method=method, data=body)
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.text()}")
        return answer.json() if answer.body() else None


def _now() -> int:
    return round(time.time() * 1000)
