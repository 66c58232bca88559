"""What buyers may call: the shop and their own orders. Open to everyone, see studio/web/visitors.py."""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, request, send_from_directory
from flask.typing import ResponseReturnValue

from studio.db import Database
from studio.errors import BadInput, NotFound, PriceChanged
from studio.shop import buyers, complaints, life, orders, public
from studio.shop.models import Order
from studio.shop.public_schemas import (
    MyOrderDetailOut,
    MyOrdersOut,
    PublicOrderIn,
    ReportIn,
    ShopOut,
)
from studio.types import Public, View, Visitor, now_ms
from studio.unit import Unit, Writer
from studio.vault import Vault

READING = "120 per minute"
ORDERING = "10 per minute"
REPORTING = "6 per minute"
MAX_KEY_LENGTH = 80
MAX_REPORT_BYTES = 6 * 1024 * 1024
"""A photo of 5 MB and the form around it."""


@dataclass(frozen=True, slots=True)
class Counter:
    """What the shop's public routes work with.

    keep_photo: takes a stranger's bytes, keeps a clean photo, returns its name in photo_folder.
    """

    writer: Writer
    database: Database
    vault: Vault
    front: public.Shopfront
    live_show_id: Callable[[Unit], int | None]
    keep_photo: Callable[[bytes], str]
    photo_folder: Path
    hold_ms: int


