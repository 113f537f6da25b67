"""Days before Dagster's first partition: computed like any other, archived, and told of."""

import datetime as dt
import json

import dagster as dg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from typer.testing import CliRunner

from gamefactory_dagster.analytics.archive import archive_month
from gamefactory_dagster.analytics.defs.jobs import daily_metrics
from gamefactory_dagster.analytics.defs.sensors import late_events
from gamefactory_dagster.analytics.late import due_days, with_earlier
from gamefactory_dagster.analytics.partitions import days_begin
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.cli import app
from gamefactory_dagster.days import day_range, midnight, month_of, today, yesterday
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.local.processes import prepare
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.settings import Settings, get_settings
from tests.analytics import by_definition
from tests.analytics.by_definition import Happened
from tests.analytics.logs import SCORING, forget_rollups, game, store, stored_metrics
from tests.factory_rows import add_game, add_games, rows

from .days import TODAY, ago, materialize, play
from .test_sensors import asked

OLD, FIRST = dt.date(2014, 12, 31), dt.date(2015, 1, 1)


def line(day: dt.date, number: int) -> str:
    return json.dumps(
        {
            "event_id": f"01900000-0000-7000-8000-{number:012x}",
            "game_id": game(1),
            "event_type": "game_start",
            "timestamp": f"{day}T00:00:00Z",
            "user_id": "old",
            "session_id": "s",
        }
    )


