"""彩排: what a rehearsal gets from the real studio, and when it has to end."""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import request

from studio import events
from studio.errors import BadInput, Conflict, Unavailable
from studio.rehearsal import routes, sandbox
from studio.rehearsal.keeper import Rehearsal
from studio.shows import show as shows
from studio.transcribe.ear import Ear
from studio.transcribe.recital import PREFIX, read_script
from studio.transcribe.transcript import read_transcript
from studio.types import Role, now_ms
from studio.web.auth import Tokens
from studio.web.lan import ENVIRON
from studio.wiring import Core, spawning

SCRIPT = "script.txt"
LENT = ("images", "themes", "packs", "rules")
LENT_BYTES = 300 * 1000**2
"""Of one folder; a larger one stays behind, and its photos are drawn placeholders."""


def wire(core: Core) -> None:
    """A draft is rehearsed in a process of its own; a show that goes live ends the rehearsal."""
    ear = next((part for part in core.parts if isinstance(part, Ear)), None)
    rehearsal = Rehearsal(
        core.settings.data_dir,
        lambda value: core.state.put("rehearsal", value),
        (lambda on: ear.pause(on=on)) if ear else (lambda _on: None),
    )
    core.parts.append(rehearsal)
    core.bus.listen(events.ShowWentLive, spawning(lambda _event: rehearsal.end()))

    def begin(given: routes.RehearsalIn) -> dict[str, Any]:
        if core.settings.rehearsal:
            raise Conflict("这里已经是彩排", "this is the rehearsal already")
        if core.view.live() is not None:
            raise Conflict("直播中不能彩排", "no rehearsal while a show is live")
        if given.source in {"mic", "file"} and not core.settings.ear_enabled:
            raise Unavailable(
                "语音识别已在设置里关闭，只能用文字稿彩排", "speech recognition is switched off: rehearse with a script"
            )
        script = _script_of(core, given)
        rehearsal.begin(lambda folder: _plan(core, given, folder, script), show_id=given.show_id, source=given.source)
        return core.state.get("rehearsal")

    def end() -> dict[str, Any]:
        rehearsal.end()
        return core.state.get("rehearsal")

    def links() -> dict[str, str]:
        if ENVIRON in request.environ:
            raise Conflict("彩排的页面只在主播的电脑上打开", "the rehearsal's pages open on the host's PC alone")
        port, token, folder = rehearsal.port, rehearsal.login_token, rehearsal.folder
        if port is None or token is None or folder is None:
            raise Conflict("没有正在进行的彩排", "no rehearsal is running")
        here = urlsplit(request.host_url)
        host = f"[{here.hostname}]" if ":" in (here.hostname or "") else here.hostname
        overlay = Tokens(folder / "tokens.json").of(Role.OVERLAY)
        base = f"{here.scheme}://{host}:{port}"
        return {
            "control": f"{base}/login?token={token}",
            "stage": f"{base}/overlay/composite?token={overlay}&orientation=landscape",
        }

    core.app.register_blueprint(
        routes.blueprint(core.guard.require, begin=begin, end=end, links=links), url_prefix="/api/v1"
    )


def _script_of(core: Core, given: routes.RehearsalIn) -> str | None:
    """The text that is said, checked before anything starts; None for sound."""
    if given.source == "file" and not given.path:
        raise BadInput("请写录音的路径", "name the recording's path")
    if given.source == "show":
        if given.from_show is None:
            raise BadInput("请选一场有原话的直播", "choose a show that has a transcript")
        with core.database.reading() as session:
            shows.find_show(session, given.from_show)
            said = [segment["text"] for segment in read_transcript(session, given.from_show).segments]
        text = "\n".join(said)
    elif given.source == "script":
        text = given.text or ""
    else:
        return None
    read_script(text)
    return text


def _plan(core: Core, given: routes.RehearsalIn, folder: Path, script: str | None) -> dict[str, Any]:
    with core.database.reading() as session:
        shows.find_show(session, given.show_id)
        rows = sandbox.take_along(session, given.show_id, now_ms())
    source = "mic"
    if script is not None:
        (folder / SCRIPT).write_text(script, "utf-8")
        source = f"{PREFIX}{folder / SCRIPT}"
    elif given.source == "file":
        source = str(given.path)
    elif core.settings.ear_source.startswith("mic"):
        source = core.settings.ear_source
    _lend(core.settings.data_dir, folder)
    settings = core.settings.model_copy(
        update={
            "data_dir": folder,
            "models_dir": core.settings.models,
            "database_url": "",
            "rehearsal": True,
            "port": 0,
            "lan": False,
            "obs_enabled": False,
            "ear_enabled": True,
            "ear_source": source,
            "public_url": "",
            "trusted_proxies": 0,
        }
    )
    return {
        "settings": settings.model_dump(mode="json"),
        "rows": rows,
        "show_id": given.show_id,
        "follows": given.source != "mic",  # who speaks live takes the items, too
        "neighbours": given.neighbours,
    }


def _lend(real: Path, lent: Path) -> None:
    """Photos, themes, packs and speech rules go along as copies: what a rehearsal changes of them stays its own."""
    for name in LENT:
        folder = real / name
        files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
        if files and sum(path.stat().st_size for path in files) <= LENT_BYTES:
            shutil.copytree(folder, lent / name)