def blueprint(counter: Counter, everyone: Public, visitor: Visitor) -> APIBlueprint:
    """Routes of the shop's counter."""
    api = APIBlueprint("public_shop", __name__, tag="Public 买家", url_prefix="/public")
    writer, database = counter.writer, counter.database

    @api.get("/shop")
    @everyone(READING)
    @api.output(ShopOut)
    def shop() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Products with live stock, pickup points, the poll, answered questions; `?show=` names a show. With ETag."""
        front = counter.front.look(request.args.get("show", type=int))
        return _unless_known(ShopOut.model_validate(front.value).model_dump(mode="json"), front.etag)

    @api.post("/orders")
    @everyone(ORDERING)
    @api.input(PublicOrderIn)
    @api.output(MyOrderDetailOut, status_code=201)
    def place(json_data: PublicOrderIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Order; with the same Idempotency-Key again it is the same order."""
        who, key = visitor(), _key(visitor())
        return writer.run(lambda unit: _place(unit, counter, json_data, who, key))

    @api.get("/orders")
    @everyone(READING)
    @api.output(MyOrdersOut)
    def mine() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The orders of this browser, newest first."""
        with database.reading() as session:
            buyer = buyers.find_visitor(session, visitor())
            return {"orders": public.orders_of(session, buyer.id) if buyer else []}

    @api.get("/orders/<secret>")
    @everyone(READING)
    @api.output(MyOrderDetailOut)
    def read(secret: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One order by its private link. With ETag."""
        with database.reading() as session:
            value = public.order_value(session, public.find_by_secret(session, secret))
        return _unless_known({**value, "as_of": now_ms()}, public.mark(value))

    @api.post("/orders/<secret>/cancel")
    @everyone(ORDERING)
    @api.output(MyOrderDetailOut)
    def cancel(secret: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Cancel an order that is not paid yet."""

        def work(unit: Unit) -> dict[str, Any]:
            order = public.find_by_secret(unit.session, secret)
            life.cancel(unit, order.id, reason="买家取消", by="buyer", at=now_ms())
            return _read(unit, order.id)

        return writer.run(work)

    @api.post("/orders/<secret>/complaints")
    @everyone(REPORTING)
    @_with_room_for_a_photo
    @api.input(ReportIn, location="json_or_form")
    @api.output(MyOrderDetailOut, status_code=201)
    def report(secret: str, json_or_form_data: ReportIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Report a problem: JSON, or a form with the photo as file `photo` (JPG, PNG, WebP; 5 MB)."""
        with database.reading() as session:
            public.find_by_secret(session, secret)
        file = request.files.get("photo")
        data = file.read() if file else b""
        photo = counter.keep_photo(data) if data else None

        def work(unit: Unit) -> tuple[dict[str, Any], bool]:
            order = public.find_by_secret(unit.session, secret)
            _id, taken = complaints.report(
                unit,
                order,
                kind=json_or_form_data.kind,
                text=json_or_form_data.text,
                sku=json_or_form_data.sku,
                photo=photo,
                at=now_ms(),
            )
            return _read(unit, order.id), taken

        taken = False
        try:
            value, taken = writer.run(work)
        finally:
            if photo is not None and not taken:
                (counter.photo_folder / photo).unlink(missing_ok=True)
        return value

    @api.get("/orders/<secret>/complaints/<int:complaint_id>/photo")
    @everyone(READING)
    @api.doc(responses={200: {"content": {"image/jpeg": {}}}})
    def photo(secret: str, complaint_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The photo that came with a report."""
        with database.reading() as session:
            order = public.find_by_secret(session, secret)
            found = [row.photo for row in complaints.of_order(session, order.id) if row.id == complaint_id]
        if not found or found[0] is None:
            raise NotFound("没有照片", "there is no photo")
        response = send_from_directory(counter.photo_folder, found[0])
        response.headers["Cache-Control"] = "no-store"
        return response

    return api


def _with_room_for_a_photo(view: View) -> View:
    """Decorator: more may be sent than elsewhere."""

    @functools.wraps(view)
    def roomy(*args: object, **kwargs: object) -> ResponseReturnValue:
        request.max_content_length = MAX_REPORT_BYTES
        return view(*args, **kwargs)

    return roomy


def _place(unit: Unit, counter: Counter, given: PublicOrderIn, who: str, key: str) -> dict[str, Any]:
    at = now_ms()
    points = {point.id for point in public.active_points(unit.session)}
    if points and given.pickup_point_id not in points:
        raise BadInput("请选一个自提点", "choose a pickup point", field="pickup_point_id")
    if given.paid_via == "cash" and not (given.phone or _has_phone(unit, who)):
        raise BadInput(
            "选到付请留手机号：货会一直为你留着，团长要能联系到你",
            "leave a phone number to pay at pickup: your goods are kept, the host must be able to reach you",
            field="phone",
        )
    point_id = given.pickup_point_id if points else None
    buyer_id = buyers.of_visitor(
        unit, counter.vault, who, nickname=given.nickname, phone=given.phone or None, pickup_point_id=point_id, at=at
    )
    order_id = orders.place(
        unit,
        key=key,
        buyer=given.nickname,
        lines=[orders.Line(sku=line.sku, quantity=line.quantity) for line in given.lines],
        paid=False,
        source="page",
        show_id=counter.live_show_id(unit),
        at=at,
        by="buyer",
        buyer_id=buyer_id,
        pickup_point_id=point_id,
        note=given.note,
        paid_via=given.paid_via,
        waitlist=given.waitlist,
        hold_ms=counter.hold_ms,
    )
    value = _read(unit, order_id)
    is_new = value["placed_ms"] == at  # what was placed before stays at its price
    if is_new and given.total_fen not in {None, value["total_fen"]}:
        raise PriceChanged(
            "价格刚刚变了：请看一眼新的合计，再提交一次",
            "a price has just changed: look at the new total and submit again",
            total_fen=value["total_fen"],
        )
    return value


def _has_phone(unit: Unit, who: str) -> bool:
    buyer = buyers.find_visitor(unit.session, who)
    return buyer is not None and buyer.phone_sealed is not None


def _read(unit: Unit, order_id: int) -> dict[str, Any]:
    unit.session.flush()
    order = unit.session.get_one(Order, order_id, populate_existing=True)
    return {**public.order_value(unit.session, order), "as_of": now_ms()}


def _key(who: str) -> str:
    """The order's key: what one browser sends means nothing for another's."""
    given = request.headers.get("Idempotency-Key", "")
    if not given or len(given) > MAX_KEY_LENGTH:
        raise BadInput(
            "请带上 Idempotency-Key 请求头（1 到 80 个字符）",
            "send an Idempotency-Key header of 1 to 80 characters",
        )
    return "page:" + hashlib.sha256(f"{who}:{given}".encode()).hexdigest()[:40]


def _unless_known(value: dict[str, Any], etag: str) -> ResponseReturnValue:
    """The value, or 304 when the asker has it."""
    response = jsonify(value)
    response.set_etag(etag, weak=True)
    return response.make_conditional(request)
