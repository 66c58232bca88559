"""A unit is one command's transaction; the writer commits units in groups.

An order is acknowledged only after a durable commit, yet throughput does not stop at one fsync an order: while
one group is being committed, further units queue up and become the next group. Every unit runs in its own
savepoint, so a failing one takes nobody with it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from gevent import Greenlet, sleep, spawn
from gevent.event import AsyncResult
from gevent.queue import Queue
from gevent.threadpool import ThreadPool
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm import Session

from studio.db import writing
from studio.errors import BadInput, Overloaded, Unavailable
from studio.events import Event

T = TypeVar("T")
E = TypeVar("E", bound=Event)
Reaction = Callable[["Unit", Any], None]
_log = logging.getLogger(__name__)

GROUP_LIMIT = 128
QUEUE_LIMIT = 5000
PAGES_FIRST_S = 0.001
"""How long whoever changed something waits while the pages that show it get the processor.

An answer takes a millisecond to build and send, on the processor that Chromium needs for painting: measured on two
cores, change → DOM had a p95 of 2.7 ms beside the answer and 1.1 before it.
"""


class Unit:
    """What a domain function gets: the connection, an ORM session on it, and where it says what became true.

    `connection` is for Core statements where hundreds run a second (orders, stock, shout-outs): measured, an ORM
    statement costs about five times its Core twin, and a session that nobody asks for is never made.
    """

    def __init__(self, connection: Connection, reactions: dict[type[Event], list[Reaction]]) -> None:
        self.connection = connection
        self.events: list[Event] = []
        self._reactions = reactions
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The unit's own: it reads what is in the database, not what an earlier unit of the group read."""
        if self._session is None:
            # a savepoint of its own, so that a failed flush ends this unit and not the group's transaction
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        return self._session

    def flush(self) -> None:
        """Write what the session holds, before a Core statement reads it."""
        if self._session is not None:
            self._session.flush()

    def end(self, *, well: bool) -> None:
        """Write the rest and let the session go; of the writer only."""
        if self._session is not None:
            try:
                if well:
                    self._session.commit()
            finally:
                self._session.close()

    def emit(self, event: Event) -> None:
        """Publish after the commit; reactions run now, in this transaction, and may refuse by raising."""
        self.events.append(event)
        for reaction in self._reactions.get(type(event), ()):
            reaction(self, event)


class Savepoint:
    """The point that a failed unit goes back to, one after the other on the same connection.

    By the driver's cursor: measured, one of SQLAlchemy's takes 60 µs, this takes 1.
    """

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.connection.cursor()

    def set(self) -> None:
        """From here on it can be undone."""
        self._cursor.execute("SAVEPOINT unit")

    def release(self) -> None:
        """It stays."""
        self._cursor.execute("RELEASE SAVEPOINT unit")

    def rollback(self) -> None:
        """Undo everything since `set`."""
        self._cursor.execute("ROLLBACK TO SAVEPOINT unit")
        self._cursor.execute("RELEASE SAVEPOINT unit")


class _Job(Generic[T]):
    __slots__ = ("error", "events", "result", "value", "work")

    def __init__(self, work: Callable[[Unit], T]) -> None:
        self.work = work
        self.result: AsyncResult[T] = AsyncResult()
        self.value: T | None = None
        self.error: BaseException | None = None
        self.events: list[Event] = []


class Writer:
    """The only writer of the database: queued units, committed in groups on one native thread.

    Args:
        engine: used with one connection for the writer's whole life.
        publish: gets each committed unit's events, in commit order, on the event loop.
    """

    def __init__(self, engine: Engine, publish: Callable[[Event], None]) -> None:
        self._engine = engine
        self._publish = publish
        self._reactions: dict[type[Event], list[Reaction]] = defaultdict(list)
        self._queue: Queue[_Job[Any] | None] = Queue()
        self._pool = ThreadPool(1)
        self._greenlet: Greenlet[..., None] = spawn(self._loop)

    def react(self, kind: type[E], reaction: Callable[[Unit, E], None]) -> None:
        """Run `reaction` inside the transaction of every unit that emits this kind of event."""
        self._reactions[kind].append(reaction)

    def run(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in a unit and return its value after the durable commit, once its events are on their way.

        Raises:
            Overloaded: too many units wait already.
            Unavailable: the database could not commit; nothing of the unit happened.
            Exception: whatever `work` raised; nothing of the unit happened.
        """
        if self._queue.qsize() >= QUEUE_LIMIT:
            raise Overloaded("太忙了，请稍后再试", "too busy, try again in a moment")
        job = _Job(work)
        self._queue.put(job)
        value = cast("T", job.result.get())
        if job.events:
            sleep(PAGES_FIRST_S)
        return value

    def close(self) -> None:
        """Commit what is queued, then stop."""
        self._queue.put(None)
        self._greenlet.join()
        self._pool.kill()

    def _loop(self) -> None:
        open_for_work = True
        while open_for_work:
            group: list[_Job[Any]] = []
            job = self._queue.get()
            while job is not None:
                group.append(job)
                if len(group) >= GROUP_LIMIT or self._queue.empty():
                    break
                job = self._queue.get()
            open_for_work = job is not None
            if group:
                self._pool.apply(self._commit, (group,))
                self._settle(group)

    def _settle(self, group: list[_Job[Any]]) -> None:
        for job in group:
            if job.error is None:
                for event in job.events:
                    self._publish(event)
                job.result.set(job.value)
            else:
                job.result.set_exception(job.error)

    def _commit(self, group: list[_Job[Any]]) -> None:
        try:
            with writing(self._engine) as connection:
                savepoint = Savepoint(connection)
                for job in group:
                    self._attempt(connection, savepoint, job)
        except Exception as error:
            _log.exception("group of %d units not committed", len(group))
            refusal = Unavailable("数据没有写进数据库，请重试", "the database did not take it, try again")
            refusal.__cause__ = error
            for job in group:
                job.error = job.error or refusal

    def _attempt(self, connection: Connection, savepoint: Savepoint, job: _Job[Any]) -> None:
        savepoint.set()
        unit = Unit(connection, self._reactions)
        try:
            job.value = job.work(unit)
            unit.end(well=True)
            savepoint.release()
            job.events = unit.events
        except Exception as error:
            unit.end(well=False)
            savepoint.rollback()
            job.error = _refusal(error)


def _refusal(error: Exception) -> Exception:
    """What a unit's caller is told."""
    if isinstance(error, DataError):  # PostgreSQL holds no NUL in a text, no number beyond its column's bits
        refusal = BadInput("有内容存不进数据库，请检查后再试", "the database cannot hold this, check what was entered")
    elif isinstance(error, SQLAlchemyError):
        _log.error("unit failed in the database", exc_info=error)
        refusal = Unavailable("数据没有写进数据库，请重试", "the database did not take it, try again")
    else:
        return error
    refusal.__cause__ = error
    return refusal
