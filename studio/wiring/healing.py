"""Browser sources of OBS meet the overlay pages that run in them."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.obs.healer import Healer, Whose
from studio.obs.healing import Page, address_of
from studio.types import Role, now_ms
from studio.wiring import Core


def wire(core: Core) -> None:
    """The healer looks while OBS is connected; operators see the topic `overlay_sources`."""
    settings, state = core.settings, core.state

    def pages() -> Iterator[Page]:
        now = time.monotonic()
        for beat in core.sockets.beats():
            if beat.in_obs:
                yield Page(address_of(beat.address), beat.visible, now - beat.heard, now - beat.painted)

    def whose(url: str) -> Whose | None:
        try:
            parts = urlsplit(url)
            where = (parts.hostname, parts.port)
        except ValueError:
            return None
        if not parts.path.startswith("/overlay/"):
            return None
        if core.tokens.of(Role.OVERLAY) in parse_qs(parts.query).get("token", ()):
            return "ours"
        ours = {settings.local_host, "localhost", *settings.own_hosts}
        return "outdated" if where[0] in ours and where[1] == settings.port else None

    def tell(zh: str, en: str) -> None:
        state.put("notice", {"zh": zh, "en": en, "at": now_ms()})

    healer = Healer(
        core.link, pages=pages, whose=whose, put=lambda sources: state.put("overlay_sources", sources), tell=tell
    )
    core.parts.append(healer)
    api = APIBlueprint("overlay_sources", __name__, tag="OBS")

    @api.post("/obs/overlays/retry")
    @core.guard.require(Role.PRODUCER)
    def retry() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Give every blank browser source all its cures again; how it goes shows in `overlay_sources`."""
        healer.begin_again()
        return "", 204

    core.app.register_blueprint(api, url_prefix="/api/v1")
