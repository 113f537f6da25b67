"""Days that hold nothing: found without being looked at, recorded as if they had been computed."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.catch_up import first_day_due
from gamefactory_dagster.analytics.late import due_days
from gamefactory_dagster.analytics.quiet import days_with_events
from gamefactory_dagster.analytics.rollup import (
    compute_game_metrics,
    compute_player_days,
    pass_over_quiet,
    refresh,
)
from gamefactory_dagster.days import day_range, midnight, today, yesterday
from gamefactory_dagster.errors import PermanentError
from tests.analytics.by_definition import Happened
from tests.analytics.logs import SCORING, check_metrics, forget_rollups, game, store
from tests.factory_rows import add_games, rows

GENRES = {game(1): "runner", game(2): "puzzle"}
FIRST = dt.date(2019, 12, 20)
DAYS = day_range(FIRST, FIRST + dt.timedelta(45))
DAY = st.sampled_from(DAYS)


def on(day: dt.date, user: str | None = "ann", number: int = 1, second: int = 0) -> Happened:
    return Happened(game(number), user, "s", "game_start", midnight(day) + dt.timedelta(seconds=second))


@contextmanager
def counting(engine: sa.Engine) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    sent: list[str] = []

    def keep(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", keep)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", keep)


@pytest.fixture
def two_games(engine: sa.Engine) -> sa.Engine:
    add_games(engine, GENRES)
    return engine


def test_days_with_events_are_found_to_the_microsecond(two_games, connection) -> None:
    store(two_games, [on(FIRST), on(FIRST, second=86_399), on(DAYS[3], None), on(DAYS[40])])
    last_moment = midnight(DAYS[9]) + dt.timedelta(days=1, microseconds=-1)
    store(two_games, [on(DAYS[9])._replace(time=last_moment)])
    assert days_with_events(connection, FIRST, DAYS[-1]) == [FIRST, DAYS[3], DAYS[9], DAYS[40]]
    assert days_with_events(connection, DAYS[1], DAYS[9]) == [DAYS[3], DAYS[9]]
    assert days_with_events(connection, DAYS[10], DAYS[39]) == []


def test_years_without_events_cost_a_few_statements(two_games) -> None:
    store(two_games, [on(FIRST)])
    everything = day_range(dt.date(2000, 1, 1), yesterday())
    steps = []
    with counting(two_games) as sent:
        done = refresh(two_games, everything, SCORING, lambda *step: steps.append(step))
    assert (len(done.days), done.rows) == (len(everything), 4)
    assert len(sent) < 80, "the day with events, the four with metrics, and no other"
    assert steps[-1] == (5, 5)
    recorded = "SELECT count(*) FROM rollup_days WHERE player_days_at <= now() AND game_metrics_at <= now()"
    assert rows(two_games, recorded) == [(len(everything),)]
    with two_games.connect() as connection:
        assert due_days(connection, everything[0], everything[-1]) == []
        assert first_day_due(connection, everything[0], everything[-1]) == everything[-1]


SHARED_DATABASE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
HAPPENED = st.builds(
    on, DAY, st.sampled_from([None, "ann", "bob"]), st.sampled_from([1, 2]), st.sampled_from([0, 86_399])
)
STRETCH = st.tuples(DAY, DAY).map(sorted)
STEP = st.one_of(
    st.tuples(st.just("store"), st.lists(HAPPENED, max_size=4)),
    st.tuples(st.just("player_days"), DAY),
    st.tuples(st.just("stretch"), STRETCH),
    st.tuples(st.just("metrics"), STRETCH),
    st.tuples(st.just("lose a game"), st.sampled_from([1, 2])),
)


def do(engine: sa.Engine, what: str, argument: object, events: list[Happened]) -> list[Happened]:
    """Do one step; the events there are then."""
    if what == "store":
        there = {str(row.id) for row in rows(engine, "SELECT id FROM games")}
        new = [event for event in argument if event.game in there]
        store(engine, new)
        events = [*events, *new]
    elif what == "player_days":
        compute_player_days(engine, argument)
    elif what == "stretch":
        refresh(engine, day_range(*argument), SCORING)
    elif what == "metrics":
        compute_game_metrics(engine, day_range(*argument), SCORING)
    else:
        rows(engine, "DELETE FROM games WHERE id = :id", id=game(argument))
        events = [event for event in events if event.game != game(argument)]
    return events


@settings(max_examples=6, **SHARED_DATABASE)
@given(st.lists(STEP, max_size=8))
def test_a_range_is_as_if_every_day_had_been_computed(engine, steps) -> None:
    check_range(engine, steps)


@pytest.mark.slow
@settings(max_examples=25, **SHARED_DATABASE)
@given(st.lists(STEP, max_size=10))
def test_any_range_is_as_if_every_day_had_been_computed(engine, steps) -> None:
    check_range(engine, steps)


def check_range(engine: sa.Engine, steps: list[tuple[str, object]]) -> None:
    forget_rollups(engine)
    rows(engine, "DELETE FROM games")
    add_games(engine, GENRES)
    events: list[Happened] = []
    for what, argument in steps:
        events = do(engine, what, argument, events)
    refresh(engine, DAYS, SCORING)
    check_metrics(engine, events, DAYS, GENRES)
    counts = dict.fromkeys(DAYS, 0)
    for event in events:
        counts[event.day] += 1
    recorded = rows(
        engine,
        "SELECT date, events, late_events, player_days_at IS NULL OR game_metrics_at IS NULL, stale_since"
        " FROM rollup_days WHERE date BETWEEN :first AND :last ORDER BY date",
        first=DAYS[0],
        last=DAYS[-1],
    )
    assert [tuple(row) for row in recorded] == [(day, counts[day], 0, False, None) for day in DAYS]


def test_a_day_that_is_not_over_is_recorded_again(engine) -> None:
    refresh(engine, [today()], SCORING)
    ask = "SELECT player_days_at FROM rollup_days WHERE date = :day"
    [(before,)] = rows(engine, ask, day=today())
    refresh(engine, [today()], SCORING)
    [(after,)] = rows(engine, ask, day=today())
    assert after > before
    over = today() - dt.timedelta(1)
    refresh(engine, [over], SCORING)
    [(before,)] = rows(engine, ask, day=over)
    refresh(engine, [over], SCORING)
    assert rows(engine, ask, day=over) == [(before,)]


def test_events_that_came_too_late_are_counted_no_more(engine) -> None:
    rows(engine, "INSERT INTO rollup_days (date, late_events) VALUES (:day, 5)", day=FIRST)
    assert pass_over_quiet(engine, DAYS) == set(DAYS[1:])
    refresh(engine, DAYS, SCORING)
    assert rows(engine, "SELECT count(*) FROM rollup_days WHERE late_events > 0") == [(0,)]


def test_a_quiet_day_of_an_archived_month_is_refused_like_any_other(engine) -> None:
    rows(engine, "INSERT INTO event_archives VALUES ('2020-01-01', 1, 'file:///x.parquet', 1, 1, 'c')")
    assert pass_over_quiet(engine, DAYS) == {day for day in DAYS if day.month != 1}
    with pytest.raises(PermanentError, match=r"2020-01 are archived"):
        refresh(engine, DAYS, SCORING)


def test_nobody_computes_while_quiet_days_are_looked_for(two_games) -> None:
    """Or a day computed meanwhile could be recorded as one without events."""
    store(two_games, [on(FIRST)])
    with counting(two_games) as sent:
        refresh(two_games, [FIRST, DAYS[-1]], SCORING)
    locks = [number for number, text in enumerate(sent) if "pg_advisory_xact_lock" in text]
    looks = [number for number, text in enumerate(sent) if "WITH RECURSIVE" in text]
    assert locks[0] < looks[0]
    assert any(looks[-1] > lock > looks[1] for lock in locks)
