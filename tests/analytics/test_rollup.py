"""Days computed in any order, again, between late events, by a process that dies: always the definitions."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamefactory_dagster.analytics.events import MONEY
from gamefactory_dagster.analytics.late import due_days, touched_days
from gamefactory_dagster.analytics.rollup import (
    affected,
    compute_game_metrics,
    compute_player_days,
    refresh,
    stale_days,
)
from gamefactory_dagster.errors import PermanentError
from tests.analytics.by_definition import Happened
from tests.analytics.logs import (
    SCORING,
    check_metrics,
    forget_rollups,
    game,
    killed_after,
    store,
    stored_metrics,
)
from tests.factory_rows import add_games

GENRES = {game(1): "runner", game(2): "runner", game(3): "puzzle"}
FIRST = dt.date(2026, 1, 20)
DAYS = [FIRST + dt.timedelta(number) for number in (0, 1, 2, 7, 8, 9, 14, 15, 30, 31, 32, 38, 39)]
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
TYPES = [
    *("game_start", "level_complete", "level_fail", "unlock_prompt_shown", "rewarded_ad_started"),
    *MONEY,
]


def at(day: dt.date, micros: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(microseconds=micros)


@st.composite
def happened(draw: st.DrawFn) -> Happened:
    """Few of everything, so that things meet; times at the edges of days and of whole seconds."""
    type = draw(st.sampled_from(TYPES))
    amount = draw(st.sampled_from([0, 1, 4_999, 5_000, 15_000, 2**62]))
    seconds = draw(st.sampled_from([0, 1, 2, 43_200, 86_398, 86_399]))
    micros = draw(st.sampled_from([0, 1, 499_999, 500_000, 999_999]))
    return Happened(
        draw(st.sampled_from(list(GENRES))),
        draw(st.sampled_from([None, "ann", "bob", "cy", "dee"])),
        draw(st.sampled_from([None, "s1", "s2"])),
        type,
        at(draw(st.sampled_from(DAYS)), 1_000_000 * seconds + micros),
        f'{{"{MONEY[type]}": {amount}}}' if type in MONEY else "{}",
    )


DAY = st.sampled_from(DAYS)
BATCH = st.lists(happened(), max_size=25)
SCHEDULE = st.lists(
    st.one_of(
        st.tuples(st.just("store"), BATCH),
        st.tuples(st.just("player_days"), DAY),
        st.tuples(st.just("game_metrics"), st.lists(DAY, max_size=3)),
        st.tuples(st.just("refresh"), st.lists(DAY, max_size=4)),
        st.tuples(st.just("killed"), st.tuples(st.lists(DAY, min_size=1, max_size=4), st.integers(0, 60))),
    ),
    max_size=14,
)


def follow(engine: sa.Engine, schedule: list[tuple[str, object]]) -> list[Happened]:
    """Do what ``schedule`` says; gives the events it stored."""
    stored: list[Happened] = []
    for what, argument in schedule:
        if what == "store":
            store(engine, argument, LONG_AGO)
            stored += argument
        elif what == "player_days":
            compute_player_days(engine, argument)
        elif what == "game_metrics":
            compute_game_metrics(engine, argument, SCORING)
        elif what == "refresh":
            refresh(engine, argument, SCORING)
        else:
            days, statements = argument
            with killed_after(engine, statements):
                refresh(engine, days, SCORING)
    return stored


def never_computed(engine: sa.Engine) -> list[dt.date]:
    with engine.connect() as connection:
        statement = "SELECT date FROM rollup_days WHERE game_metrics_at IS NOT NULL"
        done = set(connection.scalars(sa.text(statement)))
    return [day for day in DAYS if day not in done]


SHARED_DATABASE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
SOME_SCHEDULE = given(BATCH, SCHEDULE, st.randoms(use_true_random=False))


@settings(max_examples=6, **SHARED_DATABASE)
@SOME_SCHEDULE
def test_a_schedule_ends_as_computed_from_scratch(engine, before, schedule, random):
    check_schedule(engine, before, schedule, random)


@pytest.mark.slow
@settings(max_examples=30, **SHARED_DATABASE)
@SOME_SCHEDULE
def test_any_schedule_ends_as_computed_from_scratch(engine, before, schedule, random):
    check_schedule(engine, before, schedule, random)


def check_schedule(engine, before, schedule, random):
    forget_rollups(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM games"))  # and their events
    add_games(engine, GENRES)
    events = follow(engine, [("store", before), *schedule])

    with engine.connect() as connection:
        touched = [touch.day for touch in touched_days(connection, LONG_AGO)]
        assert set(touched) <= set(due_days(connection, DAYS[0], DAYS[-1]))
    last = [*touched, *never_computed(engine)]
    random.shuffle(last)
    for day in last:  # one at a time, as a scheduler may
        compute_player_days(engine, day)
        compute_game_metrics(engine, [day], SCORING)
    compute_game_metrics(engine, [], SCORING)  # what the schedule left stale

    with engine.connect() as connection:
        assert stale_days(connection) == []
        assert touched_days(connection, LONG_AGO) == []
        assert set(due_days(connection, DAYS[0], DAYS[-1])).isdisjoint(DAYS)
    check_metrics(engine, events, DAYS, GENRES)


def simple_log(players: int = 12) -> list[Happened]:
    """Players who start on different days and come back on some."""
    random = Random(5)
    return [
        Happened(
            random.choice(list(GENRES)),
            f"p{player}",
            f"s{day}",
            random.choice(TYPES[:5]),
            at(day, 10**6 * hour),
        )
        for player in range(players)
        for day in random.sample(DAYS, 4)
        for hour in range(3)
    ]


def test_runs_at_once_end_as_one_would(engine):
    add_games(engine, GENRES)
    events = simple_log(40)
    store(engine, events[:200])
    orders = [DAYS, DAYS[::-1], DAYS[3:] + DAYS[:3]]
    for _ in range(3):
        forget_rollups(engine)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda days: refresh(engine, days, SCORING), orders))
        check_metrics(engine, events[:200], DAYS, GENRES)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(refresh, engine, days, SCORING) for days in orders]
        pool.submit(store, engine, events[200:]).result()
        for run in runs:
            run.result()
    with engine.connect() as connection:
        touched = [touch.day for touch in touched_days(connection, LONG_AGO)]
    refresh(engine, touched, SCORING)
    check_metrics(engine, events, DAYS, GENRES)


def test_a_day_again_changes_nothing_and_keeps_ids(engine, connection):
    add_games(engine, GENRES)
    store(engine, simple_log())
    refresh(engine, DAYS, SCORING)
    select = sa.text("SELECT id, xmin, game_metrics.* FROM game_metrics ORDER BY id")
    before = connection.execute(select).all()
    connection.rollback()
    again = refresh(engine, DAYS, SCORING)
    assert (again.changed, again.scored) == (0, 0)
    assert again.rows == len(before) > 20
    assert connection.execute(select).all() == before  # not even written


def test_a_changed_row_keeps_its_id_and_a_row_without_reason_goes(engine):
    add_games(engine, GENRES)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(DAYS[2]))])
    refresh(engine, [DAYS[1], DAYS[2], FIRST + dt.timedelta(3)], SCORING)
    assert {day for _, day in stored_metrics(engine)} == {DAYS[2], FIRST + dt.timedelta(3)}
    ids = sa.text("SELECT date, id FROM game_metrics")
    with engine.connect() as connection:
        before = dict(connection.execute(ids).all())
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(DAYS[1]))])
    refresh(engine, [DAYS[1]], SCORING)
    with engine.connect() as connection:
        after = dict(connection.execute(ids).all())
    assert after.keys() == {DAYS[1], DAYS[2]}  # nobody's first day is two days before the third now
    assert after[DAYS[2]] == before[DAYS[2]]


def test_a_player_known_earlier_makes_both_cohorts_stale(engine):
    add_games(engine, GENRES)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(DAYS[3]))])
    everything = [FIRST + dt.timedelta(number) for number in range(40)]
    refresh(engine, everything, SCORING)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(FIRST))])
    done = compute_player_days(engine, FIRST)
    assert (done.installs, done.moved, done.players, done.events) == (0, 1, 1, 1)
    wanted = {FIRST + dt.timedelta(number) for number in (0, 1, 7, 30, 8, 14, 37)}
    assert set(done.stale) == wanted == affected(FIRST, [DAYS[3]])
    computed = compute_game_metrics(engine, [], SCORING)
    assert set(computed.days) == wanted


@pytest.mark.parametrize("pause_before", ["move_players", "mark_stale", "record_player_days"])
def test_metrics_computed_meanwhile_are_marked_or_wait(engine, pause_before):
    """A day's metrics read all of another run's change to player_days, or are stale afterwards."""
    add_games(engine, GENRES)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(FIRST))])
    marks = {
        "move_players": "INSERT INTO factory.players",
        "mark_stale": "SET stale_since = coalesce",
        "record_player_days": "VALUES (%(day)s, %(events)s",
    }
    next_day = FIRST + dt.timedelta(1)
    with ThreadPoolExecutor(1) as pool:
        runs = []

        def meanwhile(_c, _cursor, statement, *_: object) -> None:
            if marks[pause_before] in statement and not runs:
                runs.append(pool.submit(compute_game_metrics, engine, [next_day], SCORING))
                with pytest.raises(TimeoutError):
                    runs[0].result(timeout=0.3)

        sa.event.listen(engine, "before_cursor_execute", meanwhile)
        compute_player_days(engine, FIRST)
        sa.event.remove(engine, "before_cursor_execute", meanwhile)
        runs[0].result(timeout=10)
    assert stored_metrics(engine)[game(1), next_day]["cohort_d1"] == 1


def test_metrics_computed_before_the_players_move_are_stale(engine):
    add_games(engine, GENRES)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(FIRST))])
    next_day = FIRST + dt.timedelta(1)
    done = []

    def meanwhile(_c, _cursor, statement, *_: object) -> None:
        if "event_archives" in statement and not done:  # the day is aggregated, the players are not moved
            done.append(compute_game_metrics(engine, [next_day], SCORING))

    sa.event.listen(engine, "before_cursor_execute", meanwhile)
    stale = compute_player_days(engine, FIRST).stale
    sa.event.remove(engine, "before_cursor_execute", meanwhile)
    assert done[0].rows == 0
    assert stale == (next_day,)


def test_a_late_day_changes_the_scores_of_the_week_after_it(engine):
    add_games(engine, GENRES)
    week = [FIRST + dt.timedelta(number) for number in range(10)]
    events = [Happened(id, f"u{day}", "s", "level_complete", at(day)) for id in GENRES for day in week]
    store(engine, events)
    refresh(engine, week, SCORING)
    before = stored_metrics(engine)
    late = [Happened(game(1), "u", "s", "level_fail", at(week[1], number)) for number in range(50)]
    store(engine, late)
    refresh(engine, [week[1]], SCORING)
    after = stored_metrics(engine)
    changed = {day for (id, day), row in after.items() if row["score"] != before[id, day]["score"]}
    assert changed == set(week[1:8])
    neighbours = {id for (id, day), row in after.items() if row["score"] != before[id, day]["score"]}
    assert neighbours == {game(1), game(2)}  # its genre shares the rate
    check_metrics(engine, events + late, week, GENRES)


def test_a_deleted_game_takes_its_rollups_along(engine):
    add_games(engine, GENRES)
    events = simple_log()
    store(engine, events)
    refresh(engine, DAYS, SCORING)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM games WHERE id = :id"), {"id": game(2)})
    left = [event for event in events if event.game != game(2)]
    with engine.connect() as connection:
        for table in ("player_days", "players", "game_metrics"):
            games = connection.scalars(sa.text(f"SELECT DISTINCT game_id::text FROM {table}")).all()
            assert set(games) == {game(1), game(3)}
        due = due_days(connection, DAYS[0], DAYS[-1])
    assert set(due) >= {event.day for event in events if event.game == game(2)}
    refresh(engine, DAYS, SCORING)
    check_metrics(engine, left, DAYS, GENRES)


def test_a_game_deleted_while_its_day_is_computed_leaves_nothing(engine):
    add_games(engine, GENRES)
    store(engine, simple_log())
    begun = []

    def delete(_c, _cursor, statement, *_: object) -> None:
        if "DELETE FROM factory.player_days" in statement and not begun:
            begun.append(other.begin())
            other.execute(sa.text("DELETE FROM games WHERE id = :id"), {"id": game(1)})

    day = simple_log()[0].day
    with engine.connect() as other, ThreadPoolExecutor(1) as pool:
        sa.event.listen(engine, "before_cursor_execute", delete)
        run = pool.submit(compute_player_days, engine, day)
        with pytest.raises(TimeoutError):
            run.result(timeout=0.5)  # it waits for the game it has read events of
        sa.event.remove(engine, "before_cursor_execute", delete)
        begun[0].commit()
        run.result(timeout=10)
    with engine.connect() as connection:
        for table in ("player_days", "players"):
            games = set(connection.scalars(sa.text(f"SELECT DISTINCT game_id::text FROM {table}")))
            assert games and game(1) not in games


def test_an_archived_day_is_refused_and_stays(engine):
    add_games(engine, GENRES)
    store(engine, simple_log())
    refresh(engine, DAYS, SCORING)
    before = stored_metrics(engine)
    archive = "INSERT INTO event_archives VALUES ('2026-01-01', 1, 'file:///x.parquet', 1, 1, 'c')"
    with engine.begin() as connection:
        connection.execute(sa.text(archive))
        connection.execute(sa.text("DELETE FROM analytics_events WHERE timestamp < '2026-02-01 00:00Z'"))
    with pytest.raises(PermanentError, match=r"2026-01 are archived at file:///x\.parquet"):
        compute_player_days(engine, FIRST)
    refresh(engine, [day for day in DAYS if day.month == 2], SCORING)
    compute_game_metrics(engine, DAYS, SCORING)
    assert stored_metrics(engine) == before
    with engine.connect() as connection:
        assert set(due_days(connection, DAYS[0], DAYS[-1])).isdisjoint(DAYS)


def test_progress_counts_every_day_twice_and_the_stale_ones(engine):
    add_games(engine, GENRES)
    store(engine, [Happened(game(1), "ann", "s", "game_start", at(FIRST))])
    compute_game_metrics(engine, [FIRST + dt.timedelta(1)], SCORING)
    seen = []
    refresh(engine, [FIRST], SCORING, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 3), (3, 3)]
