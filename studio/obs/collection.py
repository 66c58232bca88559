"""The set-up's scenes as an OBS scene collection, for hosts who import a file (OBS: Scene Collection → Import).

The same layout data as the one-click set-up. Source of the format: what OBS 29 itself writes to `basic/scenes/*.json`.
"""

from typing import Any

from studio.obs.frames import Json
from studio.obs.layout import OVERLAY_SIZE, SCENES, Canvas, Item, Orientation, Scene, Source, sources, transform

_BOUNDS_SCALE_INNER = 2  # obs_bounds_type
# a file cannot ask OBS for its versions: the oldest of these that OBS 28 has
_VERSIONED = {"color_source": "color_source_v3"}
NAMES: dict[Orientation, str] = {"portrait": "邻里直播间 竖屏", "landscape": "邻里直播间 横屏"}
FILES: dict[Orientation, str] = {"portrait": "obs-portrait.json", "landscape": "obs-landscape.json"}


def collection(orientation: Orientation, overlay_url: str) -> Json:
    """A scene collection for a canvas of the overlays' own size."""
    canvas = Canvas(*OVERLAY_SIZE[orientation])
    opening = next(scene.name for scene in SCENES if scene.items)
    return {
        "name": NAMES[orientation],
        "current_scene": opening,
        "current_program_scene": opening,
        "scene_order": [{"name": scene.name} for scene in SCENES],
        "sources": [
            *(_source(source) for source in sources(canvas, overlay_url)),
            *(_scene(scene, canvas) for scene in SCENES),
        ],
    }


def _source(source: Source) -> Json:
    kind = source.kind
    return {
        "id": kind,
        "versioned_id": _VERSIONED.get(kind, kind),
        "name": source.name,
        "settings": dict(source.settings),
        "enabled": True,
        "muted": False,
        "volume": 1.0,
    }


def _scene(scene: Scene, canvas: Canvas) -> Json:
    return {
        "id": "scene",
        "versioned_id": "scene",
        "name": scene.name,
        "settings": {
            "id_counter": len(scene.items),
            "custom_size": False,
            "items": [_item(number, item, canvas) for number, item in enumerate(scene.items, start=1)],
        },
    }


def _item(number: int, item: Item, canvas: Canvas) -> dict[str, Any]:
    place = transform(canvas, item.zoom)
    return {
        "name": item.source,
        "id": number,
        "visible": True,
        "locked": False,
        "rot": 0.0,
        "align": place["alignment"],
        "pos": {"x": place["positionX"], "y": place["positionY"]},
        "scale": {"x": 1.0, "y": 1.0},
        "bounds_type": _BOUNDS_SCALE_INNER,
        "bounds_align": place["boundsAlignment"],
        "bounds": {"x": place["boundsWidth"], "y": place["boundsHeight"]},
    }
