"""The ear, what it hears, and the transcript that is kept of it."""

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from studio import events
from studio.errors import RulesError
from studio.shop import catalogue, evidence, prices
from studio.shop.models import Producer, Stock
from studio.shows import show as shows
from studio.transcribe import marks, version_routes
from studio.transcribe import routes as transcribe_routes
from studio.transcribe.commitments import Commitments
from studio.transcribe.ear import Ear
from studio.transcribe.judging import Judgement, judge
from studio.transcribe.recorder import Recorder
from studio.transcribe.retakes import Retakes
from studio.transcribe.rules_watch import RulesWatch
from studio.transcribe.summary import summarise
from studio.transcribe.timeline import Timeline
from studio.transcribe.transcript import read_transcript
from studio.types import Sku, now_ms
from studio.wiring import Core, spawning


def wire(core: Core) -> None:
    """What the ear says is recorded for the show on air; the ear follows the catalogue and the card."""
    bus, state = core.bus, core.state
    timeline = Timeline(core.database, core.view.live)
    names = _Names(core)
    bus.listen(events.CatalogueChanged, spawning(lambda _event: names.refresh()))
    recorder = Recorder(core.writer, core.database, timeline, put=state.put, names=lambda: names.known)

    def put(topic: str, value: Any) -> None:
        state.put(topic, value)
        if topic == "promises":
            state.put("pledges", _pledges(value))

    commitments = Commitments(core.writer, core.database, timeline, judge_claim, put)
    for keeper in (recorder, commitments):
        keeper.load(core.view.show_id)
        bus.listen(events.ShowWentLive, lambda event, keeper=keeper: keeper.load(event.show_id))
    bus.listen(events.AudioLevel, lambda event: state.put("level", asdict(event)))
    bus.listen(events.EarStatus, timeline.status)
    bus.listen(events.EarStatus, recorder.status)
    bus.listen(events.ClaimHeard, commitments.claim)
    bus.listen(events.PromiseHeard, commitments.promise)
    bus.listen(events.CaptionPartial, recorder.partial)
    bus.listen(events.SegmentHeard, recorder.segment)
    bus.listen(events.ProductMentioned, recorder.mention)
    bus.listen(events.PriceHeard, recorder.price)
    bus.listen(events.HighlightFound, recorder.highlight)
    bus.listen(events.SentenceMarked, recorder.marked)
    bus.listen(events.QuestionHeard, recorder.question)
    bus.listen(events.QuestionAnswered, recorder.answer)

    _wire_summary(core)
    ear = _make_ear(core) if core.settings.ear_enabled else None

    _wire_rules(core, commitments, ear)
    if ear:
        core.parts.append(ear)
        bus.listen(events.EarStatus, ear.status)
        bus.listen(events.AudioProgressed, ear.progress)
        bus.listen(events.CatalogueChanged, spawning(lambda _event: ear.catalogue_changed()))
        bus.listen(events.ItemTaken, spawning(lambda event: _follow(ear, event)))
    _wire_retakes(core)
    core.app.register_blueprint(
        transcribe_routes.blueprint(
            core.writer,
            core.database,
            core.guard.require,
            ear=ear,
            show_title=lambda session, show_id: shows.find_show(session, show_id).title,
            refresh=commitments.refresh,
            mark=lambda note: mark_last(core, note),
        ),
        url_prefix="/api/v1",
    )


def mark_last(core: Core, note: str | None) -> None:
    """What was said last in the show on air becomes a highlight."""
    live = core.view.live()
    core.writer.run(lambda unit: marks.mark_last(unit, live[0] if live else None, note))


def _wire_summary(core: Core) -> None:
    """The best of each product follows what is heard."""

    def read() -> list[dict[str, Any]]:
        if core.view.show_id is None:
            return []
        with core.database.reading() as session:
            return summarise(read_transcript(session, core.view.show_id))

    def follow(_event: object) -> None:
        core.state.refresh("summary", read)

    for kind in (
        events.HighlightFound,
        events.SentenceMarked,
        events.PriceHeard,
        events.ClaimHeard,
        events.ShowChanged,
    ):
        core.bus.listen(kind, follow)
    follow(None)


