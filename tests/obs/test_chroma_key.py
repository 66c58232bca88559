"""The key that the docs advise, in a real OBS: it goes, and not one of the overlays' own colours goes with it."""

import base64
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.obs.frames import Step
from tests.obs.real_obs import SCENES

pytestmark = [pytest.mark.obs, pytest.mark.xdist_group("obs")]
TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text("utf-8")
OPAQUE = sorted(set(re.findall(r"#[0-9a-f]{6}\b", TOKENS)))


KEYS = ("#ff00ff", *OPAQUE)
BLOCK = 16


@pytest.fixture
def palette(hand, tmp_path):
    """Every colour as a block of one picture, behind a chroma key of magenta as a host adds it."""
    colours = [[int(colour[at : at + 2], 16) for at in (5, 3, 1)] for colour in KEYS]  # BGR
    picture = np.repeat(np.repeat(np.array([colours], np.uint8), BLOCK, axis=0), BLOCK, axis=1)
    cv2.imwrite(str(tmp_path / "palette.png"), picture)
    given = {"inputName": "色板", "inputKind": "image_source", "inputSettings": {"file": str(tmp_path / "palette.png")}}
    hand.request("CreateInput", {"sceneName": SCENES[0], **given})
    key = {"filterKind": "chroma_key_filter_v2", "filterSettings": {"key_color_type": "magenta", "similarity": 350}}
    hand.request("CreateSourceFilter", {"sourceName": "色板", "filterName": "色度键", **key})
    yield "色板"
    hand.request("RemoveInput", {"inputName": "色板"})


def opacities(hand, source):
    """Colour → alpha in the middle of its block."""
    answer = hand.request("GetSourceScreenshot", {"sourceName": source, "imageFormat": "png"})
    png = np.frombuffer(base64.b64decode(answer["imageData"].partition(",")[2]), np.uint8)
    middle = cv2.imdecode(png, cv2.IMREAD_UNCHANGED)[BLOCK // 2, BLOCK // 2 :: BLOCK, 3]
    return dict(zip(KEYS, middle.tolist(), strict=True))


def test_magenta_goes_and_every_colour_of_ours_stays(hand, palette):
    while opacities(hand, palette)["#ff00ff"]:  # OBS takes the filter up with its next frame
        hand.batch([Step("Sleep", {"sleepMillis": 50})])
    assert len(OPAQUE) > 20
    assert {colour: alpha for colour, alpha in opacities(hand, palette).items() if alpha < 255} == {"#ff00ff": 0}
