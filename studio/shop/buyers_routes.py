"""Buyers and referral rewards for operators."""

import json
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.shop import buyer_list, buyers, referrals
from studio.shop.buyers_schemas import (
    BuyerDetailOut,
    BuyersOut,
    EraseIn,
    FindIn,
    QuietIn,
    ReferralsOut,
    VoidIn,
)
from studio.types import Require, Role, now_ms
from studio.unit import Writer
from studio.vault import Vault


def blueprint(
    writer: Writer,
    database: Database,
    vault: Vault,
    require: Require,
    export: Callable[[Session, int], dict[str, Any]],
) -> APIBlueprint:
    """Routes over a writer and a database; `export` reads everything that any room knows about a buyer."""
    api = APIBlueprint("buyers", __name__, tag="Buyers 买家")

    @api.get("/buyers")
    @require(Role.PRODUCER)
    @api.input(FindIn, location="query")
    @api.output(BuyersOut)
    def listing(query_data: FindIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The newest 100 buyers, masked; `q` looks for part of a nickname, a phone number or an id."""
        with database.reading() as session:
            look = buyer_list.find if query_data.exact else buyer_list.search
            return {"buyers": look(session, vault, query_data.q)}

    @api.get("/buyers/<int:buyer_id>")
    @require(Role.PRODUCER)
    @api.output(BuyerDetailOut)
    def read(buyer_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One buyer, masked, with orders and referral."""
        return _read(buyer_id)

    @api.get("/buyers/<int:buyer_id>/export")
    @require(Role.HOST)
    @api.doc(responses={200: {"content": {"application/json": {}}}})
    def export_one(buyer_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Everything known about one buyer, unmasked, as a JSON file to hand to them."""
        with database.reading() as session:
            value = {**export(session, buyer_id), "exported_ms": now_ms()}
        return Response(
            json.dumps(value, ensure_ascii=False, indent=2),
            mimetype="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="buyer-{buyer_id}.json"',
                "Cache-Control": "no-store",
            },
        )

    @api.delete("/buyers/<int:buyer_id>")
    @require(Role.HOST)
    @api.input(EraseIn, location="query")
    @api.output({}, status_code=204)
    def erase(buyer_id: int, query_data: EraseIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Delete a buyer's data for good; 409 while orders run, unless `?force=true`. Again changes nothing."""
        writer.run(lambda unit: buyers.erase(unit, buyer_id, at=now_ms(), force=query_data.force))
        return "", 204

    @api.post("/buyers/<int:buyer_id>/quiet")
    @require(Role.PRODUCER)
    @api.input(QuietIn)
    @api.output(BuyerDetailOut)
    def quiet(buyer_id: int, json_data: QuietIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """No shout-outs for this buyer, or shout-outs again."""
        writer.run(lambda unit: buyers.set_quiet(unit, buyer_id, quiet=json_data.quiet, at=now_ms()))
        return _read(buyer_id)

    @api.get("/referrals")
    @require(Role.PRODUCER)
    @api.output(ReferralsOut)
    def rewards() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The newest 200 rewards, people masked, and what is owed to whom."""
        return _rewards()

    @api.post("/referrals/<int:referral_id>/void")
    @require(Role.PRODUCER)
    @api.input(VoidIn)
    @api.output(ReferralsOut)
    def void(referral_id: int, json_data: VoidIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take a reward back, also one that was released."""
        writer.run(lambda unit: referrals.void(unit, referral_id, reason=json_data.reason, at=now_ms()))
        return _rewards()

    def _read(buyer_id: int) -> dict[str, Any]:
        with database.reading() as session:
            return buyer_list.read(session, vault, buyer_id)

    def _rewards() -> dict[str, Any]:
        with database.reading() as session:
            return {"referrals": referrals.list_rewards(session), "released": referrals.list_owed(session)}

    return api
