"""The portable statements on other engines over the archive: the same rows as PostgreSQL's, to the digit."""

import csv
import datetime as dt
import io
import json
import re
import shutil
import sys
from importlib.util import find_spec
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.analytics.archive import archive_month, files_until
from gamefactory_dagster.analytics.commands.archive import NOTHING
from gamefactory_dagster.analytics.engines import day_rows
from gamefactory_dagster.analytics.events import MONEY
from gamefactory_dagster.analytics.export import export, write_rows
from gamefactory_dagster.analytics.partitions import list_months
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.cli import app
from gamefactory_dagster.days import day_range, today
from gamefactory_dagster.errors import InputError, PermanentError
from tests.analytics.archives import (
    FEBRUARY,
    HORIZON,
    JANUARY,
    events_in,
    odd_events,
    settle,
    store,
)
from tests.analytics.logs import SCORING
from tests.analytics.test_events import GAME, OTHER, event
from tests.analytics.test_metrics import load_log
from tests.factory_rows import add_games

SPARK = [
    pytest.mark.spark,
    pytest.mark.skipif(
        not (find_spec("pyspark") and shutil.which("java")),
        reason="needs pyspark and Java",
    ),
]

TODAY = dt.date(2030, 1, 1)


def computed(engine, first, last):
    """PostgreSQL's rows as exported, without scores."""
    stream = io.StringIO()
    with engine.connect() as connection:
        export(connection, stream, "csv", first, last)
    stream.seek(0)
    rows = list(csv.DictReader(stream))
    for row in rows:
        del row["score"]
    return rows


def queried(name, files, first, last):
    """An engine's rows as written out."""
    rows = day_rows(name, [file.url for file in files], first, last)
    stream = io.StringIO()
    write_rows(stream, "csv", list(rows[0]), (tuple(row.values()) for row in rows))
    stream.seek(0)
    return list(csv.DictReader(stream))


def archive_everything(engine, store_url):
    with engine.connect() as connection:
        months = [month.month for month in list_months(connection) if month.month.year < 2024]
    for month in months:
        archive_month(engine, store_url, month, today=TODAY, horizon_days=HORIZON)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM analytics_events")).scalar_one() == 0
        return files_until(connection, dt.date(2023, 12, 31))


def random_events(number=300):
    """Two games: players who return a day, a week or a month later, sessions over midnight, money, nobody."""
    random = Random(7)
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    for _ in range(number):
        kind = random.choice(["level_complete", "level_fail", "unlock_prompt_shown", *MONEY])
        amount = random.choice([0, 1, 4999, 5000, 10**12])
        day, micros = random.choice([0, 1, 7, 30, 31]), random.randrange(86_400_000_000)
        player = random.choice([None, "", "ü", *map(str, range(12))])
        yield event(
            event_id=str(UUID(bytes=random.randbytes(16))),
            game_id=random.choice([GAME, OTHER]),
            event_type=kind,
            user_id=player,
            session_id=random.choice([None, f"{player}-{random.randrange(4)}"]),
            properties={MONEY[kind]: amount} if kind in MONEY else {},
            timestamp=(start + dt.timedelta(days=day, microseconds=micros)).isoformat(),
        )


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("duckdb", "2020-01-01", "2020-03-05"),
        pytest.param("spark", "2020-01-31", "2020-02-01", marks=SPARK),
    ],
)
def test_an_engine_gives_postgresqls_rows(engine, settings, name, first, last):
    first, last = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    add_games(engine, (GAME, OTHER))
    store(engine, [*odd_events(), *odd_events(FEBRUARY, number=100), *random_events()])
    refresh(engine, day_range(JANUARY, dt.date(2020, 3, 5)), SCORING)
    expected = computed(engine, first, last)
    files = archive_everything(engine, settings.artifacts)
    found = queried(name, files, first, last)
    assert found == expected
    assert {row["retention_d30"] for row in found} - {""}
    assert len({row["game_id"] for row in found}) == 2


@pytest.mark.reference
@pytest.mark.parametrize("log", ["match3", "waves", pytest.param("dodge_mud", marks=pytest.mark.exhaustive)])
def test_duckdb_gives_a_real_logs_expected_rows(engine, settings, log):
    expected, days = load_log(engine, log)
    settle(engine)
    files = archive_everything(engine, settings.artifacts)
    check_rows(queried("duckdb", files, days[0], days[-1]), expected)


@pytest.mark.reference
@pytest.mark.slow
@pytest.mark.parametrize(("name"), ["duckdb", pytest.param("spark", marks=SPARK)])
def test_real_logs_give_postgresqls_rows(engine, settings, name):
    """Two logs of one month at once."""
    days = sorted({day for log in ("match3", "waves") for day in load_log(engine, log)[1]})
    refresh(engine, days, SCORING)
    expected = computed(engine, days[0], days[-1])
    files = archive_everything(engine, settings.artifacts)
    assert queried(name, files, days[0], days[-1]) == expected


def check_rows(found, expected):
    """Against the expected files, which write 0.375 where the column holds 0.3750."""
    assert [[plain(row[name]) for name in expected[0]] for row in found] == [
        [plain(value) for value in row.values()] for row in expected
    ]


