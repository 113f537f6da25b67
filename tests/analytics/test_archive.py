"""Months into the archive and back: every cell, cut off anywhere, late events, two at once."""

import datetime as dt
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.analytics import archive, parquet
from gamefactory_dagster.analytics.archive import archive_files, archive_month, examine, restore_month
from gamefactory_dagster.analytics.months import closes_on, parse_month
from gamefactory_dagster.database.locks import Lock, held
from gamefactory_dagster.days import next_month
from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from tests.factory_rows import add_games

from .archives import (
    FEBRUARY,
    HORIZON,
    JANUARY,
    TODAY,
    events_in,
    odd_events,
    settle,
    store,
    tables_like,
)
from .test_events import GAME, OTHER, event


@pytest.fixture
def filled(engine):
    """Two old months of odd events, computed."""
    add_games(engine, (GAME, OTHER))
    store(engine, odd_events() + odd_events(FEBRUARY, number=100))
    settle(engine)
    return engine


@pytest.fixture
def store_url(settings):
    return settings.artifacts


def run(engine, store_url, first=JANUARY, **changes):
    return archive_month(engine, store_url, first, **{"today": TODAY, "horizon_days": HORIZON} | changes)


def files_of(engine, first=None):
    with engine.connect() as connection:
        return archive_files(connection, first)


def local(url):
    return Path(url.removeprefix("file://"))


def test_a_month_becomes_a_file_that_says_the_same(filled, store_url):
    before = events_in(filled)
    done = run(filled, store_url)
    [file] = files_of(filled)
    assert (done.events, done.url, done.size_bytes) == (8, file.url, file.size_bytes)
    assert (file.month, file.part, file.events) == (JANUARY, 0, 8)
    content = local(file.url).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file.checksum == local(file.url).stem
    assert len(content) == file.size_bytes
    assert len(events_in(filled)) == len(before) - 8
    assert tables_like(filled, "%events_2020%") == ["analytics_events_2020_02"]
    assert [path.name for path in local(file.url).parent.iterdir()] == [local(file.url).name]


def test_the_file_has_the_types_other_engines_read(filled, store_url):
    done = run(filled, store_url)
    found = pq.ParquetFile(local(done.url))
    assert [str(field.type) for field in found.schema_arrow] == [
        *["string"] * 5,
        "int32",
        *["string"] * 2,
        *["timestamp[us, tz=UTC]"] * 2,
    ]
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"
    rows = found.read().to_pylist()
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)
    by_id = {row["id"]: row for row in rows}
    [nothing, empty] = [by_id[str(UUID(int=index))] for index in (0, 1)]
    assert (nothing["user_id"], nothing["level"]) == (None, None)
    assert (empty["user_id"], empty["level"]) == ("", 0)


def test_restoring_gives_every_cell_back(filled, store_url):
    before = events_in(filled)
    run(filled, store_url)
    run(filled, store_url, FEBRUARY)
    assert events_in(filled) == []
    for first in (JANUARY, FEBRUARY):
        done = restore_month(filled, first)
        assert (done.archived, done.restored) == (8, 8)
    assert events_in(filled) == before
    assert files_of(filled) == []
    with pytest.raises(InputError, match="an archived month"):
        restore_month(filled, JANUARY)


def test_a_restored_month_can_be_archived_again_to_the_same_file(filled, store_url):
    first = run(filled, store_url)
    restore_month(filled, JANUARY)
    assert run(filled, store_url) == first


def test_archiving_again_does_nothing(filled, store_url):
    run(filled, store_url)
    [file] = files_of(filled)
    again = run(filled, store_url)
    assert (again.events, again.url) == (0, None)
    assert files_of(filled) == [file]


def test_any_store_will_do(filled):
    before = events_in(filled)
    done = run(filled, "memory://archive-test/")
    assert done.url.startswith("memory://archive-test/events/2020-01/")
    restore_month(filled, JANUARY)
    assert events_in(filled) == before


def test_late_events_of_an_archived_month_become_its_next_part(filled, store_url):
    before = events_in(filled)
    run(filled, store_url)
    late = odd_events(number=500)
    store(filled, late + odd_events())
    assert tables_like(filled, "analytics_events_2020_01") == ["analytics_events_2020_01"]
    assert run(filled, store_url).events == 8
    assert [(file.part, file.events) for file in files_of(filled)] == [(0, 8), (1, 8)]
    assert tables_like(filled, "analytics_events_2020_01") == []
    done = restore_month(filled, JANUARY)
    assert (done.archived, done.restored) == (16, 16)
    store(filled, late)
    assert len(events_in(filled)) == len(before) + 8
    assert set(before) < set(events_in(filled))


def test_events_delivered_again_are_not_archived_twice(filled, store_url):
    run(filled, store_url)
    store(filled, odd_events())
    again = run(filled, store_url)
    assert (again.events, again.url) == (0, None)
    assert [file.part for file in files_of(filled)] == [0]
    assert tables_like(filled, "analytics_events_2020_01") == []


