"""The checks before 开播: gathered from every room, a topic while the show is a draft, asked for when it goes live."""

import json
import logging
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from gevent import subprocess
from sqlalchemy import func, select

from studio import config, events
from studio.errors import Conflict, StudioError, Unavailable
from studio.shop import evidence
from studio.shop.models import StockMovement
from studio.shows import preflight, preflight_goods, preflight_routes
from studio.shows import show as shows
from studio.shows.preflight import Check, Sound, Speed
from studio.transcribe.claims import Claim, find_claims
from studio.transcribe.judging import Judgement
from studio.transcribe.store import check_model, model_folder
from studio.types import Ms, Seconds, Sku, now_ms
from studio.wiring import Core, spawning
from studio.wiring.speech import judge_claim
from studio.wiring.trust import cold_chain_verdict

_log = logging.getLogger(__name__)

SPEECH_DB, ANY_SOUND_DB = -50.0, -80.0
"""RMS of a voice near a microphone; peak of a device that is switched on in a still room."""
MEASURE_TIMEOUT_S = 120
COUNTS = ("received", "recount")
_read_claims = lru_cache(maxsize=2000)(find_claims)


def make(core: Core) -> "Preflight":
    """The checks, with their topic and routes; asked again when a show goes live."""
    checks = Preflight(core)
    bus, state = core.bus, core.state

    def refresh(*_event: object) -> None:
        state.refresh("preflight", checks.topic)

    for kind in (
        events.ObsChanged,
        events.OverlaysChanged,
        events.EarStatus,
        events.ShowChanged,
        events.CatalogueChanged,
        events.StockChanged,
    ):
        bus.listen(kind, spawning(refresh))  # after every other topic has followed the event
    bus.listen(events.ObsChanged, checks.obs_changed)
    bus.listen(events.EarStatus, checks.ear_status)
    bus.listen(events.AudioLevel, lambda event: refresh() if checks.audio_level(event) else None)
    refresh()

    def measure(show_id: int) -> list[Check]:
        checks.measure()
        refresh()
        return checks.report(show_id)

    core.app.register_blueprint(
        preflight_routes.blueprint(core.guard.require, checks.report, measure), url_prefix="/api/v1"
    )
    return checks