def plain(text):
    return float(text) if re.fullmatch(r"[01]\.\d+", text) else text


def test_files_may_be_anywhere(engine):
    add_games(engine, (GAME, OTHER))
    store(engine, odd_events())
    refresh(engine, day_range(JANUARY, dt.date(2020, 1, 31)), SCORING)
    expected = computed(engine, JANUARY, JANUARY)
    files = archive_everything(engine, "memory://engines-test")
    assert queried("duckdb", files, JANUARY, JANUARY) == expected


def test_days_before_the_first_event_have_no_rows(engine, settings):
    add_games(engine, (GAME, OTHER))
    store(engine, odd_events())
    settle(engine)
    [file] = archive_everything(engine, settings.artifacts)
    assert day_rows("duckdb", [file.url], dt.date(2019, 1, 1), dt.date(2019, 12, 31)) == []
    told = []
    day_rows("duckdb", [file.url], JANUARY, dt.date(2020, 1, 2), lambda *counts: told.append(counts))
    assert told == [(2, 4), (4, 4)]


def test_every_month_up_to_the_last_day_must_be_archived(engine, settings):
    add_games(engine, (GAME, OTHER))
    store(engine, odd_events() + odd_events(FEBRUARY, number=100))
    settle(engine)
    with engine.connect() as connection, pytest.raises(PermanentError, match="2020-01 has events"):
        files_until(connection, FEBRUARY)
    archive_month(engine, settings.artifacts, JANUARY, today=TODAY, horizon_days=HORIZON)
    with engine.connect() as connection:
        assert [file.month for file in files_until(connection, dt.date(2020, 1, 31))] == [JANUARY]
        with pytest.raises(PermanentError, match="2020-02 has events"):
            files_until(connection, FEBRUARY)
        with pytest.raises(InputError, match="a day of an archived month"):
            files_until(connection, dt.date(2019, 12, 31))


@pytest.mark.parametrize(("name", "module"), [("duckdb", "duckdb"), ("spark", "pyspark.sql")])
def test_what_is_not_installed_is_named(monkeypatch, name, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PermanentError, match=rf"gamefactory-dagster\[{name}\]"):
        day_rows(name, [], JANUARY, JANUARY)


def test_an_engine_there_is_not_is_refused():
    with pytest.raises(InputError, match="duckdb or spark"):
        day_rows("abacus", [], JANUARY, JANUARY)


@pytest.fixture
def command(engine, settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    add_games(engine, (GAME, OTHER))
    store(engine, odd_events() + odd_events(FEBRUARY, number=100))
    refresh(engine, day_range(JANUARY, dt.date(2020, 2, 29)), SCORING)

    def run(*arguments):
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def test_from_the_command_line_there_and_back(engine, command):
    before = events_in(engine)
    expected = computed(engine, JANUARY, dt.date(2020, 1, 31))
    plan = json.loads(command("events", "archive", "--before", "2020-03", "--dry-run", "--json"))
    assert [(one["first"], one["events"], one["problem"]) for one in plan] == [
        ("2020-01-01", 8, None),
        ("2020-02-01", 8, None),
    ]
    assert events_in(engine) == before
    done = json.loads(command("events", "archive", "--before", "2020-03", "--json"))
    assert [one["events"] for one in done] == [8, 8]
    assert "nothing new" in command("events", "archive", "--month", "2020-01")
    shown = command("metrics", "query", "--engine", "duckdb", "--from", "2020-01-01", "--to", "2020-01-31")
    assert list(csv.DictReader(io.StringIO(shown))) == expected
    for month in ("2020-01", "2020-02"):
        assert "8 of 8 events put back" in command("events", "restore", "--month", month)
    assert events_in(engine) == before


def test_a_month_that_cannot_go_does_not_stop_the_others(engine, command):
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE rollup_days SET stale_since = now() WHERE date = '2020-01-01'"))
        connection.execute(sa.text("SELECT ensure_events_partition('2019-12-01 00:00Z')"))
    assert "2020-01-01" in command("events", "archive", "--before", "2020-03", "--dry-run")
    assert len(events_in(engine)) == 16
    with pytest.raises(
        PermanentError, match=r"^not archived: 1 of 2 months; 2020-01 cannot be archived while"
    ):
        command("events", "archive", "--before", "2020-03")
    assert [month.month for month in months_left(engine)] == [dt.date(2019, 12, 1), JANUARY]
    this_month = f"{today():%Y-%m}"
    with pytest.raises(
        PermanentError, match=rf"of 2 months; .*2020-01 .*; month: '{this_month}' is not accepted"
    ):
        command("events", "archive", "--month", "2020-01", "--month", this_month)
    with pytest.raises(InputError, match="either --month or --before"):
        command("events", "archive")
    refresh(engine, [JANUARY], SCORING)
    assert "2020-01: 8 events in" in command("events", "archive", "--before", "2020-03")
    assert events_in(engine) == []
    assert command("events", "archive", "--before", "2020-03") == f"{NOTHING}\n"
    assert command("events", "archive", "--before", "2020-03", "--dry-run") == f"{NOTHING}\n"


def months_left(engine):
    """Months from before this year's that still have a partition."""
    with engine.connect() as connection:
        return [month for month in list_months(connection) if month.month.year < 2025]
