"""Months into the archive and back: every cell, late events, any store, any number of events."""

import datetime as dt
import hashlib
import subprocess
import sys
from uuid import UUID

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics.archive import restore_month
from gamefactory_dagster.errors import InputError
from tests.factory_rows import add_games

from .archives import (
    FEBRUARY,
    JANUARY,
    events_in,
    files_of,
    local,
    odd_events,
    run,
    settle,
    store,
    tables_like,
)
from .test_events import GAME, OTHER


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
