"""One language model behind one function: any address that speaks OpenAI's chat completions, such as a local Ollama.

Source of the format: https://platform.openai.com/docs/api-reference/chat. Only the host can set the address. No
redirect is followed, no proxy of the environment is used, answers are limited in size and time, and a key never goes
over plain HTTP to another network.
"""

import ipaddress
import json
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import gevent
import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.errors import BadInput, Unavailable

CONNECT_S = 5.0
ANSWER_S = 120.0
"""A small model on a laptop's processor needs its time."""
MAX_BYTES = 512 * 1024
_MAX_SUMMARY, _MAX_QUESTION, _MAX_ANSWER = 600, 200, 400
_BAD_REQUEST = 400
_WORDS = {
    400: ("它不接受这个请求，请检查模型名", "it refuses the request, check the name of the model"),
    401: ("密钥不对", "the key is wrong"),
    403: ("密钥没有权限", "the key is not allowed to"),
    404: ("地址或模型名不对", "the address or the name of the model is wrong"),
    413: ("内容太长，它收不下", "the text is too long for it"),
    429: ("它太忙，或者额度用完了", "it is busy, or the quota is used up"),
}


class WrittenProduct(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sku: str
    summary: str = Field(min_length=1)


class WrittenPair(BaseModel):
    model_config = ConfigDict(extra="ignore")

    sku: str | None = None
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class Written(BaseModel):
    """What a model is asked to write; more than is asked for is left out."""

    model_config = ConfigDict(extra="ignore")

    products: list[WrittenProduct] = Field(default_factory=list[WrittenProduct], max_length=200)
    qa: list[WrittenPair] = Field(default_factory=list[WrittenPair], max_length=400)


@dataclass(frozen=True, slots=True)
class Where:
    """A model's address (such as http://127.0.0.1:11434/v1), its name, and its key; None where it needs none."""

    url: str
    model: str
    key: str | None


def require_address(url: str, key: str | None) -> None:
    """Refuse what is no address of a language model, and a key in the clear across networks.

    Raises:
        BadInput: saying what is wrong.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        fine, parts = False, urlsplit("")
    if not fine or parts.query or parts.fragment or not url.isascii() or any(letter <= " " for letter in url):
        raise BadInput(
            "请填写完整地址，如 http://127.0.0.1:11434/v1，不带用户名和参数",
            "enter a whole address such as http://127.0.0.1:11434/v1, without user name and parameters",
        )
    where = _addresses(parts.hostname or "")
    if any(each.is_link_local or each.is_multicast or each.is_unspecified for each in where):
        raise BadInput("这个地址不能用", "this address cannot be used")
    if key and parts.scheme == "http" and not all(each.is_private for each in where):
        raise BadInput(
            "带密钥时请用 https:// 的地址，否则密钥会在网上裸奔",
            "use an https:// address with a key, which would cross the net in the clear otherwise",
        )


def write(
    where: Where, instruction: str, text: str, known_skus: set[str], *, patience_s: float = ANSWER_S
) -> dict[str, Any]:
    """Let the model write, for `patience_s` at most; the answer checked and cut to what we keep.

    Raises:
        Unavailable: no answer, a refusal, or an answer that is not what was asked for.
        BadInput: the address became one that is not allowed.
    """
    require_address(where.url, where.key)
    body: dict[str, Any] = {
        "model": where.model,
        "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": text}],
        "temperature": 0.2,
        "stream": False,
        "response_format": {"type": "json_object"},
    }
    status, raw = _post(where, body, patience_s)
    if status == _BAD_REQUEST:  # some servers know no response_format
        del body["response_format"]
        status, raw = _post(where, body, patience_s)
    if not 200 <= status < 300:  # noqa: PLR2004
        zh, en = _WORDS.get(status, (f"它出错了（HTTP {status}）", f"it failed (HTTP {status})"))
        raise _failed(zh, en)
    return _checked(raw, known_skus)


def _post(where: Where, body: dict[str, Any], patience_s: float) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {where.key}"} if where.key else {}
    url = f"{where.url.rstrip('/')}/chat/completions"
    try:
        # a server that trickles its answer resets the socket's own timeout again and again
        with gevent.Timeout(patience_s, TimeoutError("timeout")), requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                url, json=body, headers=headers, timeout=(CONNECT_S, patience_s), allow_redirects=False, stream=True
            )
            raw = b""
            for part in answer.iter_content(16 * 1024):
                raw += part
                if len(raw) > MAX_BYTES:
                    raise _failed("它的回答太长", "its answer is too long")
            return answer.status_code, raw
    except (requests.Timeout, TimeoutError) as error:
        raise _failed("它没有按时回答", "it did not answer in time") from error
    except (requests.RequestException, OSError, ValueError) as error:  # the address, never the key
        raise _failed(
            "连不上它，请检查地址和它是否在运行", "cannot reach it: check the address and whether it runs"
        ) from error


def _checked(raw: bytes, known_skus: set[str]) -> dict[str, Any]:
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
        found = re.search(r"\{.*\}", re.sub(r"(?s)<think>.*?</think>", "", content), re.DOTALL)
        written = Written.model_validate_json(found[0] if found else "")
    except (ValueError, KeyError, IndexError, TypeError, RecursionError, ValidationError) as error:
        raise _failed(
            "它的回答不是要的格式，可以再试一次或换个模型", "its answer is not in the format asked for"
        ) from error
    products = {each.sku: each.summary.strip()[:_MAX_SUMMARY] for each in written.products if each.sku in known_skus}
    pairs = [
        {
            "sku": each.sku if each.sku in known_skus else None,
            "question": each.question.strip()[:_MAX_QUESTION],
            "answer": each.answer.strip()[:_MAX_ANSWER],
        }
        for each in written.qa
    ]
    if not products and not pairs:
        raise _failed("它什么也没写", "it wrote nothing")
    return {"products": [{"sku": sku, "summary": text} for sku, text in products.items()], "qa": pairs}


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # told when it is asked: the name may be known later
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _failed(zh: str, en: str) -> Unavailable:
    return Unavailable(f"语言模型：{zh}。规则写的小结还在", f"language model: {en}; the rules' summary stays")
