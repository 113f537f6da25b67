"""Which days late events touched, and what is decided about them."""

import datetime as dt

import pytest
import sqlalchemy as sa

from gamefactory_dagster.analytics.late import LatePlan, TouchedDay, due_days, plan, record_late, touched_days
from gamefactory_dagster.analytics.rollup import compute_player_days, refresh
from tests.analytics.by_definition import Happened
from tests.analytics.logs import SCORING, game, store
from tests.factory_rows import add_games

TODAY = dt.date(2026, 3, 31)
BEFORE = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
THEN = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days)


def on(day: dt.date, second: int = 0) -> Happened:
    time = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=second)
    return Happened(game(1), "ann", "s", "game_start", time)


@pytest.fixture
def one_game(engine: sa.Engine) -> sa.Engine:
    add_games(engine, {game(1): "runner"})
    return engine


def touched(engine: sa.Engine, since: dt.datetime = THEN) -> list[TouchedDay]:
    with engine.connect() as connection:
        return touched_days(connection, since)


def test_days_with_events_the_rollups_do_not_hold_are_touched(one_game):
    store(one_game, [on(ago(3)), on(ago(5))], BEFORE)
    for days in (3, 5):
        compute_player_days(one_game, ago(days))
    assert touched(one_game, BEFORE) == []
    store(one_game, [on(ago(3), 86_399), on(ago(4), 0)], THEN)
    expected = [TouchedDay(ago(4), 1, 0, False), TouchedDay(ago(3), 2, 1, False)]
    assert touched(one_game) == expected
    assert touched(one_game) == expected  # looking changes nothing
    assert touched(one_game, THEN + dt.timedelta(microseconds=1)) == []
    compute_player_days(one_game, ago(3))
    assert touched(one_game) == expected[:1]


def test_of_an_archived_month_all_there_is_came_late(one_game):
    archived = dt.date(2026, 1, 15)
    store(one_game, [on(archived), on(archived, 1)], BEFORE)
    compute_player_days(one_game, archived)
    with one_game.begin() as connection:
        connection.execute(sa.text("DELETE FROM analytics_events"))
        for part in (1, 2):
            row = "INSERT INTO event_archives VALUES ('2026-01-01', :part, 'file:///x', 1, 1, 'c')"
            connection.execute(sa.text(row), {"part": part})
    store(one_game, [on(archived, 2), on(archived, 3)], THEN)
    assert touched(one_game) == [TouchedDay(archived, 2, 0, True)]
    with one_game.connect() as connection:
        month_later = archived + dt.timedelta(30)
        assert due_days(connection, dt.date(2026, 1, 1), TODAY) == [month_later], (
            "nobody looked who came back"
        )


def test_the_horizon_divides_what_is_computed_from_what_is_counted():
    days = [
        TouchedDay(ago(36), 10, 7, False),
        TouchedDay(ago(35), 5, 0, False),
        TouchedDay(ago(1), 3, 2, False),
        TouchedDay(TODAY, 9, 0, False),
        TouchedDay(TODAY + dt.timedelta(1), 1, 0, False),
    ]
    stale = [ago(50), ago(1), TODAY]
    assert plan(days, stale, TODAY, 35) == LatePlan(
        player_days=(ago(35), ago(1)), game_metrics=(ago(50), ago(35), ago(1)), late={ago(36): 3}
    )


def test_archived_days_are_counted_even_within_the_horizon():
    days = [TouchedDay(ago(10), 2, 0, True)]
    assert plan(days, [], TODAY, 35) == LatePlan((), (), {ago(10): 2})


def test_events_that_went_with_their_game_are_not_late():
    days = [TouchedDay(ago(40), 2, 5, False), TouchedDay(ago(4), 2, 5, False)]
    assert plan(days, [], TODAY, 35) == LatePlan((ago(4),), (ago(4),), {})


def test_late_events_are_recorded_once_and_forgotten_when_the_day_is_computed(one_game, connection):
    day = ago(40)
    store(one_game, [on(day)], BEFORE)
    refresh(one_game, [day], SCORING)
    store(one_game, [on(day, 1), on(day, 2)], THEN)
    for _ in range(2):
        with one_game.begin() as writing:
            record_late(writing, plan(touched_days(writing, THEN), [], TODAY, 35).late)
    known = sa.text("SELECT date, late_events FROM rollup_days WHERE late_events > 0")
    assert connection.execute(known).all() == [(day, 2)]
    connection.rollback()
    compute_player_days(one_game, day)
    assert connection.execute(known).all() == []


def test_due_are_changed_days_and_later_ones_where_players_may_come_back(one_game, connection):
    store(one_game, [on(ago(8))], BEFORE)
    first = dt.date(2026, 1, 1)
    assert due_days(connection, first, TODAY) == [ago(8), ago(7), ago(1)]
    connection.rollback()
    refresh(one_game, [ago(8), ago(7)], SCORING)
    assert due_days(connection, first, TODAY) == [ago(1)], "nobody looked whether they came back"
    connection.rollback()
    refresh(one_game, [ago(1)], SCORING)
    assert due_days(connection, first, TODAY) == []
    connection.rollback()
    store(one_game, [on(ago(8), 5)], THEN)
    assert due_days(connection, first, TODAY) == [ago(8)]
    assert due_days(connection, first, ago(9)) == []


def test_of_an_archived_month_no_day_is_due(one_game, connection):
    store(one_game, [on(dt.date(2026, 1, 31))], BEFORE)
    refresh(one_game, [dt.date(2026, 1, 31)], SCORING)
    with one_game.begin() as writing:
        for month in ("2026-01-01", "2026-02-01"):
            row = "INSERT INTO event_archives VALUES (:month, 1, 'file:///x', 1, 1, 'c')"
            writing.execute(sa.text(row), {"month": month})
    due = due_days(connection, dt.date(2026, 1, 1), TODAY)
    assert due == [dt.date(2026, 3, 2)], "those of February cannot be computed"
