"""What overlays wear, and overlays of the host's own."""

from studio.config import asset_root
from studio.overlays import theme_routes
from studio.overlays.packs import Packs
from studio.overlays.themes import Themes
from studio.vision import photos
from studio.web import overlay_pages
from studio.web.sockets import PUBLIC_TOPICS
from studio.wiring import Core


def wire(core: Core) -> None:
    """Every open overlay follows the theme on air."""
    themes = Themes(core.settings.data_dir / "themes")

    def changed() -> None:
        core.state.put("theme", themes.on_air().topic())

    changed()
    core.app.register_blueprint(
        theme_routes.blueprint(themes, core.guard.require, redraw=photos.cleaned_logo, changed=changed),
        url_prefix="/api/v1",
    )
    packs = Packs((core.settings.data_dir / "packs", asset_root() / "scenes" / "packs"), PUBLIC_TOPICS)
    core.app.register_blueprint(overlay_pages.blueprint(core.guard, packs))
