"""What happens to a show: created, planned, gone live, item after item taken, ended."""

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput, Conflict, NotFound, NotReady, Stale
from studio.events import ItemTaken, ShowChanged, ShowEnded, ShowWentLive
from studio.shows.models import PreflightOverride, RundownItem, Show
from studio.shows.schemas import ItemIn, ItemOut, ShowOut, Trust
from studio.shows.standby import neighbours
from studio.types import ItemId, Ms, ShowId, Sku
from studio.unit import Unit

By = Literal["hand", "voice", "start"]

_LIVE_ID = select(table(Show).c.id).where(table(Show).c.status == "live").limit(1)


def create_show(unit: Unit, *, title: str, rundown: Sequence[ItemIn], at: Ms) -> int:
    """A draft show with its rundown; returns its id."""
    show = Show(title=title, created_ms=at)
    unit.session.add(show)
    _replace_items(show, rundown)
    unit.session.flush()
    unit.emit(ShowChanged(show_id=ShowId(show.id)))
    return show.id


def set_rundown(unit: Unit, show_id: int, rundown: Sequence[ItemIn], *, at: Ms, revision: str | None = None) -> None:
    """Replace the rundown; items named by id keep their identity, the one on air must stay.

    `revision` is that of the rundown which the caller saw, None overwrites whatever is there.

    Raises:
        Conflict: the show ended, the item on air is missing, or a reaction refuses the product it gets.
        Stale: somebody changed the rundown since `revision`.
        BadInput: an id that is not this show's, or twice the same.
    """
    show = find_show(unit.session, show_id)
    if show.status == "ended":
        raise Conflict("直播已结束，流程不能再改", "the show has ended, its rundown is closed")
    if revision is not None and revision != _revision(_items(show)):
        raise Stale(
            "别人刚改过流程，您的修改还没有保存：看一眼最新的流程再改",
            "somebody has just changed the rundown, yours is not saved: look at it as it is now and change it again",
        )
    if show.current_item_id is not None and show.current_item_id not in {item.id for item in rundown}:
        raise Conflict("正在播出的环节不能删除", "the item on air cannot be removed")
    on_air = _current_item(show)
    sku = on_air.sku if on_air else None
    _replace_items(show, rundown)
    unit.emit(ShowChanged(show_id=ShowId(show.id)))
    if on_air is not None and on_air.sku != sku:
        _take(unit, show, on_air, at)  # another card is on air: the same checks and the same followers


def go_live(
    unit: Unit, show_id: int, *, at: Ms, red: Sequence[Mapping[str, Any]] = (), reason: str | None = None
) -> None:
    """Put the show on air with its first item.

    Args:
        unit: the transaction.
        show_id: of a draft; one that is live already stays so.
        at: now.
        red: checks of the preflight that are red, as `Check.out`.
        reason: why it goes live all the same; kept with them.

    Raises:
        Conflict: the show has ended, or another show is live.
        NotReady: checks are red and no reason was given.
    """
    show = find_show(unit.session, show_id)
    if show.status == "live":
        return
    if show.status == "ended":
        raise Conflict("这场直播已经结束，请新建一场", "this show has ended, create a new one")
    other = live_show(unit.session)
    if other is not None:
        raise _still_live(other)
    if red and reason is None:
        raise _not_ready(red)
    if red:
        kept = PreflightOverride(show_id=show.id, at=at, reason=reason, reds=[dict(check) for check in red])
        unit.session.add(kept)
    show.status = "live"
    show.started_ms = at
    unit.emit(ShowWentLive(show_id=ShowId(show.id), at=at))
    unit.emit(ShowChanged(show_id=ShowId(show.id)))
    if show.current_item_id is not None:
        show.item_taken_ms = at  # looked at before: its minutes begin now
    elif show.items:
        _take(unit, show, show.items[0], at, "start")


def end_show(unit: Unit, show_id: int, *, at: Ms) -> None:
    """Take the show off air for good.

    Raises:
        Conflict: the show is not live.
    """
    show = find_show(unit.session, show_id)
    if show.status == "ended":
        return
    if show.status != "live":
        raise Conflict("还没开播", "the show is not live")
    show.status = "ended"
    show.ended_ms = at
    show.current_item_id = show.item_taken_ms = show.standby_item_id = None
    unit.emit(ShowEnded(show_id=ShowId(show.id), at=at))
    unit.emit(ShowChanged(show_id=ShowId(show.id)))


def take_item(unit: Unit, show_id: int, item_id: int, *, at: Ms, by: By = "hand") -> None:
    """Put an item on air; card and OBS scene follow. Works before going live too, to look at it.

    Raises:
        NotFound: no such item in this show.
        Conflict: the show has ended, another one is live, or a reaction refuses (label items missing).
    """
    show = find_show(unit.session, show_id)
    if show.status == "ended":
        raise Conflict("直播已结束", "the show has ended")
    other = live_show(unit.session)
    if other is not None and other is not show:  # OBS and ear follow every item taken: they belong to the live show
        raise _still_live(other)
    item = next((item for item in show.items if item.id == item_id), None)
    if item is None:
        raise NotFound("流程里没有这个环节", "no such item in this rundown")
    _take(unit, show, item, at, by)