@pytest.fixture
def command(settings: Settings, engine: sa.Engine, monkeypatch):
    """Run ``gamefactory ...`` on the test's database; what it said."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("GAMEFACTORY_HOME", str(settings.home))
    monkeypatch.delenv("GAMEFACTORY_FIRST_DAY", raising=False)
    get_settings.cache_clear()

    def run(*words: str, stdin: str | None = None) -> str:
        done = CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    yield run
    get_settings.cache_clear()


def imported(command, *days: dt.date) -> str:
    text = "\n".join(line(day, number) for number, day in enumerate(days, 1))
    return command("events", "import", "--register-games", "-", stdin=text)


def installs(engine: sa.Engine) -> dict[dt.date, int]:
    return dict(tuple(row) for row in rows(engine, "SELECT date, installs FROM game_metrics"))


def test_a_player_of_before_the_first_partition_is_not_new_on_it(engine, command) -> None:
    imported(command, OLD, FIRST)
    said = command("metrics", "refresh", "--day", str(FIRST))
    assert installs(engine)[OLD] == 1
    assert installs(engine)[FIRST] == 0
    assert said.startswith(f"Computed 2 days from {OLD} to {FIRST}: 2 rows of game_metrics")


def test_everything_is_up_to_date_only_when_the_oldest_days_are(engine, command) -> None:
    imported(command, dt.date(2000, 1, 1), OLD)
    said = command("metrics", "refresh")
    assert said.startswith("Computed 8 days from 2000-01-01 to 2015-01-30: 5 rows of game_metrics, 5 of")
    assert command("metrics", "refresh") == "Every day is up to date.\n"


def test_an_import_says_what_will_be_seen_where(command, monkeypatch) -> None:
    begin = month_of(yesterday())
    said = imported(command, OLD, FIRST, TODAY)
    assert f"Events of 2 days from {OLD} to {FIRST} are from before {begin}, where" in said
    assert "gamefactory metrics refresh computes them" in said
    assert "from before" not in imported(command, OLD, FIRST), "nothing new"
    assert "from before" not in imported(command, *day_range(OLD, FIRST + dt.timedelta(9))), "in that month"
    monkeypatch.setenv("GAMEFACTORY_FIRST_DAY", str(FIRST))
    get_settings.cache_clear()
    again = imported(command, *[OLD] * 3, *day_range(OLD, FIRST + dt.timedelta(30)))
    assert f"Events of {OLD} are from before {FIRST}, where" in again


def test_a_month_of_before_the_first_partition_is_archived(engine, command, settings) -> None:
    imported(command, OLD, FIRST)
    command("metrics", "refresh")
    assert "2014-12: 1 event in" in command("events", "archive", "--month", "2014-12")
    done = archive_month(engine, settings.artifacts, FIRST, today=TODAY, horizon_days=35)
    assert done.events == 1


def test_dagsters_days_begin_where_the_events_do(engine, settings) -> None:
    def begin(settings: Settings = settings) -> dt.date:
        with engine.connect() as connection:
            return days_begin(connection, settings)

    this = month_of(yesterday())
    assert begin() == this, "there are none"
    add_game(engine)
    play(engine, "ann", TODAY)
    assert begin() == this
    play(engine, "ann", dt.date(2024, 2, 29), dt.date(2024, 3, 1))
    assert begin() == dt.date(2024, 2, 1)
    rows(engine, "INSERT INTO event_archives VALUES ('2023-07-01', 1, 'file:///x', 1, 1, 'c')")
    assert begin() == dt.date(2023, 7, 1)
    given = settings.model_copy(update={"first_day": FIRST})
    assert begin(given) == FIRST
    assert prepare(settings)["GAMEFACTORY_FIRST_DAY"] == "2023-07-01"
    assert prepare(given)["GAMEFACTORY_FIRST_DAY"] == str(FIRST)


def test_where_they_begin_is_asked_of_an_index(engine, connection) -> None:
    add_game(engine)
    play(engine, "ann", *(ago(30 * number) for number in range(1, 20)))
    rows(engine, "ANALYZE analytics_events")
    rows(connection, "SET LOCAL enable_seqscan = off")
    plan = "\n".join(
        row[0] for row in rows(connection, "EXPLAIN SELECT min(timestamp) FROM factory.analytics_events")
    )
    assert "Index Only Scan using analytics_events_" in plan
    assert "Limit" in plan


@pytest.fixture
def early(settings: Settings) -> Settings:
    """Settings by which the first partition is of five days ago."""
    return settings.model_copy(update={"first_day": ago(5)})


ROLLUPS = dg.AssetSelection.assets("player_days", "game_metrics").without_checks()


def test_a_run_of_the_first_partition_takes_earlier_days_along(engine, early, instance) -> None:
    add_game(engine)
    play(engine, "ann", ago(40), ago(5), ago(3))
    materialize(engine, early, instance, ago(3), selection=ROLLUPS)
    assert installs(engine)[ago(3)] == 1, "nobody has looked further back"
    materialize(engine, early, instance, ago(5), selection=ROLLUPS)
    assert {day: number for day, number in installs(engine).items() if number} == {ago(40): 1}
    assert set(installs(engine)) >= {ago(39), ago(33), ago(10)}, "their days to come back are looked at too"
    with engine.connect() as connection:
        assert due_days(connection, dt.date(2000, 1, 1), ago(1)) == []


@pytest.mark.slow
def test_the_night_looks_at_earlier_days(engine, early, instance) -> None:
    add_game(engine)
    play(engine, "ann", ago(40), ago(1))
    job = defs.resolve_job_def(daily_metrics.name)
    done = job.execute_in_process(
        instance=instance, resources={"factory": Factory(engine, early)}, partition_key=str(ago(1))
    )
    assert done.success
    assert {day: number for day, number in installs(engine).items() if number} == {ago(40): 1}


def test_late_events_of_earlier_days_come_with_the_first_partition(
    engine, early, instance, monkeypatch
) -> None:
    from gamefactory_dagster.analytics.defs import sensors

    monkeypatch.setattr(sensors, "DAYS", dg.DailyPartitionsDefinition(str(early.first_day), timezone="UTC"))
    add_game(engine)
    play(engine, "ann", ago(9), ago(8))

    def look():
        context = dg.build_sensor_context(
            instance=instance, definitions=defs, resources={"factory": Factory(engine, early)}
        )
        return late_events.evaluate_tick(context)

    assert asked(look()) == [str(ago(5))]
    materialize(engine, early, instance, ago(5), selection=ROLLUPS)
    assert (installs(engine)[ago(9)], installs(engine)[ago(8)]) == (1, 0)
    assert asked(look()) == []


DAYS = day_range(dt.date(2014, 12, 20), dt.date(2015, 2, 3))
GENRES = {game(1): "runner", game(2): "puzzle"}
HAPPENED = st.builds(
    lambda day, user, number: Happened(game(number), user, "s", "game_start", midnight(day)),
    st.sampled_from(DAYS),
    st.sampled_from([None, "ann", "bob", "cy"]),
    st.sampled_from([1, 2]),
)
ORDERS = st.lists(
    st.tuples(
        st.lists(HAPPENED, max_size=6), st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True)
    ),
    min_size=1,
    max_size=5,
)


SHARED_DATABASE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@examples(max_examples=5, **SHARED_DATABASE)
@given(ORDERS)
def test_in_some_order_of_days_what_was_asked_for_is_right_at_once(engine, orders) -> None:
    check_orders(engine, orders)


@pytest.mark.slow
@examples(max_examples=25, **SHARED_DATABASE)
@given(ORDERS)
def test_in_any_order_of_days_what_was_asked_for_is_right_at_once(engine, orders) -> None:
    check_orders(engine, orders)


def check_orders(engine: sa.Engine, orders: list[tuple[list[Happened], list[dt.date]]]) -> None:
    """After every command, not only at the end: all rows up to the last day asked for."""
    forget_rollups(engine)
    rows(engine, "DELETE FROM games")
    add_games(engine, GENRES)
    events: list[Happened] = []
    for new, wanted in orders:
        store(engine, new)
        events += new
        with engine.connect() as connection:
            days = with_earlier(connection, wanted)
        refresh(engine, days, SCORING)
        upto = [day for day in DAYS if day <= max(wanted)]
        expected = by_definition.game_metrics(events, upto)
        found = {key: row for key, row in stored_metrics(engine).items() if key[1] <= max(wanted)}
        assert found.keys() == expected.keys()
        for key, row in expected.items():
            assert {name: found[key][name] for name in row} == row, key


def test_today_is_a_day_like_any_other(engine, command) -> None:
    imported(command, today())
    command("metrics", "refresh")
    assert installs(engine) == {today(): 1}
