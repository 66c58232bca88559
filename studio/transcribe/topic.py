"""Which product the host is talking about: the current product, and the topic of one sentence."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from studio.transcribe.cues import find_cue, has_cue
from studio.transcribe.mentions import Mention
from studio.types import Sku

PENDING_S = 15.0
_ASIDE_REACH = 4
# not 买的, 吃的, 问: those remember a product
_PRESENTING = re.compile(r"(?:^|[，、：]|[是看来上带讲说推到做]|[这那一][个款样道]|我们的|咱家的|我家的)$")


@dataclass(frozen=True, slots=True)
class Topic:
    """Topic of one sentence. introduced: with this sentence the host turned to that product."""

    sku: Sku | None
    introduced: bool = False


class TopicTracker:
    """Follows the host from product to product.

    The current product changes when a sentence announces another one and names it (接下来是…), when an
    announcement was heard shortly before, when a product's own price is said with its name, when it is
    named twice while the current one is not, or when nothing is current yet. A name that is merely
    compared or remembered (比…, 刚才的…) changes nothing.
    """

    def __init__(self) -> None:
        self.current: Sku | None = None
        self._introduced = False
        self._announced_at = float("-inf")
        self._recent: deque[frozenset[Sku]] = deque(maxlen=3)

    def put(self, sku: Sku | None) -> None:
        """The producer took a product on air."""
        self.current = sku
        self._introduced = False
        self._announced_at = float("-inf")
        self._recent.clear()

    def hear(self, text: str, mentions: Sequence[Mention], priced: Sku | None, end_s: float) -> Topic:
        """Take one sentence.

        Args:
            text: corrected text, to which the places of `mentions` belong.
            mentions: names in it.
            priced: the product whose catalogue price it says, where only one has that price.
            end_s: media time of its end.
        """
        meant = [mention for mention in mentions if not _is_aside(text, mention)]
        announcement = find_cue("transition", text) or _presented(text, meant)
        if announcement and not has_cue("off_topic", text):
            self._announced_at = end_s
        announced = end_s - self._announced_at <= PENDING_S
        named = [mention.sku for mention in meant if not announcement or mention.last > announcement[0]]
        self._recent.append(frozenset(named))
        turned = self._turn(named, priced, announced=announced, stated=announcement is not None)
        if turned is not None:
            self.current = turned
            self._introduced = True
            self._announced_at = float("-inf")
            return Topic(turned, introduced=True)
        skus = {mention.sku for mention in meant}
        if self.current in skus or len(skus) != 1:
            return Topic(self.current)
        return Topic(skus.pop())

    def _turn(self, named: list[Sku], priced: Sku | None, *, announced: bool, stated: bool) -> Sku | None:
        """The product the host turns to with this sentence, None where that is none."""
        if not named:
            if announced and priced is not None and priced != self.current:
                return priced
            return None
        first = named[0]
        if self.current is None or (stated and first == self.current and not self._introduced):
            return first
        others = [sku for sku in named if sku != self.current]
        if self.current in named or not others:
            return None
        insists = sum(others[0] in names for names in self._recent) > 1
        current_rests = all(self.current not in names for names in list(self._recent)[-2:])
        return others[0] if announced or priced == others[0] or (insists and current_rests) else None


def _presented(text: str, mentions: Sequence[Mention]) -> tuple[int, int] | None:
    """Place of a name that a sentence comes down to (…来是海盐可颂。): so a product is put forward in any words."""
    if not mentions or text.rstrip("，。！？、啊呀哦呢吧哈啦 ") != text[: mentions[-1].last]:
        return None
    first = mentions[-1].first
    return (first, mentions[-1].last) if _PRESENTING.search(text[:first]) else None


def _is_aside(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.first - _ASIDE_REACH) : mention.first]
    found = find_cue("aside", before)
    return found is not None and not set(before[found[1] :]) & set("，。、？！；")
