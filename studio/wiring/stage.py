"""Shows and OBS: the rundown, what is on air, and OBS following it."""

from dataclasses import asdict
from typing import Any

from flask import request, url_for

from studio import config, events
from studio.errors import StudioError
from studio.obs import routes as obs_routes
from studio.obs import setup_routes
from studio.obs.layout import Orientation, composite_url
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

    def follow_item(event: events.ItemTaken) -> None:
        """When OBS cannot follow, the control page says why."""
        if event.scene is None or not link.connected:
            return
        try:
            link.switch(event.scene)
        except StudioError as error:
            state.put("notice", {"zh": error.zh, "en": error.en, "at": now_ms()})

    def save_obs(host: str, port: int, password: str) -> None:
        where = {"obs_host": host, "obs_port": port, "obs_password": password}
        config.save(core.settings.data_dir, {**where, "obs_enabled": True})

    bus.listen(events.ShowChanged, view.show)
    bus.listen(events.ItemTaken, view.show)
    bus.listen(events.ItemTaken, spawning(follow_item))
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
            dismiss=cueing.dismiss,
            report=preflight.make(core).report,
        ),
        prompter_routes.blueprint(prompter, core.guard.require, prompter_link),
        obs_routes.blueprint(link, core.guard.require, save_obs),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")
