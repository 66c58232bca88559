"""Where chat programs deliver comments: a secret in the address, JSON in the body."""

import hmac
import json
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter, ValidationError

from studio.audience import comments
from studio.audience.comments import Message
from studio.audience.room import Room
from studio.audience.schemas import CommentIn
from studio.audience.texts import clean
from studio.errors import BadInput, NotAllowed
from studio.types import View, now_ms
from studio.unit import Writer

LIMIT = "1200 per minute"
MAX_BYTES = 256 * 1024
MAX_MESSAGES = 200
_GENERIC = TypeAdapter(list[CommentIn])
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Allow-Private-Network": "true",
}
"""Social Stream Ninja runs in a browser, as an extension or a page of its own; the address is the secret."""


def blueprint(
    writer: Writer, deliveries: Callable[[str], Callable[[View], View]], room: Room, token: str
) -> APIBlueprint:
    """Routes at /hooks; `deliveries` limits their rate."""
    api = APIBlueprint("comment_hooks", __name__, tag="Hooks 接入")

    @api.post("/hooks/comments/<given>")
    @deliveries(LIMIT)
    def generic(given: str) -> ResponseReturnValue:
        """A comment `{id, source?, who, text, at?}`, or a list of them; one that came before changes nothing."""
        check(given)
        try:
            read = _GENERIC.validate_python(_messages())
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadInput(f"评论的格式不对：{place}", f"a comment is malformed at {place}: {first['msg']}") from error
        return take_in(
            [
                Message(each.source, clean(str(each.id), comments.MAX_ID) or "0", each.who, each.text, each.at)
                for each in read
            ]
        )

    @api.post("/hooks/ssn/<given>", provide_automatic_options=False)
    @deliveries(LIMIT)
    def ninja(given: str) -> ResponseReturnValue:
        """A message as Social Stream Ninja posts it ("Send all to POST server"); what nobody wrote is ignored."""
        check(given)
        read = [comments.of_ninja(each) for each in _messages() if isinstance(each, dict)]
        answer = Response(json.dumps(take_in([message for message in read if message])), mimetype="application/json")
        answer.headers.update(_CROSS_ORIGIN)
        return answer

    @api.route("/hooks/ssn/<given>", methods=["OPTIONS"])
    @api.doc(hide=True)
    def preflight(given: str) -> ResponseReturnValue:  # noqa: ARG001 # pyright: ignore[reportUnusedFunction]
        return Response(status=204, headers=_CROSS_ORIGIN)

    def check(given: str) -> None:
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise NotAllowed(
                "地址里的密钥不对，请在控制台的“评论”里重新复制",
                "wrong key, copy the address again from 'Comments' in the control page",
            )

    def take_in(messages: list[Message]) -> dict[str, int]:
        words, on_air, at = room.products(), room.on_air(), now_ms()
        new = writer.run(
            lambda unit: comments.take_in(
                unit, messages, show_id=room.stage_show_id(unit), mark=room.mark, at=at, products=words, on_air=on_air
            )
        )
        return {"received": len(messages), "new": new}

    return api


def _messages() -> list[Any]:
    """The body, whatever type it claims to be: browsers send text/plain where they may not ask first."""
    request.max_content_length = MAX_BYTES
    try:
        body: Any = json.loads(request.get_data(cache=False))
    except ValueError as error:
        raise BadInput("请发送 JSON", "send JSON") from error
    messages: list[Any] = body if isinstance(body, list) else [body]
    if len(messages) > MAX_MESSAGES:
        raise BadInput(f"一次最多 {MAX_MESSAGES} 条", f"at most {MAX_MESSAGES} at a time")
    return messages