def _wire_rules(core: Core, commitments: Commitments, ear: Ear | None) -> None:
    """The host's rule files count as they are changed."""

    def changed() -> None:
        commitments.refresh()
        core.state.put("notice", {"zh": "规则已更新", "en": "The rules have been updated", "at": now_ms()})
        if ear:
            ear.restart()

    def wrong(error: RulesError) -> None:
        core.state.put("notice", {"zh": error.zh, "en": error.en, "at": now_ms()})

    core.parts.append(RulesWatch(core.settings.rules_dir, changed=changed, wrong=wrong))


def _wire_retakes(core: Core) -> None:
    """Recordings can be heard again after the show; one that goes on air ends that."""
    retakes = Retakes(
        core.writer,
        core.database,
        models_dir=core.settings.models,
        rules_dir=core.settings.rules_dir,
        folder=core.settings.data_dir,
        products=lambda: _products(core),
        on_air=core.view.live,
        put=lambda value: core.state.put("retake", value),
    )
    core.parts.append(retakes)

    def give_way(_event: events.ShowWentLive) -> None:
        retakes.cancel("开播了，重听已停下，播完可以再来", "stopped: a show went on air; start it again afterwards")

    core.bus.listen(events.ShowWentLive, give_way)
    core.bus.listen(events.RecordingStopped, retakes.recorded)
    api = version_routes.blueprint(
        core.writer, core.database, core.guard.require, retakes, role=core.guard.role, check_show=shows.find_show
    )
    core.app.register_blueprint(api, url_prefix="/api/v1")


class _Names:
    """What the products are called, read again when the catalogue changes: captions come ten times a second."""

    def __init__(self, core: Core) -> None:
        self._database = core.database
        self.known: tuple[str, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        with self._database.reading() as session:
            products = [product for product, _ in catalogue.list_products(session)]
        self.known = tuple({name for product in products for name in (product.name, *product.aliases)})


def _follow(ear: Ear, event: events.ItemTaken) -> None:
    """The ear learns what a hand took; what the voice cued it knows, and may have heard more since."""
    if event.by != "voice":
        ear.follow_product(event.sku)


def _pledges(promises: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What buyers may see: promises that an operator confirmed and no buyer let go, the newest last."""
    shown = ("id", "product", "kind", "within_hours", "text", "said_ms", "due_ms", "outcome", "kept_ms")
    bound = [each for each in promises if each["state"] == "confirmed" and each["outcome"] != "void"]
    return [{key: each[key] for key in shown} for each in bound][-8:]


def judge_claim(session: Session, claim: events.ClaimHeard) -> Judgement:
    """How a claim stands against ledger, sales and papers, now."""
    return judge(
        session, claim, available=_available, lowest_price_fen=prices.lowest_recent_fen, papers=evidence.proofs
    )


def _available(session: Session, sku: Sku) -> int | None:
    row = session.get(Stock, sku)
    return None if row is None else row.on_hand - row.held


def _maker(maker: Producer | None) -> dict[str, Any]:
    """What of a producer the host may name."""
    return {"producer": {"name": maker.name, "place": maker.place}} if maker else {}


def _products(core: Core) -> list[dict[str, Any]]:
    """The catalogue as the ear reads it."""
    with core.database.reading() as session:
        makers = catalogue.makers(session)
        return [
            {
                "sku": product.sku,
                "name": product.name,
                "aliases": product.aliases,
                "unit": product.unit,
                "price_fen": product.price_fen,
                "facts": product.facts,
                **({"origin": lot.origin} if lot and lot.origin else {}),
                **_maker(makers.get(product.producer or "")),
            }
            for product, lot in catalogue.list_products(session)
        ]


def _make_ear(core: Core) -> Ear:
    settings = core.settings
    return Ear(
        source=settings.ear_source,
        model_dir=settings.models / settings.ear_model,
        catalogue_path=settings.data_dir / "ear-catalogue.json",
        rules_dir=settings.rules_dir,
        products=lambda: _products(core),
        publish=core.bus.publish,
        put=core.state.put,
    )
