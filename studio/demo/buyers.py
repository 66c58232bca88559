"""Simulated neighbours: who orders what, when, and whether they pay at once."""

import random
from dataclasses import dataclass

NEIGHBOURS = (
    *("张桂芳", "李婷", "王建国", "陈晓燕", "刘志强", "赵敏", "孙丽华", "周文博", "吴桂英", "郑海涛"),
    *("冯雪", "蒋雨桐", "沈阿姨", "韩梅", "杨师傅", "朱婉清", "秦岚", "许家豪", "何小满", "吕大姐"),
    *("欧阳静", "司徒明", "小禾妈妈", "3号楼老徐", "团团爸爸"),
)
GAP_S = (3.0, 7.5)
PAYS_LATER = 0.3
CHANGES_MIND = 0.25
PAYS_AFTER_S = (4.0, 11.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """One order to place. settles_after_s: when an unpaid one is paid or cancelled."""

    buyer: str
    lines: tuple[tuple[str, int], ...]
    paid: bool
    settles_after_s: float
    cancels: bool


class Neighbourhood:
    """Draws orders from a seed, so that two demos look alike."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._waiting: list[str] = []

    def gap_s(self) -> float:
        """Seconds until the next neighbour."""
        return self._random.uniform(*GAP_S)

    def next_wish(self, wanted: str, available: dict[str, int]) -> Wish | None:
        """An order for the product in the talk, now and then for another with it; None when it is sold out.

        Args:
            wanted: SKU that is being shown.
            available: free units by SKU; no wish exceeds them.
        """
        lines: list[tuple[str, int]] = []
        if available.get(wanted, 0) > 0:
            quantity = self._random.choices((1, 2, 3, 4), weights=(55, 30, 10, 5))[0]
            lines.append((wanted, min(quantity, available[wanted])))
        others = sorted(sku for sku, free in available.items() if free > 0 and sku != wanted)
        if others and self._random.random() < (0.2 if lines else 0.5):
            lines.append((self._random.choice(others), 1))
        if not lines:
            return None
        later = self._random.random() < PAYS_LATER
        return Wish(
            buyer=self._next_buyer(),
            lines=tuple(lines),
            paid=not later,
            settles_after_s=self._random.uniform(*PAYS_AFTER_S),
            cancels=later and self._random.random() < CHANGES_MIND,
        )

    def _next_buyer(self) -> str:
        if not self._waiting:
            self._waiting = self._random.sample(NEIGHBOURS, len(NEIGHBOURS))
        return self._waiting.pop()
