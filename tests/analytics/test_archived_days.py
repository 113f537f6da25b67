"""Days of archived months computed by another engine leave what PostgreSQL would, whatever happens."""

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from gamefactory_dagster.analytics.archive import archive_month, files_until, restore_month
from gamefactory_dagster.analytics.archived_days import from_archive
from gamefactory_dagster.analytics.rollup import compute_game_metrics, compute_player_days, refresh
from gamefactory_dagster.cli import app
from gamefactory_dagster.days import day_range
from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from tests.analytics import archives
from tests.analytics.archives import FEBRUARY, JANUARY, local, odd_events, run
from tests.analytics.logs import SCORING, forget_rollups, game, killed_after, store
from tests.analytics.test_engines import SPARK
from tests.analytics.test_rollup import BATCH, DAYS, GENRES, SHARED_DATABASE, simple_log
from tests.factory_rows import add_games

LAST = dt.date(2020, 3, 5)
MONTHS = (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
ROLLUPS = {
    "player_days": "*",
    "players": "*",
    "game_metrics": "to_jsonb(game_metrics) - 'id' - 'created_at'",
    "rollup_days": "to_jsonb(rollup_days) - 'player_days_at' - 'game_metrics_at'",
}


def rollups(engine):
    """Every cell of every rollup but ids and times of computing, in order."""
    with engine.connect() as connection:
        return {
            table: sorted(map(repr, connection.execute(sa.text(f"SELECT {columns} FROM factory.{table}"))))
            for table, columns in ROLLUPS.items()
        }


def archive(engine, months, store_url):
    for month in months:
        archive_month(engine, store_url, month, today=dt.date(2030, 1, 1), horizon_days=35)


def begin_anew(engine):
    """The games of the property, and nothing else."""
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM factory.event_archives"))
        connection.execute(sa.text("DELETE FROM factory.games"))  # and their events
    add_games(engine, GENRES)


def check_any_order(engine, store_url, name, events, months, order):
    """From scratch by PostgreSQL, and again with ``months`` archived, days in ``order``."""
    begin_anew(engine)
    forget_rollups(engine)
    store(engine, events)
    refresh(engine, DAYS, SCORING)
    expected = rollups(engine)
    archive(engine, months, store_url)
    forget_rollups(engine)
    with from_archive(engine, DAYS, name) as stored:
        for day in order:
            compute_player_days(engine, day, stored)
    compute_game_metrics(engine, DAYS, SCORING)
    assert rollups(engine) == expected


EVENTS_AND_ORDER = given(BATCH, st.sampled_from([MONTHS, MONTHS[:1]]), st.permutations(DAYS))


@settings(max_examples=8, **SHARED_DATABASE)
@EVENTS_AND_ORDER
def test_archived_days_in_any_order_are_as_postgresql_computes_them(
    engine, tmp_path_factory, events, months, order
):
    check_any_order(engine, str(tmp_path_factory.mktemp("store")), "duckdb", events, months, order)


@pytest.fixture(scope="module")
def spark():
    """A session for all of a property's examples: whatever is active is used."""
    from gamefactory_dagster.analytics.engines.spark_session import at_work

    with at_work("local[2]") as session:
        yield session


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("name", [pytest.param("spark", marks=SPARK)])
@settings(max_examples=3, **SHARED_DATABASE)
@EVENTS_AND_ORDER
def test_archived_days_on_spark_are_as_postgresql_computes_them(
    engine, tmp_path_factory, name, events, months, order
):
    check_any_order(engine, str(tmp_path_factory.mktemp("store")), name, events, months, order)


@pytest.fixture
def archived(filled, store_url):
    """Two archived months of odd events; gives what PostgreSQL computed of them."""
    refresh(filled, day_range(JANUARY, LAST), SCORING)
    computed = rollups(filled)
    run(filled, store_url)
    run(filled, store_url, FEBRUARY)
    return computed


def again(engine, days=None):
    days = days or day_range(JANUARY, LAST)
    with from_archive(engine, days, "duckdb") as stored:
        return refresh(engine, days, SCORING, store=stored)


def test_odd_events_computed_again_change_nothing_and_keep_ids(filled, archived):
    select = sa.text("SELECT id, xmin FROM factory.game_metrics ORDER BY id")
    with filled.connect() as connection:
        before = connection.execute(select).all()
    done = again(filled)
    assert (done.changed, done.scored, rollups(filled)) == (0, 0, archived)
    with filled.connect() as connection:
        assert connection.execute(select).all() == before
    forget_rollups(filled)
    again(filled)
    assert rollups(filled) == archived


@pytest.mark.parametrize("statements", [3, 8, 14, 40])
def test_killed_anywhere_and_run_again_it_is_the_same(filled, archived, statements):
    forget_rollups(filled)
    with killed_after(filled, statements):
        again(filled)
    assert rollups(filled) != archived
    again(filled)
    assert rollups(filled) == archived


def test_days_that_depend_on_what_moved_are_stale(engine, store_url):
    add_games(engine, GENRES)
    store(engine, simple_log())
    refresh(engine, DAYS, SCORING)
    expected = rollups(engine)
    archive(engine, MONTHS, store_url)
    forget_rollups(engine)
    with from_archive(engine, DAYS, "duckdb") as stored:
        refresh(engine, DAYS[5:], SCORING, store=stored)
        stale = {day for early in DAYS[:5] for day in compute_player_days(engine, early, stored).stale}
        assert set(DAYS[5:]) & stale
        refresh(engine, DAYS[:5], SCORING, store=stored)
    assert rollups(engine) == expected


def test_late_events_have_to_join_the_archive_first_and_count_then(filled, archived, store_url):
    forget_rollups(filled)
    archives.store(filled, odd_events(number=500)[:1])
    with pytest.raises(PermanentError, match=r"2020-01-01 came in after .* events archive --month 2020-01"):
        again(filled)
    assert rollups(filled)["player_days"] == []
    run(filled, store_url)
    again(filled)
    with filled.connect() as connection:
        assert connection.scalar(sa.text("SELECT sum(events) FROM factory.rollup_days")) == 17
    restore_month(filled, JANUARY)
    restored = rollups(filled)
    refresh(filled, day_range(JANUARY, dt.date(2020, 1, 31)), SCORING)
    assert rollups(filled) == restored


@pytest.mark.parametrize(
    ("damage", "said"),
    [(lambda path: path.unlink(), "is gone"), (lambda path: path.write_bytes(b"?"), "checksum differs")],
    ids=["gone", "changed"],
)
@pytest.mark.usefixtures("archived")
def test_a_file_that_is_not_as_archived_is_named_and_nothing_written(filled, damage, said):
    before = rollups(filled)
    with filled.connect() as connection:
        [file, _] = files_until(connection, LAST)
    damage(local(file.url))
    with pytest.raises(PermanentError, match=said):
        again(filled)
    assert rollups(filled) == before


@pytest.mark.usefixtures("archived")
def test_a_month_restored_meanwhile_is_not_computed_from_its_files(filled):
    before = rollups(filled)
    with from_archive(filled, [JANUARY], "duckdb") as stored:
        restore_month(filled, JANUARY)
        with pytest.raises(TransientError, match="2020-01 was archived or restored meanwhile"):
            compute_player_days(filled, JANUARY, stored)
    assert rollups(filled) == before


def test_what_a_deleted_game_played_is_left_out(engine, store_url):
    add_games(engine, GENRES)
    store(engine, simple_log())
    refresh(engine, DAYS, SCORING)
    archive(engine, MONTHS, store_url)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM factory.games WHERE id = :id"), {"id": game(2)})
    forget_rollups(engine)
    again(engine, DAYS)
    with engine.connect() as connection:
        games = connection.scalars(sa.text("SELECT DISTINCT CAST(game_id AS text) FROM factory.player_days"))
        assert set(games) == {game(1), game(3)}


@pytest.fixture
def command(settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)

    def run(*arguments):
        done = CliRunner().invoke(app, ["metrics", "refresh", *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


def test_from_the_command_line(filled, archived, command):
    forget_rollups(filled)
    days = ("--from", f"{JANUARY}", "--to", f"{LAST}")
    with pytest.raises(PermanentError, match=r"refresh --day 2020-01-01 --engine duckdb; or bring them back"):
        command(*days)
    assert "Computed 65 days from 2020-01-01" in command(*days, "--engine", "duckdb")
    assert rollups(filled) == archived


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--engine", "spark"], "--engine: 'spark' .* --day or --from with it"),
        (["--day", "2020-01-01", "--master", "local[2]"], "--master: .* --engine spark with it"),
        (["--day", "2020-01-01", "--engine", "duckdb", "--master", "yarn"], "--engine spark with it"),
        (["--day", "2020-01-01", "--engine", "spark", "--master", "http://host"], "--master: .* yarn"),
        (["--day", "2020-01-01", "--engine", "spark", "--master", "spark://h:99999"], "--master: "),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(command, options, said):
    with pytest.raises(InputError, match=said):
        command(*options)
