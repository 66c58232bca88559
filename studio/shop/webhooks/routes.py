"""`/webhooks`: order sources, deliveries that wait for a person, and outgoing targets."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.db import Database
from studio.errors import BadInput
from studio.shop.webhooks import inbox, sources, targets
from studio.shop.webhooks.schemas import (
    DeliveriesOut,
    DismissIn,
    NewTargetOut,
    ResolveIn,
    SourceIn,
    TargetChangeIn,
    TargetIn,
    TestOut,
    WebhooksOut,
)
from studio.shop.webhooks.selftest import send_sample
from studio.shop.webhooks.sender import Sender, post
from studio.types import Require, Role, now_ms
from studio.unit import Writer
from studio.vault import Vault


def blueprint(
    writer: Writer,
    database: Database,
    vault: Vault,
    require: Require,
    sender: Sender,
    *,
    overview: Callable[[], dict[str, Any]],
    reached_at: Callable[[], str],
) -> APIBlueprint:
    """Routes over the inbox and the outbox.

    Args:
        writer: takes changes.
        database: is read.
        vault: seals secrets.
        require: guards each route by role.
        sender: is told of changed targets.
        overview: the value of the topic `webhooks`.
        reached_at: address under which the test button reaches this server, as a shop would.
    """
    api = APIBlueprint("webhooks", __name__, tag="Webhooks 订单来源")

    @api.get("/webhooks")
    @require(Role.PRODUCER)
    @api.output(WebhooksOut)
    def read() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Sources, targets, and how many deliveries wait."""
        return overview()

    @api.put("/webhooks/sources/<name>")
    @require(Role.HOST)
    @api.input(SourceIn)
    @api.output(WebhooksOut)
    def set_up(name: str, json_data: SourceIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Set a source up, or give it a new secret."""
        given = json_data.model_dump()
        writer.run(lambda unit: sources.set_up(unit, vault, name, **given, at=now_ms()))
        return overview()

    @api.post("/webhooks/sources/<name>/test")
    @require(Role.PRODUCER)
    @api.output(TestOut)
    def test_source(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Send ourselves a signed sample through the real address; it has no effect on orders."""
        sources.require_known(name)
        with database.reading() as session:
            keys = sources.find_keys(session, vault, name)
        if keys is None:
            raise BadInput("请先填写密钥并启用", "enter the secret and enable it first")
        url = reached_at()
        answer = send_sample(url, name, keys)
        return {**_told(answer), "url": f"{url}/hooks/{name}"}

    @api.get("/webhooks/parked")
    @require(Role.PRODUCER)
    @api.output(DeliveriesOut)
    def parked() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Deliveries that wait for a person, newest first."""
        return _parked()

    @api.post("/webhooks/parked/<int:inbox_id>/resolve")
    @require(Role.PRODUCER)
    @api.input(ResolveIn)
    @api.output(DeliveriesOut)
    def resolve(inbox_id: int, json_data: ResolveIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Say what their SKUs are here, and try again; without any: just try again."""
        writer.run(lambda unit: inbox.resolve(unit, inbox_id, json_data.skus, now_ms()))
        return _parked()

    @api.post("/webhooks/parked/<int:inbox_id>/dismiss")
    @require(Role.PRODUCER)
    @api.input(DismissIn)
    @api.output(DeliveriesOut)
    def dismiss(inbox_id: int, json_data: DismissIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Leave it without effect, for a reason that is kept."""
        writer.run(lambda unit: inbox.dismiss(unit, inbox_id, json_data.reason, now_ms()))
        return _parked()

    @api.post("/webhooks/targets")
    @require(Role.HOST)
    @api.input(TargetIn)
    @api.output(NewTargetOut, status_code=201)
    def add(json_data: TargetIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Tell another system of orders and stock; the answer holds its secret, this once."""
        target_id, secret = writer.run(lambda unit: targets.add(unit, vault, json_data.url, json_data.secret, now_ms()))
        return {**overview(), "id": target_id, "secret": secret}

    @api.put("/webhooks/targets/<int:target_id>")
    @require(Role.HOST)
    @api.input(TargetChangeIn)
    @api.output(WebhooksOut)
    def change(target_id: int, json_data: TargetChangeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Pause, resume, or move a target."""
        given = json_data.model_dump()
        writer.run(lambda unit: targets.change(unit, vault, target_id, **given, at=now_ms()))
        sender.hurry(target_id)
        return overview()

    @api.delete("/webhooks/targets/<int:target_id>")
    @require(Role.HOST)
    @api.output(WebhooksOut)
    def remove(target_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Forget a target and what waits for it."""
        writer.run(lambda unit: targets.remove(unit, target_id, now_ms()))
        return overview()

    @api.post("/webhooks/targets/<int:target_id>/test")
    @require(Role.HOST)
    @api.output(TestOut)
    def test_target(target_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Send a signed `{"event": "test"}` now."""
        with database.reading() as session:
            target = targets.find(session, target_id)
            secret = vault.open(target.secret_sealed)
        if secret is None:
            raise BadInput("密钥读不出来了，请重新填写", "the secret cannot be read any more, enter it again")
        answer = post(target.url, secret, {"event": "test"}, f"test-{now_ms()}")
        if answer.ok:
            sender.hurry(target_id)
        return {**_told(answer), "url": targets.shown_url(target.url)}

    def _parked() -> dict[str, Any]:
        with database.reading() as session:
            return {"deliveries": inbox.list_rows(session)}

    return api


def _told(answer: Any) -> dict[str, Any]:
    return {"ok": answer.ok, "status": answer.status, "text": answer.text, "took_ms": answer.took_ms}
