"""Every error of every route in one shape: RFC 9457 problem documents for programs, a page for people."""

import json
import logging
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, render_template, request
from flask_babel import get_locale
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from studio.errors import StudioError

_log = logging.getLogger(__name__)

MAX_ID = 2**31 - 1
"""Row numbers are 32 bits on PostgreSQL."""

_BUYERS = ("/s/", "/o/", "/me", "/r/")

_TEXTS = {
    400: ("请求格式不对", "the request is malformed"),
    404: ("没有这个地址", "there is nothing at this address"),
    405: ("这个地址不支持这种请求方法", "this address does not support the method"),
    413: ("内容太大", "the content is too large"),
    415: ("内容类型不支持", "the content type is not supported"),
    416: ("没有请求的那一段内容", "the content has no such range"),
    422: ("有几项填得不对", "some fields are not valid"),
    429: ("太频繁了，请稍后再试", "too many requests, try again later"),
    500: ("内部错误，已写入日志", "internal error, see the log"),
}


class _Id(IntegerConverter):
    """A row's number in an address; one that no database can hold names nothing, 404."""

    def __init__(self, map: Map, *, fixed_digits: int = 0) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, fixed_digits, max=MAX_ID)


def register(app: APIFlask) -> None:
    """Translate StudioError, HTTP errors, validation errors and the unexpected."""
    app.url_map.converters["int"] = _Id
    app.error_processor(_validation_error)  # first: it takes HTTPException, too, and knows nothing of headers
    app.register_error_handler(StudioError, _studio_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(Exception, _unexpected)


def _studio_error(error: StudioError) -> Response:
    return _answer(error.status, error.code, error.zh, error.en, error.details)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    zh, en = _TEXTS.get(status, (error.name, error.name))
    answer = _answer(status, f"http-{status}", zh, en, {})
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _validation_error(error: HTTPError) -> Response:
    details = {"errors": error.detail} if error.detail else {}
    zh, en = _TEXTS.get(error.status_code, (error.message, error.message))
    fields = ", ".join(_field_names(details))
    if fields:
        zh, en = f"{zh}：{fields}", f"{en}: {fields}"
    return _answer(error.status_code, "bad-input" if details else f"http-{error.status_code}", zh, en, details)


def _too_deep(_error: RecursionError) -> Response:
    """JSON nested so deep that the decoder gave up."""
    return _answer(400, "http-400", *_TEXTS[400], {})


def _not_storable(_error: DataError) -> Response:
    """Asked for what no PostgreSQL could hold: a NUL in a text."""
    return _answer(422, "bad-input", *_TEXTS[422], {})


def _field_names(details: dict[str, Any]) -> list[str]:
    """The fields that validation refused, as dotted paths (`lines.0.quantity`)."""
    places: Any = details.get("errors", {})
    return [
        str(field)
        for fields in (places.values() if isinstance(places, dict) else ())  # pyright: ignore[reportUnknownMemberType]
        for field in (fields if isinstance(fields, dict) else ())
        if field != "_schema"
    ]


def _unexpected(error: Exception) -> Response:
    # the rule, not the path: an order's private link must not be in the log
    _log.error("unexpected error at %s %s", request.method, request.url_rule or "?", exc_info=error)
    return _answer(500, "internal", *_TEXTS[500], {})


def _answer(status: int, code: str, zh: str, en: str, details: dict[str, Any]) -> Response:
    detail = zh if str(get_locale() or "zh").startswith("zh") else en
    if _wants_page():
        template = "buyer/error.html" if request.path.startswith(_BUYERS) else "error.html"
        page = render_template(template, status=status, detail=detail)
        return Response(page, status=status, headers={"Cache-Control": "no-store"})
    body = {"type": f"urn:linli-studio:{code}", "title": en, "status": status, "detail": detail, "code": code}
    return Response(
        json.dumps({**details, **body}, ensure_ascii=False).encode("utf-8", "replace"),  # quotes JSON's lone surrogates
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


def _wants_page() -> bool:
    if request.path.startswith(("/api/", "/assets/", "/healthz")):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
