"""OBS looked after: its controls, figures and meters as topics, and what the page may do with them."""

from dataclasses import asdict

from studio import config, events
from studio.obs import alarm_routes, controls_routes
from studio.obs.alarms import Limits
from studio.obs.watch import ObsWatch
from studio.wiring import Core


def wire(core: Core) -> None:
    """The watch looks while OBS is connected; the meters go from OBS to the pages that show them."""
    settings = core.settings
    limits = Limits(settings.obs_alarm_dropped_percent, settings.obs_alarm_disk_gb, settings.obs_alarm_cpu_percent)

    def wanted() -> list[str]:
        show = core.state.get("show")
        if not show or show["status"] != "live":
            return []
        return [item["scene"] for item in show["rundown"] if item["scene"]]

    watch = ObsWatch(core.link, core.state.put, core.sockets.watched, limits, wanted)
    core.parts.append(watch)
    core.bus.listen(events.ObsChanged, watch.wake)
    core.bus.listen(events.ShowChanged, watch.wake)

    def choose(chosen: Limits) -> None:
        config.save(settings.data_dir, {f"obs_alarm_{name}": value for name, value in asdict(chosen).items()})
        watch.limits = chosen
        watch.wake()

    for blueprint in (
        controls_routes.blueprint(core.link, core.guard.require, watch.look),
        alarm_routes.blueprint(core.guard.require, lambda: watch.limits, choose),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")
