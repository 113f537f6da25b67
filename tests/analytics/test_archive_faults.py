"""Archiving and restoring with others at work, over damaged files, and cut off anywhere: nothing is lost."""

import os
import signal
import subprocess
import sys
from uuid import UUID

import pytest

from gamefactory_dagster.analytics import archive, parquet
from gamefactory_dagster.analytics.archive import restore_month
from gamefactory_dagster.database.locks import Lock, held
from gamefactory_dagster.errors import PermanentError, TransientError
from tests.live import wait_for

from .archives import (
    JANUARY,
    events_in,
    files_of,
    local,
    run,
    settle,
    store,
    tables_like,
)
from .test_events import event


def test_one_archive_at_a_time(filled, store_url):
    with filled.connect() as connection, held(connection, Lock.ARCHIVE) as mine:
        assert mine
        with pytest.raises(TransientError, match="another archive"):
            run(filled, store_url)
    assert run(filled, store_url).events == 8


@pytest.mark.parametrize("mode", ["INSERT", "DELETE"])
def test_an_event_that_slips_in_is_seen_under_the_lock(filled, store_url, monkeypatch, mode):
    real = parquet.compare

    def compare_then_change(path, tables):
        real(path, tables)
        if mode == "INSERT":
            late = event(event_id=str(UUID(int=999)), timestamp="2020-01-15T00:00:00Z")
            store(filled, [late])
        else:
            with filled.begin() as connection:
                connection.exec_driver_sql("DELETE FROM factory.analytics_events WHERE level = 0")
                store(filled, [event(event_id=str(UUID(int=999)), timestamp="2020-01-01T00:00:01Z")])

    monkeypatch.setattr(parquet, "compare", compare_then_change)
    with pytest.raises(TransientError, match="changed while it was written out"):
        run(filled, store_url)
    monkeypatch.undo()
    assert files_of(filled) == []
    now = events_in(filled)
    settle(filled)
    run(filled, store_url)
    restore_month(filled, JANUARY)
    assert events_in(filled) == now


def test_who_holds_the_events_for_long_is_not_stopped(filled, store_url, monkeypatch):
    monkeypatch.setattr(archive, "LOCK_TRIES", 2)
    monkeypatch.setattr(archive, "LOCK_WAIT", "20ms")
    with filled.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM factory.analytics_events")
        with pytest.raises(TransientError, match="stayed in use"):
            run(filled, store_url)
    assert files_of(filled) == []
    assert run(filled, store_url).events == 8


def test_a_damaged_file_is_noticed_before_anything_is_detached(filled, store_url, monkeypatch):
    before = events_in(filled)
    real = parquet.write

    def write_and_lose_a_row(tables, path):
        return real((table.slice(1) for table in tables), path)

    monkeypatch.setattr(parquet, "write", write_and_lose_a_row)
    with pytest.raises(PermanentError, match="is not what was written"):
        run(filled, store_url)
    assert (events_in(filled), files_of(filled)) == (before, [])


def test_a_file_that_changed_since_is_not_restored(filled, store_url):
    done = run(filled, store_url)
    path = local(done.url)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(PermanentError, match="checksum differs"):
        restore_month(filled, JANUARY)
    path.unlink()
    with pytest.raises(PermanentError, match="is gone"):
        restore_month(filled, JANUARY)
    assert len(files_of(filled)) == 1


STEPS = [
    (archive, "_stage_keys"),
    (parquet, "write"),
    (parquet, "compare"),
    (parquet, "sha256"),
    (parquet, "sync"),
    (archive, "_export"),
    (archive, "_detach"),
    (archive, "_drop"),
]
"""Everything archiving does, in order; ``_detach`` is its one transaction that counts."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("room", "step"), STEPS, ids=[name for _, name in STEPS])
def test_cut_off_anywhere_nothing_is_lost_and_running_again_ends_right(
    filled, store_url, monkeypatch, room, step, when
):
    before = events_in(filled)
    real = getattr(room, step)

    def cut_off(*arguments):
        if when == "after":
            real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(room, step, cut_off)
    with pytest.raises(KeyboardInterrupt):
        run(filled, store_url)
    monkeypatch.undo()
    in_table = [row for row in events_in(filled) if "2020-01-" in row.split(",")[-2]]
    in_files = sum(file.events for file in files_of(filled))
    assert sorted([len(in_table), in_files]) == [0, 8]

    run(filled, store_url)
    assert tables_like(filled, "%events_2020_01") == []
    assert [file.events for file in files_of(filled)] == [8]
    restore_month(filled, JANUARY)
    assert events_in(filled) == before


KILLED = """
import datetime as dt, os, signal, sys
from gamefactory_dagster.analytics import archive, parquet
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings

room, step, url, database = sys.argv[1:]
room = {"archive": archive, "parquet": parquet}[room]
real = getattr(room, step)

def die(*arguments):
    real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(room, step, die)
engine = get_engine(Settings(database_url=database))
archive.archive_month(engine, url, dt.date(2020, 1, 1), today=dt.date(2020, 12, 1), horizon_days=35)
"""


def is_free(engine) -> bool:
    """PostgreSQL notices that a client is gone a moment after it is, and lets go of its locks then."""
    with engine.connect() as connection, held(connection, Lock.ARCHIVE) as mine:
        return mine


@pytest.mark.faults
@pytest.mark.parametrize(
    ("room", "step"), [("parquet", "write"), ("parquet", "sync"), ("archive", "_detach")]
)
def test_killed_in_the_middle_the_next_run_ends_right(filled, settings, room, step):
    before = events_in(filled)
    arguments = [room, step, settings.artifacts, settings.database_url]
    child = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=os.environ, check=False)
    assert child.returncode == -signal.SIGKILL
    wait_for("the end of the killed one's session", 30, lambda: is_free(filled))
    run(filled, settings.artifacts)
    assert tables_like(filled, "%events_2020_01") == []
    restore_month(filled, JANUARY)
    assert events_in(filled) == before


def test_a_restore_cut_off_changes_nothing(filled, store_url, monkeypatch):
    before = events_in(filled)
    run(filled, store_url)
    monkeypatch.setattr(archive, "_put_back", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore_month(filled, JANUARY)
    monkeypatch.undo()
    assert len(files_of(filled)) == 1
    restore_month(filled, JANUARY)
    assert events_in(filled) == before