def test_what_came_in_again_stays_when_a_month_is_restored(filled, store_url):
    before = events_in(filled)
    run(filled, store_url)
    store(filled, odd_events()[:3])
    assert restore_month(filled, JANUARY).restored == 5
    assert events_in(filled) == before


def test_events_of_games_deleted_since_stay_away(filled, store_url):
    run(filled, store_url)
    with filled.begin() as connection:
        connection.execute(sa.text("DELETE FROM factory.games WHERE id = :game"), {"game": GAME})
    done = restore_month(filled, JANUARY)
    assert (done.archived, done.restored) == (8, 4)


@pytest.mark.parametrize(("year", "month", "closes"), [(2020, 1, "2020-04-07"), (2020, 12, "2021-03-08")])
def test_a_month_closes_when_the_horizon_and_the_longest_cohort_are_past(year, month, closes):
    assert closes_on(dt.date(year, month, 1), HORIZON).isoformat() == closes


def test_a_month_that_is_not_closed_is_refused(filled, store_url):
    with pytest.raises(InputError, match="from 2020-04-07 on"):
        run(filled, store_url, today=dt.date(2020, 4, 6))
    assert run(filled, store_url, today=dt.date(2020, 4, 7)).events == 8


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM factory.rollup_days WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET events = events + 1 WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET game_metrics_at = NULL WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET player_days_at = NULL WHERE date = '2020-01-03'",
        "UPDATE factory.rollup_days SET stale_since = now() WHERE date = '2020-01-03'",
        "INSERT INTO factory.rollup_days (date, events) VALUES ('2020-01-20', 1)",
    ],
)
def test_a_month_that_is_not_computed_from_all_its_events_is_refused(filled, store_url, change):
    before = events_in(filled)
    with filled.begin() as connection:
        connection.exec_driver_sql(change)
    with pytest.raises(PermanentError, match="1 of its days are not computed from all their events"):
        run(filled, store_url)
    assert "not computed" in examine(filled, JANUARY, today=TODAY, horizon_days=HORIZON).problem
    assert events_in(filled) == before


def test_examining_changes_nothing(filled, store_url):
    before = events_in(filled)
    assert examine(filled, JANUARY, today=TODAY, horizon_days=HORIZON).problem is None
    assert "closed" in examine(filled, JANUARY, today=JANUARY, horizon_days=HORIZON).problem
    assert events_in(filled) == before
    assert archive.months_before(filled, dt.date(2020, 2, 1)) == [JANUARY]


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


@pytest.mark.faults
@pytest.mark.parametrize(
    ("room", "step"), [("parquet", "write"), ("parquet", "sync"), ("archive", "_detach")]
)
def test_killed_in_the_middle_the_next_run_ends_right(filled, settings, room, step):
    before = events_in(filled)
    arguments = [room, step, settings.artifacts, settings.database_url]
    child = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=os.environ, check=False)
    assert child.returncode == -signal.SIGKILL
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


@given(st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31)))
def test_months_follow_each_other(day):
    first = day.replace(day=1)
    after = next_month(first)
    assert after.day == 1
    assert (after - dt.timedelta(days=1)).replace(day=1) == first
    assert parse_month(f"{day:%Y-%m}", "--month") == first


@pytest.mark.parametrize("text", ["2020", "2020-13", "2020-1", "2020-01-01", "202001", "x", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(InputError, match="--month"):
        parse_month(text, "--month")


MEASURED = """
import datetime as dt, sys
from pathlib import Path
from gamefactory_dagster.analytics.archive import archive_month
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings

url, database = sys.argv[1:]
engine = get_engine(Settings(database_url=database))
done = archive_month(engine, url, dt.date(2020, 1, 1), today=dt.date(2020, 12, 1), horizon_days=35)
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(done.events, peak)
"""

MANY = """
INSERT INTO factory.analytics_events
    (game_id, event_type, user_id, session_id, level, properties, device_info, timestamp, received_at)
SELECT
    :game, 'level_complete', 'u' || number % 50000, 's' || number % 200000, number % 30,
    jsonb_build_object('score', number, 'moves', number % 77), '{"os": "web"}',
    :start + number * interval '2.5 seconds', :start + number * interval '2.5 seconds'
FROM generate_series(1, 400000) AS number
"""


@pytest.mark.slow
def test_events_in_any_number_are_archived_in_less_than_300_megabytes(engine, settings):
    add_games(engine, (GAME, OTHER))
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT factory.ensure_events_partition(:start)"), {"start": start})
        connection.execute(sa.text(MANY), {"game": GAME, "start": start})
    settle(engine)
    arguments = [sys.executable, "-c", MEASURED, settings.artifacts, settings.database_url]
    child = subprocess.run(arguments, capture_output=True, text=True, check=True)
    events, peak_kilobytes = map(int, child.stdout.split())
    assert events == 400_000
    assert peak_kilobytes < 300_000
