"""What comes next: what a hand put on standby, else the next item of the rundown that can go on air."""

from collections.abc import Container
from dataclasses import dataclass

from studio.errors import Conflict, NotFound
from studio.events import ItemPutOnStandby, ShowChanged
from studio.shows.models import RundownItem, Show
from studio.types import ItemId, ShowId, Sku
from studio.unit import Unit


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Items around the one on air; passed_over: those before `following` whose label is incomplete."""

    previous: int | None
    following: int | None
    standby: int | None
    passed_over: list[int]


def neighbours(show: Show, airable: Container[str] | None) -> Neighbours:
    """What stands around the item on air; airable: SKUs whose cards may go on air, None for all."""
    items = list(show.items)
    if show.status == "ended" or not items:
        return Neighbours(None, None, None, [])

    def can_air(item: RundownItem) -> bool:
        return item.sku is None or airable is None or item.sku in airable

    here = next((place for place, item in enumerate(items) if item.id == show.current_item_id), -1)
    previous = next((item.id for item in reversed(items[: max(here, 0)]) if can_air(item)), None)
    standby = next((item for item in items if item.id == show.standby_item_id), None)
    if standby is not None and can_air(standby):
        return Neighbours(previous, standby.id, standby.id, [])
    after = items[here + 1 :]
    place = next((place for place, item in enumerate(after) if can_air(item)), None)
    return Neighbours(previous, None if place is None else after[place].id, None, [item.id for item in after[:place]])


def put_on_standby(unit: Unit, show: Show, item_id: int | None) -> None:
    """Choose what comes next; None: what follows in the rundown.

    Raises:
        NotFound: no such item in this show.
        Conflict: the show is not live, the item is on air, or a reaction refuses (label items missing).
    """
    _check_live(show)
    item = next((item for item in show.items if item.id == item_id), None)
    if item_id is not None and item is None:
        raise NotFound("流程里没有这个环节", "no such item in this rundown")
    _stand_by(unit, show, item)


def put_product_on_standby(unit: Unit, show: Show, sku: str, title: str) -> None:
    """The product's next item comes next; where the rundown has none, a new one behind the item on air.

    Raises:
        Conflict: as `put_on_standby`.
    """
    _check_live(show)
    items = list(show.items)
    here = next((place for place, item in enumerate(items) if item.id == show.current_item_id), -1)
    mine = [item for item in (*items[here + 1 :], *items[: max(here, 0)]) if item.sku == sku]
    if mine:
        _stand_by(unit, show, mine[0])
        return
    added = RundownItem(title=title, sku=sku, points=[], trust=[])
    items.insert(here + 1, added)
    for position, item in enumerate(items, start=1):
        item.position = position
    show.items[:] = items
    unit.session.flush()
    _stand_by(unit, show, added, added=True)
    unit.emit(ShowChanged(show_id=ShowId(show.id)))


def take_out(unit: Unit, show: Show, item_id: int) -> None:
    """An item that was added leaves the rundown again, unless it is on air.

    Raises:
        Conflict: it is.
    """
    if show.current_item_id == item_id:
        raise Conflict("正在播出的环节不能删除", "the item on air cannot be removed")
    show.items[:] = [item for item in show.items if item.id != item_id]
    for position, item in enumerate(show.items, start=1):
        item.position = position
    if show.standby_item_id == item_id:
        show.standby_item_id = None
    unit.emit(ShowChanged(show_id=ShowId(show.id)))


def _check_live(show: Show) -> None:
    if show.status != "live":
        raise Conflict("还没开播", "the show is not live")


def _stand_by(unit: Unit, show: Show, item: RundownItem | None, *, added: bool = False) -> None:
    if item is not None and item.id == show.current_item_id:
        raise Conflict("这一项正在播", "this item is on air")
    if (item.id if item else None) == show.standby_item_id:
        return
    show.standby_item_id = item.id if item else None
    unit.emit(
        ItemPutOnStandby(
            show_id=ShowId(show.id),
            item_id=ItemId(item.id) if item else None,
            sku=Sku(item.sku) if item and item.sku else None,
            scene=item.scene if item else None,
            added=added,
        )
    )