class Preflight:
    """What the checks need to remember between two looks: what was heard, how fast the PC is, whether OBS was there."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._speed: Speed | None = None
        self._measuring = False
        self._obs_expected = bool(core.settings.obs_password)
        self._listens_since: Ms | None = None
        self._heard_ms: Ms | None = None
        self._any_ms: Ms | None = None

    # --- listeners -------------------------------------------------------------------------------

    def obs_changed(self, event: events.ObsChanged) -> None:
        """Whoever had OBS connected once wants it in the show."""
        self._obs_expected |= event.state == "connected"

    def ear_status(self, event: events.EarStatus) -> None:
        """Silence counts from when the ear began to listen."""
        if event.state not in {"listening", "behind"}:
            self._listens_since = self._heard_ms = self._any_ms = None
        elif self._listens_since is None:
            self._listens_since = now_ms()

    def audio_level(self, event: events.AudioLevel) -> bool:
        """Note how loud it is; whether that changes what the check says."""
        now, before = now_ms(), self._heard_ms
        if event.peak_db > ANY_SOUND_DB:
            self._any_ms = now
        if event.rms_db > SPEECH_DB:
            self._heard_ms = now
        return self._heard_ms != before and (before is None or now - before > preflight.HEARD_WITHIN_MS)

    # --- looking ---------------------------------------------------------------------------------

    def topic(self) -> dict[str, Any] | None:
        """The report on the draft that is on stage."""
        show = self._core.state.get("show")
        if not show or show["status"] != "draft":
            return None
        report = preflight_routes.report_out(show["id"], self._examine(show))
        return {**report, "measuring": self._measuring, "speed": self._speed.factor if self._speed else None}

    def report(self, show_id: int) -> list[Check]:
        """Every check of a show, looked at now.

        Raises:
            NotFound: there is no such show.
        """
        with self._core.database.reading() as session:
            show = shows.describe(shows.find_show(session, show_id)).model_dump()
        return self._examine(show)

    def measure(self) -> None:
        """Measure how fast this PC writes speech down; takes some seconds of one core.

        Raises:
            Conflict: a show is on air, or it is being measured already.
            Unavailable: it could not be measured.
        """
        settings = self._core.settings
        if not settings.ear_enabled:
            return
        if self._core.view.live() is not None:
            raise Conflict("直播中不测速度", "the speed is not measured while a show is live")
        if self._measuring:
            raise Conflict("正在测，稍等", "it is being measured, wait a moment")
        self._measuring = True
        try:
            folder = model_folder(settings.ear_model, settings.models)
            command = [sys.executable, "-m", "studio.transcribe.speed", "--model-dir", str(folder)]
            command += ["--sample", str(config.asset_root() / "scenes" / "demo" / "dairy.opus")]
            done = subprocess.run(command, capture_output=True, timeout=MEASURE_TIMEOUT_S, check=True)
            self._speed = Speed(settings.ear_model, float(json.loads(done.stdout)["factor"]), now_ms())
        except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            _log.warning("speed not measured: %s", error)
            raise Unavailable("识别速度没有测成，请看日志", "the speed could not be measured, see the log") from error
        finally:
            self._measuring = False

    def _examine(self, show: Mapping[str, Any]) -> list[Check]:
        core, today = self._core, evidence.today()
        products: dict[str, Any] = {product["sku"]: product for product in core.state.get("catalogue") or []}
        skus = preflight_goods.planned(show["rundown"])
        ear = core.state.get("ear") if core.settings.ear_enabled else None
        sound = Sound(self._listens_since, self._heard_ms, self._any_ms)
        scenes = [item["scene"] for item in show["rundown"] if item["scene"]]
        prices, script = preflight_goods.check_script(preflight_goods.said_of(show), self._judged)
        counted = self._counted(skus)
        items: dict[str, Any] = (core.state.get("stock") or {"items": {}})["items"]

        def overlays() -> Check:
            return preflight.check_overlays(core.sockets.pages())

        def obs() -> Check:
            return preflight.check_obs(core.state.get("obs"), scenes, expected=self._obs_expected)

        def disk() -> Check:
            return preflight.check_disk(shutil.disk_usage(core.settings.data_dir).free)

        def model() -> Check:
            return preflight.check_model(ear, self._model_problem(), self._speed)

        return preflight.examine(
            (
                obs,
                overlays,
                lambda: preflight.check_sound(ear, sound, now_ms()),
                model,
                disk,
                lambda: preflight_goods.check_labels(skus, products, today),
                lambda: preflight_goods.check_cold_chain(skus, products, self._cold_chain),
                lambda: preflight_goods.check_stock(skus, products, items.get, counted.__contains__),
                lambda: prices,
                lambda: script,
            ),
            lambda error: _log.error("a check failed", exc_info=error),
        )

    def _model_problem(self) -> tuple[str, str] | None:
        settings = self._core.settings
        if not settings.ear_enabled:
            return None
        try:
            check_model(model_folder(settings.ear_model, settings.models))
        except StudioError as error:
            return error.zh, error.en
        return None

    def _judged(self, said: preflight_goods.Said) -> Sequence[preflight_goods.Standing]:
        """Claims of a text by the live guard's rules, as they stand now against ledger, sales and papers."""
        found = _read_claims(said.text)
        if not found:
            return ()
        with self._core.database.reading() as session:
            return [_standing(claim, judge_claim(session, _as_heard(claim, said))) for claim in found]

    def _cold_chain(self, sku: str) -> str | None:
        with self._core.database.reading() as session:
            return cold_chain_verdict(session, sku)

    def _counted(self, skus: Sequence[str]) -> set[str]:
        """Products that were counted or came in today."""
        midnight_ms = round(datetime.combine(evidence.today(), datetime.min.time()).timestamp() * 1000)
        with self._core.database.reading() as session:
            rows = session.execute(
                select(StockMovement.sku, func.max(StockMovement.at))
                .where(StockMovement.sku.in_(skus), StockMovement.kind.in_(COUNTS))
                .group_by(StockMovement.sku)
            )
            return {sku for sku, at in rows if at >= midnight_ms}


def _as_heard(claim: Claim, said: preflight_goods.Said) -> events.ClaimHeard:
    return events.ClaimHeard(
        seq=0,
        product=Sku(said.sku) if said.sku else None,
        kind=claim.kind,
        level=claim.level,
        term=claim.term,
        text=said.text,
        count=claim.count,
        start=Seconds(0.0),
        end=Seconds(0.0),
    )


def _standing(claim: Claim, judgement: Judgement) -> preflight_goods.Standing:
    return preflight_goods.Standing(claim.kind, judgement.level, claim.term)
