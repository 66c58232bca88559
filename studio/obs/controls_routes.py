"""What of OBS a host reaches for in a show beside scenes and mutes; each call answers with `obs_controls`."""

import time
from collections.abc import Callable
from typing import Annotated, Any, Self

from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, model_validator

from studio.errors import BadInput, Conflict, ObsRequestFailed, StudioError
from studio.obs import codes
from studio.obs.frames import Json
from studio.obs.link import ObsLink
from studio.obs.schemas import Name
from studio.obs.thumbnail import Gallery
from studio.types import Require, Role

PAUSE_PATIENCE_S, REPLAY_START_PATIENCE_S, REPLAY_SAVE_PATIENCE_S = 1.5, 3.0, 8.0
LOOK_S = 0.1


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemIn(_In):
    scene: Name
    id: int = Field(ge=0, le=2**31)
    visible: bool


class TransitionIn(_In):
    """duration_ms: OBS takes 50 ms to 20 s; fixed ones (cut, stinger) have none."""

    name: Name | None = None
    duration_ms: Annotated[int, Field(ge=50, le=20_000)] | None = None

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if self.name is None and self.duration_ms is None:
            raise ValueError("name or duration_ms")
        return self


class SwitchIn(_In):
    on: bool


class VolumeIn(_In):
    """db: 0 is OBS's 100 %; OBS itself goes up to +26."""

    input: Name
    db: float = Field(ge=-100, le=26, allow_inf_nan=False)


class PauseIn(_In):
    paused: bool


class ChoiceIn(_In):
    name: Name


