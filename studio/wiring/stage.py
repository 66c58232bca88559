"""Shows and OBS: the rundown, what is on air, and OBS following it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import request, url_for

from studio import config, events
from studio.errors import StudioError
from studio.obs import routes as obs_routes
from studio.obs import setup_routes
from studio.obs.layout import Orientation, composite_url
from studio.shop import catalogue
from studio.shows import prompter_routes
from studio.shows import routes as show_routes
from studio.shows.prompter import Prompter
from studio.types import Role, now_ms
from studio.web.auth import LOCAL_NAMES
from studio.wiring import Core, preflight, spawning
from studio.wiring.cueing import make_cueing


def wire(core: Core) -> None:
    """Topics follow the show, OBS follows the rundown."""
    bus, state, view, link = core.bus, core.state, core.view, core.link

    def save_obs(host: str, port: int, password: str) -> None:
        where = {"obs_host": host, "obs_port": port, "obs_password": password}
        config.save(core.settings.data_dir, {**where, "obs_enabled": True})

    bus.listen(events.ShowChanged, view.show)
    bus.listen(events.ItemTaken, view.show)
    bus.listen(events.ItemPutOnStandby, view.show)
    bus.listen(events.LanChanged, view.product)
    _lead_obs(core)
    bus.listen(events.ObsChanged, lambda event: state.put("obs", asdict(event)))
    state.put("obs", asdict(link.state))
    core.parts.append(link)
    cueing = make_cueing(core)

    prompter = Prompter(lambda: state.get("show"), lambda value: state.put("prompter", value))
    prompter.follow()
    bus.listen(events.ShowChanged, prompter.follow)
    bus.listen(events.ItemTaken, prompter.follow)

    def prompter_link() -> dict[str, Any]:
        token = core.tokens.of(Role.PROMPTER)
        if core.lan.url is not None:  # the second device is another one, whatever this one uses
            return {"url": core.lan.url + url_for("pages.prompter", token=token), "local": False}
        local = request.host.rsplit(":", 1)[0].lower() in LOCAL_NAMES
        return {"url": url_for("pages.prompter", token=token, _external=True), "local": local}

    def overlay_url(orientation: Orientation) -> str:
        """As OBS on this PC opens it, whatever address the operator's browser used."""
        port = int(request.environ["SERVER_PORT"])
        return composite_url(core.settings.local_host, port, core.tokens.of(Role.OVERLAY), orientation)

    for blueprint in (
        setup_routes.blueprint(link, core.guard.require, overlay_url, core.settings.data_dir / "obs-setup.json"),
        show_routes.blueprint(
            core.writer,
            core.database,
            core.guard.require,
            template_folders=(config.asset_root() / "scenes", core.settings.data_dir / "scenes"),
            airable=catalogue.airable,
            dismiss=cueing.dismiss,
            report=preflight.make(core).report,
        ),
        prompter_routes.blueprint(prompter, core.guard.require, prompter_link),
        obs_routes.blueprint(link, core.guard.require, save_obs),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")


def _lead_obs(core: Core) -> None:
    """OBS switches to the scene of what is on air, and previews that of what comes next."""
    state, link = core.state, core.link

    def tell_failure(command: Callable[[str], None], scene: str) -> None:
        try:
            command(scene)
        except StudioError as error:
            state.put("notice", {"zh": error.zh, "en": error.en, "at": now_ms()})

    def follow_item(event: events.ItemTaken) -> None:
        """When OBS cannot follow, the control page says why."""
        if event.scene is not None and link.connected:
            tell_failure(link.switch, event.scene)

    def preview_item(event: events.ItemPutOnStandby) -> None:
        """In studio mode OBS shows what comes next beside what is on air."""
        if event.scene is not None and link.connected and link.state.studio_mode:
            tell_failure(link.preview, event.scene)

    def tell_lost(event: events.SceneSwitchLost) -> None:
        zh = f"OBS 没有切到“{event.scene}”：答应了两次都没有做，请在 OBS 里看一下，再切一次"
        en = f"OBS did not switch to '{event.scene}', though it said yes twice: look at OBS and switch again"
        state.put("notice", {"zh": zh, "en": en, "at": now_ms()})

    core.bus.listen(events.SceneSwitchLost, tell_lost)
    core.bus.listen(events.ItemTaken, spawning(follow_item))
    core.bus.listen(events.ItemPutOnStandby, spawning(preview_item))
