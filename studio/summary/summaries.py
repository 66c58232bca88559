"""The language model's side of a show's summary: connected by the host, asked once somebody has seen what is sent."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gevent
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import Conflict, StudioError
from studio.summary import client
from studio.summary.digest import INSTRUCTION, Found, digest, sent_text
from studio.summary.models import LanguageModel, WrittenSummary
from studio.types import now_ms
from studio.unit import Unit, Writer
from studio.vault import Vault

_ONLY = 1
"""There is one language model."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What would be sent, word for word; `mark` tells whether it still is the same."""

    text: str
    mark: str


class Summaries:
    """Summaries of shows, by rules and by the language model.

    Args:
        found: the best sentences and qa of a show; raises NotFound for an unknown one.
        names: SKU → product name.
        put: sets the topic `writing`.
    """

    def __init__(
        self,
        writer: Writer,
        database: Database,
        vault: Vault,
        *,
        found: Callable[[Session, int], Found],
        names: Callable[[Session], Mapping[str, str]],
        put: Callable[[Any], None],
    ) -> None:
        self._writer = writer
        self._database = database
        self._vault = vault
        self._found = found
        self._names = names
        self._put = put
        self._busy = False

    def settings(self) -> dict[str, Any]:
        """The connection without its key."""
        with self._database.reading() as session:
            row = session.get(LanguageModel, _ONLY)
        if row is None:
            return {"url": "", "model": "", "enabled": False, "has_key": False}
        return {"url": row.url, "model": row.model, "enabled": row.enabled, "has_key": row.key_sealed is not None}

    def connect(self, *, url: str, model: str, key: str | None, enabled: bool) -> None:
        """Set the connection; key None keeps the one that is there, "" forgets it.

        Raises:
            BadInput: no address, or a key that would cross networks in the clear.
        """
        with self._database.reading() as session:
            row = session.get(LanguageModel, _ONLY)
        kept = self._vault.open(row.key_sealed) if row and row.key_sealed and row.url == url else None
        # an address that changes gets no old key: whoever can set an address could read the key there
        given = kept if key is None else key or None
        client.require_address(url, given)
        sealed = self._vault.seal(given) if given else None
        self._writer.run(lambda unit: _set(unit, url, model, sealed, enabled=enabled))

    def read(self, show_id: int) -> dict[str, Any]:
        """Both summaries."""
        with self._database.reading() as session:
            by_rules = digest(self._found(session, show_id), self._names(session))
            row = session.get(WrittenSummary, show_id)
            written = row and {**row.body, "model": row.model, "at": row.at}
        return {"rules": by_rules, "written": written, "enabled": self.settings()["enabled"]}

    def preview(self, show_id: int) -> Shown:
        """What would be sent."""
        with self._database.reading() as session:
            text = sent_text(self._found(session, show_id), self._names(session))
        whole = f"{INSTRUCTION}\n\n{text}"
        return Shown(whole, hashlib.sha256(whole.encode()).hexdigest()[:16])

    def ask(self, show_id: int, mark: str) -> None:
        """Send what was shown, in the background.

        Raises:
            Conflict: not connected, busy, nothing to send, or not what was shown any more.
        """
        where = self._where()
        shown = self.preview(show_id)
        if where is None:
            raise Conflict("语言模型没有打开，请团长在设置里连接", "no language model is switched on in the settings")
        if shown.mark != mark:
            raise Conflict("要发送的内容变了，请再看一遍", "what would be sent has changed, look at it again")
        if shown.text.rstrip() == INSTRUCTION:
            raise Conflict("这场直播还没有可以小结的话", "there is nothing to sum up in this show yet")
        if self._busy:
            raise Conflict("语言模型正在写，请等一等", "the language model is writing, wait for it")
        self._busy = True
        self._say(show_id, "running")
        gevent.spawn(self._run, show_id, where, shown.text)

    def _run(self, show_id: int, where: client.Where, whole: str) -> None:
        try:
            with self._database.reading() as session:
                skus = set(self._names(session))
            body = client.write(where, INSTRUCTION, whole.removeprefix(INSTRUCTION).strip(), skus)
            self._writer.run(lambda unit: _keep(unit, show_id, body, where.model))
            self._say(show_id, "done")
        except StudioError as error:
            self._say(show_id, "failed", error.zh, error.en)
        except Exception:
            self._say(
                show_id,
                "failed",
                "语言模型：出错了。规则写的小结还在",
                "the language model failed; the rules' summary stays",
            )
            raise
        finally:
            self._busy = False

    def _where(self) -> client.Where | None:
        with self._database.reading() as session:
            row = session.get(LanguageModel, _ONLY)
        if row is None or not row.enabled:
            return None
        return client.Where(row.url, row.model, self._vault.open(row.key_sealed) if row.key_sealed else None)

    def _say(self, show_id: int, state: str, zh: str = "", en: str = "") -> None:
        self._put({"show_id": show_id, "state": state, "message_zh": zh, "message_en": en, "at": now_ms()})


def _set(unit: Unit, url: str, model: str, sealed: str | None, *, enabled: bool) -> None:
    row = unit.session.get(LanguageModel, _ONLY) or LanguageModel(id=_ONLY)
    row.url, row.model, row.key_sealed, row.enabled = url, model, sealed, enabled
    unit.session.add(row)


def _keep(unit: Unit, show_id: int, body: dict[str, Any], model: str) -> None:
    row = unit.session.get(WrittenSummary, show_id) or WrittenSummary(show_id=show_id)
    row.body, row.model, row.at = body, model, now_ms()
    unit.session.add(row)
