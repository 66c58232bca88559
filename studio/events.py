"""Every event, on one page: past-tense facts, immutable, published after the commit that made them true.

Workers (ear, eye) write the same events as JSON lines (studio/event_lines.py), docs/events.md is generated from here.
"""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from studio.types import Fen, ItemId, Ms, OrderId, Seconds, ShowId, Sku


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events; never published itself."""

    # an unknown field is garbage, not a newer version: both ends are one build
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


# --- shows -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowChanged(Event):
    """A show, its rundown or its status changed; read it again."""

    show_id: ShowId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowWentLive(Event):
    """The host pressed 开播."""

    show_id: ShowId
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEnded(Event):
    """The host ended the show."""

    show_id: ShowId
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTaken(Event):
    """A rundown item went on air; OBS follows to `scene` where one is named.

    by: an operator's hand, the host's voice, or the show's start.
    """

    show_id: ShowId
    item_id: ItemId
    sku: Sku | None
    scene: str | None
    by: Literal["hand", "voice", "start"] = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPutOnStandby(Event):
    """A hand chose the rundown item that comes next; OBS previews its scene in studio mode.

    item_id: None when the rundown's own order counts again. added: the item was put into the rundown for this.
    """

    show_id: ShowId
    item_id: ItemId | None
    sku: Sku | None
    scene: str | None
    added: bool = False


# --- shop --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """Products or lots were added or edited."""

    skus: tuple[Sku, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged(Event):
    """The ledger of one SKU moved; counts are units after the movement."""

    sku: Sku
    on_hand: int
    held: int
    sold: int
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFreed(Event):
    """Units came back or arrived; whoever waits in line for them is served in the same transaction."""

    skus: tuple[Sku, ...]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    """An order holds its stock and waits for payment."""

    order_id: OrderId
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(Event):
    """An order was paid; its stock is sold.

    who is masked for the screen; product and quantity are the first line's, more counts the other lines. buyer_id is
    None of somebody who is only a name.
    """

    order_id: OrderId
    show_id: ShowId | None
    who: str
    product: str
    quantity: int
    more: int
    total_fen: Fen
    at: Ms
    buyer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    """An order ended before, or was refunded whole after, its payment; its stock is back.

    expired: its hold ran out, nobody cancelled it.
    """

    order_id: OrderId
    refunded: bool
    at: Ms
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(Event):
    """Money of a paid order was given back, all of it or a part; whole ones are an OrderCancelled, too."""

    order_id: OrderId
    amount_fen: Fen
    whole: bool
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerQuieted(Event):
    """A buyer wants no shout-outs from now on; what waits of theirs is taken back in the same transaction."""

    buyer_id: int
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralChanged(Event):
    """A referral's reward came into being, its window began, or it was released or voided."""

    referral_id: int
    state: Literal["pending", "released", "void"]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataErased(Event):
    """A buyer was erased, or orders became too old to name anybody; every room forgets them in the same transaction.

    visitor: the browser's id, None when there was none. photos: files that nobody names any more.
    """

    visitor: str | None
    order_ids: tuple[OrderId, ...]
    photos: tuple[str, ...]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAdvanced(Event):
    """An order took a step that is neither payment nor end: it waits, is weighed, packed, fetched, closed."""

    order_id: OrderId
    step: Literal["waitlisted", "settled", "packed", "picked_up", "closed", "reopened"]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReported(Event):
    """A buyer reported a problem with an order, or it was answered; read it again."""

    complaint_id: int
    order_id: OrderId
    state: Literal["open", "answered", "resolved"]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceived(Event):
    """A verified delivery is in the inbox and waits to be processed."""

    inbox_id: int
    source: str
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksChanged(Event):
    """A source, a target or the list of parked deliveries changed; read it again."""

    at: Ms


# --- audience ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanged(Event):
    """A buyer's question was asked, asked again, or changed its state."""

    question_id: int
    state: Literal["open", "on_screen", "answered", "hidden"]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class PollChanged(Event):
    """A poll was made, opened, voted in, or closed; read it again."""

    poll_id: int
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentReceived(Event):
    """A chat message of a platform came in."""

    comment_id: int
    at: Ms


