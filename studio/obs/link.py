"""The studio's lasting link to OBS: connects, follows, and comes back by itself for as long as the studio runs."""

import contextlib
import functools
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from obswebsocket.base_classes import Baseevents

from studio.errors import ObsRefused, ObsRequestFailed, ObsUnavailable, StudioError
from studio.events import Event, ObsChanged, RecordingStopped, SceneSwitchLost
from studio.obs import codes, frames, recorder, thumbnail
from studio.obs.client import EVENTS, METERS, ObsClient
from studio.obs.frames import Json, Step
from studio.obs.outage import Outage
from studio.obs.snapshot import Snapshot, Stale, recorded_path
from studio.obs.switching import Switches
from studio.types import now_ms

# events come in bursts: one look after the burst, and out of the way of the answer to the command that caused it
_BURST_S = 0.02
_BATCH_PATIENCE_S = 15.0
_LONGEST_CHANGE = 6  # times the patience: an OBS that changes its scene collection for longer hangs
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where OBS is."""

    host: str = "127.0.0.1"
    port: int = 4455
    password: str = field(default="", repr=False)
    enabled: bool = True


class ObsLink:
    """One thread that holds the connection; commands may come from any other.

    Every command raises ObsUnavailable (ObsRefused after a wrong password) while there is no connection, and
    ObsRequestFailed when OBS says no.

    Args:
        connection: where to connect; nothing happens before `start`.
        publish: takes `ObsChanged`, whole and only when it differs from the one before, `RecordingStopped` and
            `SceneSwitchLost`. Called on the link's thread.
        patience_s: longest wait for an answer, and how long OBS may be quiet before it is asked whether it lives.
        switch_patience_s: how long OBS may take to begin a switch that it accepted.
    """

    def __init__(
        self,
        connection: Connection,
        publish: Callable[[Event], object],
        *,
        patience_s: float = 5.0,
        switch_patience_s: float = 1.0,
    ) -> None:
        self._connection = connection
        self._publish = publish
        self._take_meters: Callable[[Json], object] = lambda _data: None
        self._metered: ObsClient | None = None
        self._known: frozenset[str] = frozenset()
        self._patience_s = patience_s
        self._lock = threading.Lock()  # connection, attempt, client, thread
        self._attempt: ObsClient | None = None
        self._client: ObsClient | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._settled = threading.Event()
        self._settled.set()
        self._state = ObsChanged(state="disabled")
        self._outage = Outage()
        self._switches = Switches(switch_patience_s)
        self._thumbnail = thumbnail.Thumbnail(self._take_picture)

    @property
    def state(self) -> ObsChanged:
        """The last published state."""
        return self._state

    @property
    def connected(self) -> bool:
        """Whether commands can reach OBS now."""
        return self._client is not None

    @property
    def known(self) -> frozenset[str]:
        """Requests that the connected OBS answers; they differ by its version."""
        return self._known

    # --- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect, in the background; a disabled link only says that it is."""
        if not self._connection.enabled:
            self._tell(self._state)
            return
        with self._lock:
            if self._thread is not None:
                return
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="obs-link", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; pending commands fail."""
        self._stopping.set()
        with self._lock:
            thread, self._thread = self._thread, None
        self._interrupt()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=5.0)

    def reconfigure(self, host: str, port: int, password: str) -> None:
        """Connect to another place from now on (and at once); switches a disabled link on."""
        with self._lock:
            self._connection = Connection(host, port, password)
        self._interrupt()
        self.start()

    @property
    def connection(self) -> Connection:
        """Of the OBS that is, or is to be, connected."""
        return self._connection

    # --- commands --------------------------------------------------------------------------------

    def switch(self, scene: str) -> None:
        """Put a scene on program; one that OBS accepts and drops is sent again, and `SceneSwitchLost` in the end.

        Raises:
            NotFound: no such scene; names those that exist.
        """
        self._switches.switch(scene, self._state.program, lambda: self._command_scene("SetCurrentProgramScene", scene))

    def preview(self, scene: str) -> None:
        """Put a scene on preview; studio mode must be on.

        Raises:
            NotFound: no such scene; names those that exist.
        """
        self._command_scene("SetCurrentPreviewScene", scene)

    def set_muted(self, input: str, muted: bool) -> None:  # noqa: A002 - OBS's own word
        """Mute or unmute an audio input.

        Raises:
            NotFound: no such input; names those that have sound.
        """
        try:
            self._command("SetInputMute", {"inputName": input, "inputMuted": muted})
        except ObsRequestFailed as error:
            raise codes.missing(error, ("声音来源", "audio input"), input, tuple(self._state.inputs)) from error

    def record(self, on: bool) -> None:
        """Start or stop recording; nothing when it already is so."""
        recorder.record(
            self._command,
            lambda: self._state.recording,
            on=on,
            patience_s=self._patience_s,
            wait=self._stopping.wait,
        )

    def thumbnail(self) -> bytes:
        """JPEG of the program, 640 px wide, at most half a second old."""
        self._ready()
        return self._thumbnail.get()

    def meter(self, take: Callable[[Json], object] | None) -> None:
        """Have OBS send the levels of its inputs, 20 InputVolumeMeters a second, or None: be quiet about them.

        `take` gets their data on the receive thread. Costs nothing when it is so already.
        """
        client = self._ready()
        if take is not None:
            self._take_meters = take
        if (take is not None) != (self._metered is client):
            client.subscribe(EVENTS if take is None else EVENTS | METERS)
            self._metered = None if take is None else client

    def ask(self, request: str, data: Json | None = None) -> Json:
        """Any request of the protocol; its responseData."""
        return self._command(request, data)

    def ask_all(self, steps: Sequence[Step]) -> list[Json]:
        """Several requests as one batch, in order; the first failure ends it (details: its step)."""
        return [frames.as_object(answer) for answer in self._ready().batch(steps, timeout_s=_BATCH_PATIENCE_S)]

    def ask_each(self, steps: Sequence[Step]) -> list[Json | None]:
        """Several requests as one batch; None where OBS refused one."""
        answers = self._ready().batch(steps, halt_on_failure=False, timeout_s=_BATCH_PATIENCE_S)
        return [None if isinstance(answer, ObsRequestFailed) else answer for answer in answers]

    def _command_scene(self, request: str, scene: str) -> None:
        try:
            self._command(request, {"sceneName": scene})
        except ObsRequestFailed as error:
            raise codes.missing(error, ("场景", "scene"), scene, self._state.scenes) from error

    def _take_picture(self) -> bytes:
        program = self._state.program
        if program is None:
            raise ObsUnavailable("OBS 还没有节目画面", "OBS has no program scene yet")
        return thumbnail.picture(self._command("GetSourceScreenshot", thumbnail.question(program)))

    def _command(self, request: str, data: Json | None = None) -> Json:
        return self._ready().request(request, data)

    def _ready(self) -> ObsClient:
        # OBS asks clients to keep quiet while it changes its scene collection: older versions crash otherwise
        settled = self._settled.wait(self._patience_s)
        client = self._client
        if client is not None and settled:
            return client
        if client is not None:
            raise ObsUnavailable(
                "OBS 正在切换场景集合，请稍后再试", "OBS is changing its scene collection, try again shortly"
            )
        raise codes.not_connected(self._state)

    # --- the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        previous = None
        while not self._stopping.is_set():
            self._wake.clear()
            connection = self._connection
            if connection is not previous:
                previous, self._outage = connection, Outage()
            try:
                self._attend(connection)
            except StudioError as error:
                self._note_outage(connection, error)
            except Exception as error:
                _log.exception("OBS link failed")
                self._note_outage(connection, codes.stranger(f"{connection.host}:{connection.port}", repr(error)))
            self._wake.wait(self._outage.pause_s())

    def _attend(self, connection: Connection) -> None:
        """One connection from its beginning to its end, which is always an error."""
        heard: queue.Queue[Baseevents | None] = queue.Queue()
        client = ObsClient(
            connection.host,
            connection.port,
            connection.password,
            timeout_s=self._patience_s,
            on_disconnect=lambda _client: heard.put(None),
        )
        client.register(functools.partial(self._hear, heard))
        with self._lock:
            if self._connection is not connection or self._stopping.is_set():
                return
            self._attempt = client
        if not self._outage.kind:
            self._show(ObsChanged(state="connecting"))
        try:
            client.connect()
            about = client.request("GetVersion")
            self._known = frozenset(map(str, frames.as_array(about.get("availableRequests"))))
            known = Snapshot(str(about.get("obsVersion", "")))
            known.read(client)
            self._client = client
            self._note_return(client.address, known.value)
            self._follow(client, heard, known)
        finally:
            self._client = None
            client.disconnect()
            self._switches.forget()
            self._settled.set()
            self._thumbnail.forget()

    def _hear(self, heard: "queue.Queue[Baseevents | None]", event: Baseevents) -> None:
        """On the receive thread: note that OBS wants quiet, leave the rest to the link's thread."""
        if event.name == "InputVolumeMeters":
            self._take_meters(event.datain)
            return
        if event.name == "CurrentSceneCollectionChanging":
            self._settled.clear()
        elif event.name == "CurrentSceneCollectionChanged":
            self._settled.set()
        heard.put(event)

    def _follow(self, client: ObsClient, heard: "queue.Queue[Baseevents | None]", known: Snapshot) -> None:
        doubts, looked_at = Stale.NOTHING, time.monotonic()
        while True:
            events: list[Baseevents | None] = []
            left_s = looked_at + self._patience_s - time.monotonic()
            with contextlib.suppress(queue.Empty):
                longest_s = left_s if left_s > 0 else self._patience_s
                events.append(heard.get(timeout=min(longest_s, self._switches.patience_s / 2)))
                self._stopping.wait(_BURST_S)
            unseen_s = time.monotonic() - looked_at
            if unseen_s >= self._patience_s:
                # A frozen OBS or a pulled cable says nothing; and there are things that OBS 29 never tells, or late:
                # that a transition has ended in which studio mode came on, that an output broke off.
                doubts |= Stale.SCENES | Stale.OUTPUTS
            while not heard.empty():
                events.append(heard.get_nowait())
            for event in events:
                if event is None:
                    raise client.lost()
                self._switches.hear(event.name)
                doubts |= known.apply(event.name, event.datain)
                if path := recorded_path(event.name, event.datain):
                    self._tell(RecordingStopped(path=path, at=now_ms()))
            overdue = self._switches.overdue()
            if overdue:
                doubts |= Stale.SCENES
            if doubts and (self._settled.is_set() or unseen_s > _LONGEST_CHANGE * self._patience_s):
                known.read(client, doubts)
                looked_at = time.monotonic() if Stale.OUTPUTS in doubts else looked_at
                doubts = Stale.NOTHING
            self._show(known.value)
            if overdue and heard.empty() and not doubts:
                self._judge_switch(client, known.value.program)

    def _judge_switch(self, client: ObsClient, program: str | None) -> None:
        lost = self._switches.judge(program, client.request)
        if lost is not None:
            self._tell(SceneSwitchLost(scene=lost))

    def _note_return(self, address: str, state: ObsChanged) -> None:
        self._outage = Outage()
        _log.info("OBS %s connected at %s", state.version, address)
        self._show(state)

    def _note_outage(self, connection: Connection, error: StudioError) -> None:
        if self._stopping.is_set() or self._connection is not connection:
            return  # ended by us
        if self._outage.fail(error):
            _log.warning("%s [%s]", error.en, error.details.get("reason", ""))
        kind = "refused" if isinstance(error, ObsRefused) else "off"
        # the scene names stay known: a rundown can be edited while OBS is closed
        self._show(
            ObsChanged(state=kind, message_zh=error.zh, message_en=error.en, scenes=self._state.scenes),
        )

    def _interrupt(self) -> None:
        self._wake.set()
        with self._lock:
            attempt = self._attempt
        if attempt is not None:
            attempt.disconnect()

    def _show(self, state: ObsChanged) -> None:
        if state != self._state:
            self._state = state
            self._tell(state)

    def _tell(self, event: Event) -> None:
        try:
            self._publish(event)
        except Exception:
            _log.exception("publishing %s failed", type(event).__name__)
