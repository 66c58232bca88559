import gevent
import pytest
from sqlalchemy import insert, select, text

from studio.db import table
from studio.errors import Conflict, Unavailable
from studio.events import ShowChanged
from studio.shows.models import Show
from studio.shows.show import create_show
from studio.unit import Writer


@pytest.fixture
def writer(studio):
    return studio.writer


def titles(studio):
    with studio.database.reading() as session:
        return list(session.scalars(select(Show.title).order_by(Show.id)))


def create(title):
    return lambda unit: create_show(unit, title=title, rundown=[], at=1)


def test_run_returns_after_the_commit_and_publishes_in_order(studio, writer):
    heard = []
    studio.bus.listen(ShowChanged, lambda event: heard.append((event.show_id, titles(studio)[-1])))
    assert [writer.run(create("甲")), writer.run(create("乙"))] == [1, 2]
    assert heard == [(1, "甲"), (2, "乙")]


def test_a_failing_unit_takes_nobody_with_it(studio, writer):
    def fail(unit):
        create("坏")(unit)
        raise Conflict("不行", "no")

    jobs = [
        gevent.spawn(writer.run, create("一")),
        gevent.spawn(writer.run, fail),
        gevent.spawn(writer.run, create("二")),
    ]
    gevent.joinall(jobs)
    assert titles(studio) == ["一", "二"]
    assert isinstance(jobs[1].exception, Conflict)


def test_a_refusing_unit_leaves_nothing_that_its_connection_wrote(studio, writer):
    def fail(unit):
        unit.connection.execute(insert(table(Show)).values(title="坏", status="draft", created_ms=1))
        unit.session.scalar(select(Show.title))  # what the session does next must not begin the savepoint only then
        raise Conflict("不行", "no")

    with pytest.raises(Conflict):
        writer.run(fail)
    assert titles(studio) == []


def test_a_reaction_belongs_to_the_transaction_and_may_refuse(studio, writer):
    heard = []
    studio.bus.listen(ShowChanged, heard.append)

    def refuse(unit, event):
        raise Conflict("缺标签", "label missing")

    writer.react(ShowChanged, refuse)
    with pytest.raises(Conflict):
        writer.run(create("坏"))
    assert titles(studio) == []
    assert heard == []


def test_units_queued_together_share_commits(studio, writer):
    commits = []
    from sqlalchemy import event  # noqa: PLC0415

    event.listen(studio.database.engine, "commit", lambda connection: commits.append(1))
    gevent.joinall([gevent.spawn(writer.run, create(str(number))) for number in range(100)])
    assert len(titles(studio)) == 100
    assert len(commits) < 20


def test_a_database_that_cannot_commit_fails_every_unit_and_then_recovers(studio, writer):
    def break_it(unit):
        unit.session.execute(text("INSERT INTO no_such_table VALUES (1)"))

    with pytest.raises(Unavailable):
        writer.run(break_it)
    assert writer.run(create("后来")) == 1


def test_close_writes_what_is_queued(settings, studio):
    other = Writer(studio.database.engine, lambda event: None)
    job = gevent.spawn(other.run, create("最后"))
    gevent.idle()
    other.close()
    assert job.get() == 1
    assert titles(studio) == ["最后"]