def blueprint(link: ObsLink, require: Require, look: Callable[[], Any]) -> APIBlueprint:  # noqa: PLR0915 - a list of routes
    """Routes over a link.

    Args:
        link: the connection to OBS.
        require: guards each route by role.
        look: reads OBS and sets the topic `obs_controls`; its value.
    """
    api = APIBlueprint("obs_controls", __name__, tag="OBS")
    pictures = Gallery(link.ask)

    def do(*steps: tuple[str, Json], already: int = 0) -> ResponseReturnValue:
        """Run requests in order; `already` is the refusal that says that it is so already."""
        for name, data in steps:
            try:
                link.ask(name, data)
            except ObsRequestFailed as error:
                if error.details["obs_code"] != already:
                    raise
        return look()

    def seen(done: Callable[[], bool], patience_s: float) -> bool:
        """Whether OBS has done within a while what it said yes to."""
        until = time.monotonic() + patience_s
        while not done():
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_S)
        return True

    def named(error: ObsRequestFailed, noun: tuple[str, str], name: str, known: str) -> StudioError:
        """For an unknown name, an error that lists the names there are."""
        choice = look().get(known) or {}
        return codes.missing(error, noun, name, tuple(choice.get("names", ())))

    def off_air() -> None:
        """OBS's own window bars these while it records or streams, its socket does not: the picture would tear."""
        if link.state.recording or link.state.streaming:
            raise Conflict(
                "正在录像或推流，不能换场景集合和配置文件：先停下来",
                "recording or streaming: stop before changing scene collection or profile",
            )

    @api.post("/obs/item")
    @require(Role.PRODUCER)
    @api.input(ItemIn)
    def item(json_data: ItemIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Show or hide a source in a scene."""
        given = json_data
        data = {"sceneName": given.scene, "sceneItemId": given.id, "sceneItemEnabled": given.visible}
        return do(("SetSceneItemEnabled", data))

    @api.post("/obs/transition")
    @require(Role.PRODUCER)
    @api.input(TransitionIn)
    def transition(json_data: TransitionIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Choose the transition between scenes, or how long it takes."""
        steps: list[tuple[str, Json]] = []
        if json_data.name is not None:
            steps.append(("SetCurrentSceneTransition", {"transitionName": json_data.name}))
        if json_data.duration_ms is not None:
            steps.append(("SetCurrentSceneTransitionDuration", {"transitionDuration": json_data.duration_ms}))
        try:
            return do(*steps)
        except ObsRequestFailed as error:
            raise named(error, ("转场", "transition"), json_data.name or "", "transition") from error

    @api.post("/obs/studio-mode")
    @require(Role.PRODUCER)
    @api.input(SwitchIn)
    def studio_mode(json_data: SwitchIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Switch studio mode (preview and program) on or off."""
        return do(("SetStudioModeEnabled", {"studioModeEnabled": json_data.on}))

    @api.post("/obs/preview/take")
    @require(Role.PRODUCER)
    def take() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Preview to program, with the chosen transition (studio mode)."""
        return do(("TriggerStudioModeTransition", {}))

    @api.post("/obs/volume")
    @require(Role.PRODUCER)
    @api.input(VolumeIn)
    def volume(json_data: VolumeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """How loud an input is."""
        try:
            return do(("SetInputVolume", {"inputName": json_data.input, "inputVolumeDb": json_data.db}))
        except ObsRequestFailed as error:
            noun = ("声音来源", "audio input")
            raise codes.missing(error, noun, json_data.input, tuple(link.state.inputs)) from error

    @api.post("/obs/replay")
    @require(Role.PRODUCER)
    @api.input(SwitchIn)
    def replay(json_data: SwitchIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Start or stop the replay buffer (OBS: Settings → Output → Replay Buffer)."""
        if not json_data.on:
            return do(("StopReplayBuffer", {}), already=codes.OUTPUT_NOT_RUNNING)
        do(("StartReplayBuffer", {}), already=codes.OUTPUT_RUNNING)
        # OBS answers yes and asks in its own window where it has no source or no key for saving
        if not seen(lambda: link.ask("GetReplayBufferStatus")["outputActive"], REPLAY_START_PATIENCE_S):
            raise ObsRequestFailed(
                "OBS 没有开启回放缓存：看看 OBS 的窗口在问什么，并在 OBS 设置 → 快捷键里给“保存回放”设一个键",
                "OBS did not start the replay buffer: see what its window asks, and in its settings → Hotkeys give "
                "“Save Replay” a key",
            )
        return look()

    @api.post("/obs/replay/save")
    @require(Role.PRODUCER)
    def save_replay() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Keep the last moments as a file; answers with its `path` on OBS's machine, once OBS has written it."""
        before = link.ask("GetLastReplayBufferReplay")
        link.ask("SaveReplayBuffer")
        # OBS 29 does not send its ReplayBufferSaved
        if not seen(lambda: link.ask("GetLastReplayBufferReplay") != before, REPLAY_SAVE_PATIENCE_S):
            raise ObsRequestFailed(
                "OBS 没有说回放存好了：看看磁盘有没有空间，录像文件夹还在不在",
                "OBS has not said that the replay is saved: see whether its disk has room and its recording folder is "
                "there",
            )
        return {"path": link.ask("GetLastReplayBufferReplay")["savedReplayPath"]}

    @api.post("/obs/stream")
    @require(Role.HOST)
    @api.input(SwitchIn)
    def stream(json_data: SwitchIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Start or stop the stream."""
        if json_data.on:
            return do(("StartStream", {}), already=codes.OUTPUT_RUNNING)
        return do(("StopStream", {}), already=codes.OUTPUT_NOT_RUNNING)

    @api.post("/obs/record/pause")
    @require(Role.PRODUCER)
    @api.input(PauseIn)
    def pause(json_data: PauseIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Pause or resume the recording."""
        link.ask("PauseRecord" if json_data.paused else "ResumeRecord")
        # OBS answers yes and does nothing where recording and stream share an encoder
        if not seen(lambda: link.ask("GetRecordStatus").get("outputPaused") == json_data.paused, PAUSE_PATIENCE_S):
            raise ObsRequestFailed(
                "OBS 不能暂停这个录像：请在 OBS 设置 → 输出里把录像质量改成“与推流相同”以外的",
                "OBS cannot pause this recording: in its settings → Output choose another recording quality than "
                "“same as stream”",
            )
        return look()

    @api.post("/obs/collection")
    @require(Role.HOST)
    @api.input(ChoiceIn)
    def collection(json_data: ChoiceIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Another scene collection; its scenes follow by the topic `obs`."""
        off_air()
        try:
            return do(("SetCurrentSceneCollection", {"sceneCollectionName": json_data.name}))
        except ObsRequestFailed as error:
            raise named(error, ("场景集合", "scene collection"), json_data.name, "collection") from error

    @api.post("/obs/profile")
    @require(Role.HOST)
    @api.input(ChoiceIn)
    def profile(json_data: ChoiceIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Another profile."""
        off_air()
        try:
            return do(("SetCurrentProfile", {"profileName": json_data.name}))
        except ObsRequestFailed as error:
            raise named(error, ("配置文件", "profile"), json_data.name, "profile") from error

    @api.get("/obs/scenes/thumbnail.jpg")
    @require(Role.PRODUCER)
    @api.doc(responses={200: {"description": "JPEG", "content": {"image/jpeg": {}}}})
    def picture() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """`?scene=`: a scene, 320 px wide, at most two seconds old; shared by everybody who looks."""
        scene = request.args.get("scene", "")
        if scene not in link.state.scenes:
            raise BadInput(f"OBS 里没有场景“{scene[:80]}”", f"OBS has no scene '{scene[:80]}'")
        return Response(pictures.get(scene), content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    return api
