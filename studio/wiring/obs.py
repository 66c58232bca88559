"""OBS looked after: its controls, figures and meters as topics, and what the page may do with them."""

from studio import events
from studio.obs import controls_routes
from studio.obs.alarms import Limits
from studio.obs.watch import ObsWatch
from studio.wiring import Core


def wire(core: Core) -> None:
    """The watch looks while OBS is connected; the meters go from OBS to the pages that show them."""
    settings = core.settings
    limits = Limits(settings.obs_alarm_dropped_percent, settings.obs_alarm_disk_gb, settings.obs_alarm_cpu_percent)
    watch = ObsWatch(core.link, core.state.put, core.sockets.watched, limits)
    core.parts.append(watch)
    core.bus.listen(events.ObsChanged, watch.wake)
    core.app.register_blueprint(
        controls_routes.blueprint(core.link, core.guard.require, watch.look), url_prefix="/api/v1"
    )
