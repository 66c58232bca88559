"""`/obs`: scenes, mute, recording, picture and where OBS is."""

from collections.abc import Callable
from dataclasses import asdict

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue

from studio.obs.link import ObsLink
from studio.obs.schemas import AddressOut, ConnectionIn, MuteIn, ObsOut, RecordIn, SceneIn
from studio.types import Require, Role

Save = Callable[[str, int, str], object]


def blueprint(link: ObsLink, require: Require, save: Save) -> APIBlueprint:
    """Routes over a link.

    Args:
        link: the connection to OBS.
        require: guards each route by role.
        save: keeps (host, port, password) for the next start.
    """
    api = APIBlueprint("obs", __name__, tag="OBS")

    def now() -> ResponseReturnValue:
        return asdict(link.state)

    @api.post("/obs/scene")
    @require(Role.PRODUCER)
    @api.input(SceneIn)
    @api.output(ObsOut)
    def scene(json_data: SceneIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put a scene on program."""
        link.switch(json_data.scene)
        return now()

    @api.post("/obs/preview")
    @require(Role.PRODUCER)
    @api.input(SceneIn)
    @api.output(ObsOut)
    def preview(json_data: SceneIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put a scene on preview (studio mode)."""
        link.preview(json_data.scene)
        return now()

    @api.post("/obs/mute")
    @require(Role.PRODUCER)
    @api.input(MuteIn)
    @api.output(ObsOut)
    def mute(json_data: MuteIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Mute or unmute an audio input."""
        link.set_muted(json_data.input, json_data.muted)
        return now()

    @api.post("/obs/record")
    @require(Role.PRODUCER)
    @api.input(RecordIn)
    @api.output(ObsOut)
    def record(json_data: RecordIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Start or stop recording."""
        link.record(json_data.on)
        return now()

    @api.get("/obs/thumbnail.jpg")
    @require(Role.PRODUCER)
    @api.doc(responses={200: {"description": "JPEG", "content": {"image/jpeg": {}}}})
    def thumbnail() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The program, 640 px wide, at most half a second old."""
        return Response(link.thumbnail(), content_type="image/jpeg", headers={"Cache-Control": "no-store"})

    @api.get("/obs/connection")
    @require(Role.PRODUCER)
    @api.output(AddressOut)
    def address() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Where OBS is looked for; the password is never told."""
        where = link.connection
        return {"host": where.host, "port": where.port, "password": bool(where.password)}

    @api.put("/obs/connection")
    @require(Role.HOST)
    @api.input(ConnectionIn)
    @api.output(ObsOut)
    def connection(json_data: ConnectionIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Where OBS is: kept, and connected to at once; whether it worked shows in the `obs` topic."""
        given = json_data.password
        password = link.connection.password if given is None else given
        save(json_data.host, json_data.port, password)
        link.reconfigure(json_data.host, json_data.port, password)
        return now()

    return api
