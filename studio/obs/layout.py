"""What the studio sets up in OBS: scenes for a show's parts, and what stands in each, from back to front.

Two empty scenes hold the cameras: the host adds each camera once, there, and every other scene shows it from them. All
names begin with 邻里·, so that nothing of the host's own is ever touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Orientation = Literal["portrait", "landscape"]

CAMERA, SECOND_CAMERA = "邻里·机位", "邻里·现场机位"
OVERLAY, PAPER = "邻里·画面", "邻里·底色"
BROWSER, COLOUR = "browser_source", "color_source"
OVERLAY_SIZE: dict[Orientation, tuple[int, int]] = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
_PAPER_ABGR = 0xFFEFF7FB  # #FBF7EF, as OBS keeps colours


@dataclass(frozen=True, slots=True)
class Item:
    """A source in a scene; zoom > 1 shows its middle, larger."""

    source: str
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An input of ours; `kind` is the beginning of OBS's kind id, whose version OBS is asked for."""

    name: str
    kind: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Canvas:
    """OBS's base canvas, pixels."""

    width: int
    height: int

    @property
    def orientation(self) -> Orientation:
        """Portrait when it is higher than wide."""
        return "portrait" if self.height > self.width else "landscape"


SCENES = (
    Scene(CAMERA),
    Scene(SECOND_CAMERA),
    Scene("邻里·开场", (Item(PAPER), Item(OVERLAY))),
    Scene("邻里·主播", (Item(CAMERA), Item(OVERLAY))),
    Scene("邻里·特写", (Item(CAMERA, 2.0), Item(OVERLAY))),
    Scene("邻里·现场", (Item(SECOND_CAMERA), Item(OVERLAY))),
    Scene("邻里·商品", (Item(CAMERA, 1.4), Item(OVERLAY))),
    Scene("邻里·问答", (Item(CAMERA), Item(OVERLAY))),
    Scene("邻里·结束", (Item(PAPER), Item(OVERLAY))),
)


def sources(canvas: Canvas, overlay_url: str) -> tuple[Source, ...]:
    """Our inputs. `overlay_url` is the composite overlay's address in the canvas's orientation."""
    width, height = OVERLAY_SIZE[canvas.orientation]
    return (
        Source(PAPER, COLOUR, {"color": _PAPER_ABGR, "width": canvas.width, "height": canvas.height}),
        # transparency is the page's own; a page that OBS restarts on every scene change would blink
        Source(
            OVERLAY,
            BROWSER,
            {
                "url": overlay_url,
                "width": width,
                "height": height,
                "shutdown": False,
                "restart_when_active": False,
                "fps_custom": False,
                "is_local_file": False,
            },
        ),
    )


def composite_url(host: str, port: int, token: str, orientation: Orientation) -> str:
    """The composite overlay as OBS on the studio's own PC opens it; without a token it has to be set up first."""
    key = f"token={token}&" if token else ""
    return f"http://{host}:{port}/overlay/composite?{key}orientation={orientation}"


def transform(canvas: Canvas, zoom: float) -> dict[str, Any]:
    """SceneItemTransform that fits a source into the canvas, or shows its middle `zoom` times larger."""
    return {
        "positionX": round(-(zoom - 1) / 2 * canvas.width, 3),
        "positionY": round(-(zoom - 1) / 2 * canvas.height, 3),
        "alignment": 5,
        "boundsType": "OBS_BOUNDS_SCALE_INNER",
        "boundsAlignment": 0,
        "boundsWidth": canvas.width * zoom,
        "boundsHeight": canvas.height * zoom,
        "rotation": 0.0,
        **dict.fromkeys(("cropLeft", "cropTop", "cropRight", "cropBottom"), 0),
    }
