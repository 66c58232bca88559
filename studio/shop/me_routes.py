"""What a buyer's browser may read, change and delete of its own buyer, and its referral link."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import Conflict
from studio.shop import buyers, referrals
from studio.shop.models import Buyer
from studio.shop.public_schemas import MeIn, MeOut, MyReferralOut
from studio.types import Public, Visitor, now_ms
from studio.unit import Unit, Writer
from studio.vault import Vault

READING = "120 per minute"
CHANGING = "20 per minute"


def blueprint(
    writer: Writer,
    database: Database,
    vault: Vault,
    everyone: Public,
    visitor: Visitor,
    *,
    referral_url: Callable[[str], str],
    reward_fen: int,
) -> APIBlueprint:
    """Routes of one's own data; `referral_url` makes a link of a code."""
    api = APIBlueprint("public_me", __name__, tag="Public 买家", url_prefix="/public")

    @api.get("/me")
    @everyone(READING)
    @api.output(MeOut)
    def me() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What is kept about this browser's buyer."""
        with database.reading() as session:
            return me_value(vault, buyers.find_visitor(session, visitor()))

    @api.put("/me")
    @everyone(CHANGING)
    @api.input(MeIn)
    @api.output(MeOut)
    def change_me(json_data: MeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Change the nickname, or ask not to be announced on air."""
        who = visitor()

        def work(unit: Unit) -> dict[str, Any]:
            buyer = _known(unit.session, who)
            buyers.set_quiet(unit, buyer.id, quiet=json_data.quiet, at=now_ms())
            if json_data.nickname is not None:
                buyer.nickname = buyers.clean_nickname(json_data.nickname)
            return me_value(vault, buyer)

        return writer.run(work)

    @api.delete("/me")
    @everyone(CHANGING)
    @api.output({}, status_code=204)
    def forget_me() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Delete what is known of this browser: name, phone, who asked; orders that are kept stay without."""
        who = visitor()
        writer.run(lambda unit: buyers.erase_visitor(unit, who, at=now_ms()))
        return "", 204

    @api.get("/referral")
    @everyone(READING)
    @api.output(MyReferralOut)
    def referral() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The link that brings neighbours, and what it has earned; no code before the first order."""
        with database.reading() as session:
            buyer = buyers.find_visitor(session, visitor())
        nothing = {"code": None, "url": None, "invited": 0, "pending": 0, "pending_fen": 0, "earned_fen": 0}
        if buyer is None:
            return {**nothing, "reward_fen": reward_fen}
        code = writer.run(lambda unit: referrals.code_of(unit, buyer.id, at=now_ms()))
        with database.reading() as session:
            earned = referrals.mine(session, buyer.id)
        return {**earned, "url": referral_url(code), "reward_fen": reward_fen}

    return api


def me_value(vault: Vault, buyer: Buyer | None) -> dict[str, Any]:
    """A buyer's own data, as `MeOut`."""
    if buyer is None:
        return {"nickname": None, "phone": None, "pickup_point_id": None, "quiet": False}
    return {
        "nickname": buyer.nickname,
        "phone": buyers.masked_phone(vault, buyer),
        "pickup_point_id": buyer.pickup_point_id,
        "quiet": buyer.quiet,
    }


def _known(session: Session, who: str) -> Buyer:
    buyer = buyers.find_visitor(session, who)
    if buyer is None:
        raise Conflict("你还没有下过单，这里没有你的资料", "you have not ordered yet, nothing about you is kept here")
    return buyer