# --- overlays ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutQueued(Event):
    """A paid order will be announced."""

    shoutout_id: int
    order_id: OrderId
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutChanged(Event):
    """A shout-out came on screen, left it, was skipped, withdrawn, or put back into the queue."""

    shoutout_id: int
    state: Literal["queued", "shown", "ended", "skipped", "retracted"]
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutProven(Event):
    """An overlay page painted a shout-out, told once a page instance; `client` is that instance."""

    shoutout_id: int
    client: str
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShoutoutsPaused(Event):
    """The queue was held, or let go on."""

    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAcked(Event):
    """An overlay page says that it painted something; `client` is one instance of a page."""

    kind: Literal["shoutout"]
    id: int
    client: str
    page: str
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChanged(Event):
    """What the operators put on screen themselves changed: goal, countdown, ticker, panel, an honest word, captions."""

    part: Literal["goal", "countdown", "ticker", "panel", "honesty", "captions"]
    show_id: ShowId
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureRecorded(Event):
    """New readings of a lot's cold chain."""

    sku: str
    lot_id: int
    readings: int
    at: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorsChanged(Event):
    """A page of an operator or a prompter came, went, or did something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesChanged(Event):
    """A device was paired, renamed, or seen again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRevoked(Event):
    """A paired device may not sign in any more."""

    device_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanChanged(Event):
    """The studio opened to the local network, left it, or is at another address there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlaysChanged(Event):
    """An overlay page connected or went away; `pages` counts live pages by name."""

    pages: dict[str, int]


# --- speech (written by the ear process) ---------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EarStatus(Event):
    """How the ear is; sent on every change and at least every 5 s.

    level_db: RMS of the last 100 ms in dBFS, None before the first sample. lag_s: seconds of audio
    captured and not yet decoded. waiting_s: seconds put aside because the ear was too far behind, to be written
    down when there is time; gaps: from where to where that is, in media seconds. session_ms: UTC time of media
    second 0; a new value is a new session, whose segments count from 0 again. message_zh/message_en: what the host
    should do, empty when fine.
    """

    state: Literal["starting", "loading", "listening", "behind", "stopped", "failed"]
    source: str
    model: str
    lag_s: float = 0.0
    level_db: float | None = None
    dropped_partials: int = 0
    waiting_s: float = 0.0
    gaps: tuple[tuple[Seconds, Seconds], ...] = ()
    session_ms: Ms | None = None
    message_zh: str = ""
    message_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioLevel(Event):
    """Microphone level for the meter, at most 10 Hz; dBFS, 0 is full scale."""

    rms_db: float
    peak_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioProgressed(Event):
    """How much of a finite source (file) was heard, at most 1 Hz and once at its end."""

    position: Seconds
    duration: Seconds | None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionPartial(Event):
    """Text of the sentence still being spoken; replaces the previous partial, never stored.

    settled: so many characters of it will hardly change any more.
    """

    text: str
    start: Seconds
    settled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHeard(Event):
    """One final utterance.

    seq counts from 0 in one ear session. start/end come from VAD boundaries, seconds of media.
    text is Simplified and name-corrected, raw_text is what the model wrote. product is the current
    product after this utterance. emitted_at is media-clock time of publication at real-time pace.
    muted: somebody's number or address was said; it is masked in both texts and no caption shows the sentence.
    """

    seq: int
    start: Seconds
    end: Seconds
    text: str
    raw_text: str
    product: Sku | None = None
    confidence: float | None = None
    emitted_at: Seconds | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMentioned(Event):
    """A catalogue product was named in segment `seq`; similarity 0..1."""

    seq: int
    sku: Sku
    start: Seconds
    end: Seconds
    text: str
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductIntroduced(Event):
    """With segment `seq` the host turned to a product; one that is only compared or remembered is not turned to."""

    seq: int
    sku: Sku
    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceHeard(Event):
    """A price was said for a product; expected_fen is the catalogue's."""

    seq: int
    sku: Sku
    price_fen: Fen
    expected_fen: Fen
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class HighlightFound(Event):
    """A sentence worth keeping for the product page and clips."""

    seq: int
    product: Sku | None
    kind: Literal["intro", "fact", "price", "demo", "honest", "trace"]
    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceMarked(Event):
    """An operator marked a sentence of the show on air, or wrote on its mark; seq and times are the show's own."""

    show_id: ShowId
    seq: int
    product: Sku | None
    start: Seconds
    end: Seconds
    text: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHeard(Event):
    """The host read out or repeated a buyer's question; answers follow as QuestionAnswered."""

    question_seq: int
    product: Sku | None
    asker: str
    question: str
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """The answer to the question of segment question_seq; sent again, whole, when it grows."""

    question_seq: int
    product: Sku | None
    question: str
    answer: str
    question_start: Seconds
    question_end: Seconds
    answer_start: Seconds
    answer_end: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimHeard(Event):
    """The host claimed something that needs care; sent again with retracted=True once he took it back.

    kind: a category of transcribe/rules/claims.toml. count: the number said of a scarcity (只剩12份), judged later
    against the stock ledger.
    """

    seq: int
    product: Sku | None
    kind: str
    level: Literal["red", "amber"]
    term: str
    text: str
    start: Seconds
    end: Seconds
    count: int | None = None
    retracted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseHeard(Event):
    """The host bound himself; within_hours None: no time limit was said."""

    seq: int
    product: Sku | None
    kind: Literal["refund", "replace", "delivery", "reply", "gift"]
    within_hours: float | None
    text: str
    start: Seconds
    end: Seconds


# --- OBS ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ObsChanged(Event):
    """Everything the studio shows about OBS, whole.

    state: "off" = not reachable, keeps trying; "refused" = wrong password or protocol, told to the
    host, keeps trying slowly. recording_ms: UTC start of the running recording, pauses left out.
    ended: output ("recording", "streaming") → when it ended without anybody's doing, until it is started again.
    inputs: audio input name → muted.
    """

    state: Literal["disabled", "connecting", "connected", "off", "refused"]
    message_zh: str = ""
    message_en: str = ""
    version: str = ""
    program: str | None = None
    preview: str | None = None
    studio_mode: bool = False
    scenes: tuple[str, ...] = ()
    inputs: dict[str, bool] = dataclasses.field(default_factory=dict[str, bool])
    recording: bool = False
    recording_ms: Ms | None = None
    recording_paused: bool = False
    streaming: bool = False
    ended: dict[str, Ms] = dataclasses.field(default_factory=dict[str, Ms])


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSwitchLost(Event):
    """OBS accepted a switch to a scene twice, did not do it, and nobody else switched meanwhile."""

    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(Event):
    """OBS closed a recording file on this PC."""

    path: str
    at: Ms


ALL: tuple[type[Event], ...] = tuple(
    cls for cls in list(vars().values()) if isinstance(cls, type) and issubclass(cls, Event) and cls is not Event
)
