"""From sentences to events: products, prices, highlights, questions and answers."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from studio.catalogue_file import CatalogueProduct
from studio.events import (
    ClaimHeard,
    Event,
    HighlightFound,
    PriceHeard,
    ProductIntroduced,
    ProductMentioned,
    PromiseHeard,
    QuestionAnswered,
    QuestionHeard,
    SegmentHeard,
)
from studio.transcribe.claims import RETRACT_WITHIN_S, find_claims, takes_back
from studio.transcribe.highlights import Kind, find_highlight
from studio.transcribe.lot_words import correct_facts, correct_units, known_words, lot_words, units_of
from studio.transcribe.mentions import Mention, correct, find_mentions, names_of
from studio.transcribe.misheard import amounts_of, correct_amounts, correct_neighbours
from studio.transcribe.prices import ProductPrice, hear_prices, priced_product
from studio.transcribe.privacy import mask_said
from studio.transcribe.promises import find_promise
from studio.transcribe.qa import Conversation, Pair
from studio.transcribe.questions import find_question
from studio.transcribe.rules import load_rules
from studio.transcribe.sentences import Sentence
from studio.transcribe.topic import TopicTracker
from studio.types import Seconds, Sku

MAX_PROMPT_NAMES = 12
MAX_PROMPT_FACTS = 6


@dataclass(frozen=True, slots=True)
class _Heard:
    seq: int
    text: str
    product: Sku | None
    start: Seconds
    end: Seconds


class Understanding:
    """What the host has said so far, and what it means for tonight's products."""

    def __init__(self, products: Iterable[CatalogueProduct]) -> None:
        self._topics = TopicTracker()
        self._conversation = Conversation()
        self._claims: list[ClaimHeard] = []
        """Of the last sentences, not yet taken back."""
        self._numbers = count()
        self.set_products(products)

    def fork(self) -> "Understanding":
        """Another that knows the same and goes its own way from here; sentences are counted together."""
        twin = copy.deepcopy(self)
        twin._numbers = self._numbers  # noqa: SLF001 - of our own
        return twin

    def set_products(self, products: Iterable[CatalogueProduct]) -> None:
        """Tonight's products from now on."""
        self._products = {product.sku: product for product in products}
        self._names = names_of(self._products.values())
        self._lot_words = known_words(self._products.values())
        self._units = units_of(self._products.values())
        self._amounts = amounts_of(self._products.values())
        self._prices = {product.sku: product.price_fen for product in self._products.values()}
        self._sold_by = {product.sku: product.unit for product in self._products.values()}

    def set_current(self, sku: Sku | None) -> None:
        """The producer took a product on air (None: no product)."""
        self._topics.put(sku if sku in self._products else None)

    def prompt(self) -> str:
        """What the model should expect to hear: trade words, facts of the lot, tonight's names, the current last."""
        current = self._products.get(self._topics.current) if self._topics.current else None
        others = [product.name for product in self._products.values() if product is not current]
        names = [*others[: MAX_PROMPT_NAMES - 1], *(current.names[::-1] if current else ())]
        facts = lot_words(current)[:MAX_PROMPT_FACTS] if current else []
        return "、".join(dict.fromkeys([*load_rules("trade_words")["words"], *facts, *names]))

    def caption(self, text: str) -> str:
        """A partial text with names set right, nobody's number in it."""
        return mask_said(self._set_right(text, find_mentions(text, self._names, self._topics.current)), partial=True)

    def _set_right(self, text: str, mentions: list[Mention]) -> str:
        text = correct_units(correct_facts(correct(text, mentions), self._lot_words), self._units)
        return correct_amounts(correct_neighbours(text), self._amounts, self._prices.values())

    def hear(self, sentence: Sentence, confidence: float, emitted_at: Seconds | None) -> list[Event]:
        """Take one final sentence; the segment comes first, then what was found in it."""
        mentions = find_mentions(sentence.text, self._names, self._topics.current)
        said = self._set_right(sentence.text, mentions)
        text = mask_said(said)
        mentions = find_mentions(text, self._names, self._topics.current) if text != sentence.text else mentions
        start, end = Seconds(round(sentence.start, 3)), Seconds(round(sentence.end, 3))
        topic = self._topics.hear(text, mentions, priced_product(text, self._prices), end)
        heard = _Heard(next(self._numbers), text, topic.sku, start, end)
        segment = SegmentHeard(
            seq=heard.seq,
            start=start,
            end=end,
            text=text,
            raw_text=mask_said(sentence.raw),
            product=topic.sku,
            confidence=round(confidence, 3),
            emitted_at=emitted_at,
            muted=text != said,
        )
        prices = hear_prices(text, topic.sku, [mention.sku for mention in mentions], self._prices, self._sold_by)
        kind = self._highlight(heard, prices, introduced=topic.introduced)
        bound = self._bound(heard, said)
        turns = topic.introduced or kind in ("demo", "price", "honest") or any(map(_is_red, bound))
        talk, pair = self._conversation.hear(heard.seq, text, topic.sku, start, end, turns=turns)
        events: list[Event] = [segment, *self._mentioned(heard, mentions)]
        if topic.introduced and topic.sku is not None:
            events.append(ProductIntroduced(seq=heard.seq, sku=topic.sku, start=start, end=end, text=text))
        events += [
            PriceHeard(
                seq=heard.seq,
                sku=price.sku,
                price_fen=price.price_fen,
                expected_fen=price.expected_fen,
                start=start,
                end=end,
            )
            for price in prices
        ]
        if pair is not None:
            events.append(_question(pair) if talk == "question" else _answer(pair))
        if kind is not None and not talk and find_question(text) is None and (kind == "intro" or not _binds(bound)):
            events.append(
                HighlightFound(seq=heard.seq, product=heard.product, kind=kind, start=start, end=end, text=text)
            )
        return [*events, *bound]

    def _bound(self, heard: _Heard, said: str) -> list[Event]:
        """What the sentence, as said, claims, takes back, and promises."""
        self._claims = [claim for claim in self._claims if heard.start - claim.end <= RETRACT_WITHIN_S]
        events: list[Event] = []
        for claim in find_claims(said):
            event = ClaimHeard(
                seq=heard.seq,
                product=heard.product,
                kind=claim.kind,
                level=claim.level,
                term=mask_said(claim.term),
                count=claim.count,
                text=heard.text,
                start=heard.start,
                end=heard.end,
            )
            events.append(event)
            self._claims.append(event)
        if self._claims and takes_back(heard.text):
            last = self._claims[-1].seq
            events += [replace(claim, retracted=True) for claim in self._claims if claim.seq == last]
            self._claims = [claim for claim in self._claims if claim.seq != last]
        promise = find_promise(heard.text)
        if promise is not None:
            events.append(
                PromiseHeard(
                    seq=heard.seq,
                    product=heard.product,
                    kind=promise.kind,
                    within_hours=promise.within_hours,
                    text=heard.text,
                    start=heard.start,
                    end=heard.end,
                )
            )
        return events

    def _highlight(self, heard: _Heard, prices: list[ProductPrice], *, introduced: bool) -> Kind | None:
        product = self._products.get(heard.product) if heard.product else None
        if product is None:
            return None
        priced = bool(prices)
        return find_highlight(heard.text, product, introduced=introduced, priced=priced)

    def _mentioned(self, heard: _Heard, mentions: list[Mention]) -> list[Event]:
        best: dict[Sku, Mention] = {}
        for mention in mentions:
            if mention.sku not in best or mention.similarity > best[mention.sku].similarity:
                best[mention.sku] = mention
        return [
            ProductMentioned(
                seq=heard.seq,
                sku=sku,
                start=heard.start,
                end=heard.end,
                text=mention.name,
                similarity=round(mention.similarity, 3),
            )
            for sku, mention in best.items()
        ]


def _binds(events: Iterable[Event]) -> bool:
    """Whether a sentence promises, or claims what must not be said, or takes it back: nothing for the product page."""
    return any(isinstance(event, PromiseHeard) or _is_red(event) for event in events)


def _is_red(event: Event) -> bool:
    return isinstance(event, ClaimHeard) and event.level == "red"


def _question(pair: Pair) -> QuestionHeard:
    return QuestionHeard(
        question_seq=pair.seq,
        product=pair.product,
        asker=pair.asker,
        question=pair.question,
        start=Seconds(pair.start),
        end=Seconds(pair.end),
    )


def _answer(pair: Pair) -> QuestionAnswered:
    return QuestionAnswered(
        question_seq=pair.seq,
        product=pair.product,
        question=pair.question,
        answer=pair.answer,
        question_start=Seconds(pair.start),
        question_end=Seconds(pair.end),
        answer_start=Seconds(pair.answer_start),
        answer_end=Seconds(pair.answer_end),
    )