def set_cue_mode(unit: Unit, show_id: int, mode: str) -> None:
    """What a product named by the host does from now on."""
    show = find_show(unit.session, show_id)
    if show.cue_mode != mode:
        show.cue_mode = mode
        unit.emit(ShowChanged(show_id=ShowId(show.id)))


def find_show(session: Session, show_id: int) -> Show:
    """The show's row.

    Raises:
        NotFound: there is none.
    """
    show = session.get(Show, show_id)
    if show is None:
        raise NotFound("没有这场直播", "no such show")
    return show


def live_show(session: Session) -> Show | None:
    """The one show on air, if any."""
    return session.scalars(select(Show).where(Show.status == "live").limit(1)).first()


def live_show_id(unit: Unit) -> int | None:
    """The id of the show on air, cheaply: asked for every order."""
    return unit.connection.execute(_LIVE_ID).scalar()


def stage_show(session: Session) -> Show | None:
    """The show the stage is set for: the live one, else the newest draft, else the show that ended last."""
    live = live_show(session)
    if live is not None:
        return live
    draft = session.scalars(select(Show).where(Show.status == "draft").order_by(Show.id.desc()).limit(1)).first()
    return draft or session.scalars(select(Show).order_by(Show.ended_ms.desc(), Show.id.desc()).limit(1)).first()


def list_shows(session: Session) -> list[Show]:
    """All shows, newest first."""
    return list(session.scalars(select(Show).order_by(Show.id.desc())))


def describe(show: Show, airable: Container[str] | None = None) -> ShowOut:
    """The show as the API and the `show` topic give it; airable: SKUs whose cards may go on air, None for all."""
    items = _items(show)
    around = neighbours(show, airable)
    return ShowOut.model_validate(
        {
            "id": show.id,
            "title": show.title,
            "status": show.status,
            "created_ms": show.created_ms,
            "started_ms": show.started_ms,
            "ended_ms": show.ended_ms,
            "current_item": show.current_item_id,
            "previous_item": around.previous,
            "next_item": around.following,
            "standby_item": around.standby,
            "passed_over": around.passed_over,
            "item_taken_ms": show.item_taken_ms,
            "cue_mode": show.cue_mode,
            "revision": _revision(items),
            "rundown": items,
        }
    )


def _items(show: Show) -> list[ItemOut]:
    return [
        ItemOut(
            id=item.id,
            position=item.position,
            title=item.title,
            sku=item.sku,
            scene=item.scene,
            minutes=item.minutes,
            points=item.points,
            trust=[Trust.model_validate(each) for each in item.trust],
        )
        for item in show.items
    ]


def _revision(items: Sequence[ItemOut]) -> str:
    """Names a rundown by what it holds, so that one which was put back is no change."""
    text = json.dumps([item.model_dump() for item in items], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def overrides(session: Session, show_id: int) -> list[dict[str, Any]]:
    """When the show went live against red checks: `{at, reason, reds}`."""
    rows = session.scalars(
        select(PreflightOverride).where(PreflightOverride.show_id == show_id).order_by(PreflightOverride.id)
    )
    return [{"at": row.at, "reason": row.reason, "reds": row.reds} for row in rows]


def _not_ready(red: Sequence[Mapping[str, Any]]) -> NotReady:
    lines = [line for check in red for line in check["lines"] if line["level"] == "red"]
    zh, en = "；".join(line["zh"] for line in lines), "; ".join(line["en"] for line in lines)
    return NotReady(
        f"开播检查没过：{zh}。先处理，或写明理由再开播", f"not ready: {en}; mend it, or give a reason", checks=list(red)
    )


def _still_live(show: Show) -> Conflict:
    return Conflict(f"“{show.title}” 还在直播，请先结束它", f"'{show.title}' is still live, end it first")


def _current_item(show: Show) -> RundownItem | None:
    return next((item for item in show.items if item.id == show.current_item_id), None)


def _take(unit: Unit, show: Show, item: RundownItem, at: Ms, by: By = "hand") -> None:
    if show.current_item_id != item.id or show.item_taken_ms is None:
        show.current_item_id, show.item_taken_ms = item.id, at
    show.standby_item_id = None
    unit.emit(
        ItemTaken(
            show_id=ShowId(show.id),
            item_id=ItemId(item.id),
            sku=Sku(item.sku) if item.sku else None,
            scene=item.scene,
            by=by,
        )
    )


def _replace_items(show: Show, rundown: Sequence[ItemIn]) -> None:
    known = {item.id: item for item in show.items}
    asked = [item.id for item in rundown if item.id is not None]
    if len(asked) != len(set(asked)) or not set(asked) <= set(known):
        raise BadInput("流程里有不认识或重复的环节编号", "the rundown names an unknown or repeated item id")
    rows: list[RundownItem] = []
    for position, given in enumerate(rundown, start=1):
        row = known[given.id] if given.id is not None else RundownItem()
        row.position = position
        row.title, row.sku, row.scene = given.title, given.sku, given.scene
        row.minutes, row.points = given.minutes, list(given.points)
        row.trust = [each.model_dump() for each in given.trust]
        rows.append(row)
    if show.standby_item_id not in asked:
        show.standby_item_id = None
    show.items[:] = rows
