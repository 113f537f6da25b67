"""The table of weights on the database: from scratch, once, and only what differs."""

import math
import random
import threading
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.learning import weights
from gamefactory_dagster.learning.weights import candidates, recompute, stored

OPTIONAL = ("spawner", "score_system", "health_system", "timer_countdown", "particle_effects")


def table(engine):
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM learning_weights ORDER BY mechanic_id, genre"))
        return [row._mapping for row in rows]


def row(engine, mechanic, genre="runner"):
    with engine.connect() as connection:
        [found] = [one for one in stored(connection, genre) if one.mechanic == mechanic]
        return found


def run(engine, statement, **parameters):
    with engine.begin() as connection:
        connection.execute(sa.text(statement), parameters)


def some_games(add_played, count=12, seed=1):
    rng = random.Random(seed)
    for _ in range(count):
        genre, core = rng.choice([("runner", "tap_jump"), ("puzzle", "tile_swap")])
        add_played(
            genre,
            (core, *rng.sample(OPTIONAL, 3)),
            d7=(rng.randint(0, 40), 200),
            levels=(rng.randint(0, 99), 99),
            ads=(rng.randint(0, 50), 50),
        )


def test_every_allowed_pair_has_a_neutral_row_before_any_game(engine, connection, settings):
    done = recompute(engine, settings)
    pairs = connection.scalar(sa.text("SELECT sum(jsonb_array_length(genre_tags)) FROM mechanics"))
    rows = table(engine)
    assert (done.games, len(done.moves), done.removed, len(rows)) == (0, pairs, 0, pairs)
    assert {(one["weight"], one["sample_count"], one["avg_retention_d7"]) for one in rows} == {(1, 0, None)}
    assert not any(move.distance for move in done.moves)


def test_a_row_by_hand(engine, settings, add_played):
    """One game: 40 * 0.5 + 30 * 0.6 + 30 * 0.3 = 47 is 1.25 deviations of 8 above 37.

    Its variance is 0.5 + 2 * (0.10 + 0.06) + 0.8 = 1.62, of which 0.16 is each mechanic's in its genre.
    """
    add_played("runner", ("tap_jump", "spawner"))
    assert recompute(engine, settings).games == 1
    found = row(engine, "spawner")
    assert found.weight == Decimal(str(round(math.exp(0.16 / 1.62 * 1.25 / 0.35), 4)))
    assert found.sample_count == 1
    rates = found.avg_retention_d7, found.avg_completion_rate, found.avg_ad_opt_in_rate
    assert rates == (Decimal("0.1"), Decimal("0.6"), Decimal("0.3"))
    elsewhere = row(engine, "spawner", "puzzle")
    assert elsewhere.weight == Decimal(str(round(math.exp(0.10 / 1.62 * 1.25 / 0.35), 4)))
    assert (elsewhere.sample_count, elsewhere.avg_retention_d7) == (0, None)


def test_means_are_plain_and_of_the_games_that_have_the_rate(engine, settings, add_played):
    add_played(mechanics=("tap_jump",), d7=(10, 100), ads=(0, 0))
    add_played(mechanics=("tap_jump",), d7=(60, 300), ads=(1, 4))
    add_played("platformer", mechanics=("tap_jump",), d7=(90, 100))
    recompute(engine, settings)
    found = row(engine, "tap_jump")
    assert (found.sample_count, found.avg_retention_d7) == (2, Decimal("0.15"))
    assert found.avg_ad_opt_in_rate == Decimal("0.25")


def test_a_second_time_writes_nothing(engine, settings, add_played):
    some_games(add_played)
    first = recompute(engine, settings)
    before = table(engine)
    second = recompute(engine, settings)
    assert first.games == second.games == 12
    assert (second.moves, second.removed) == ((), 0)
    assert table(engine) == before


def test_only_rows_that_differ_move_their_date(engine, settings, add_played):
    some_games(add_played)
    recompute(engine, settings)
    before = {one["id"]: one for one in table(engine)}
    spoilt = row(engine, "spawner")
    run(
        engine,
        "UPDATE learning_weights SET weight = 5 WHERE mechanic_id = :id AND genre = 'runner'",
        id=spoilt.mechanic_id,
    )
    done = recompute(engine, settings)
    [move] = done.moves
    assert (move.before.weight, move.after) == (5, spoilt)
    assert move.distance == pytest.approx(abs(math.log(5 / float(spoilt.weight))))
    changed = [one for one in table(engine) if one != before[one["id"]]]
    assert [one["mechanic_id"] for one in changed] == [spoilt.mechanic_id]
    assert changed[0]["last_updated"] > before[changed[0]["id"]]["last_updated"]


def test_moves_come_farthest_first(engine, settings, add_played):
    some_games(add_played)
    distances = [move.distance for move in recompute(engine, settings).moves]
    assert distances == sorted(distances, reverse=True)
    assert distances[0] > 0


@examples(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=st.lists(st.sampled_from(["recompute", "spoil", "drop"]), max_size=4))
def test_whatever_was_there_before_the_result_is_the_same(database, add_played, steps):
    engine, settings = database.engine, database.settings
    with engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT count(*) FROM games")):
            some_games(add_played)
    wanted = None
    for step in ["recompute", *steps, "recompute"]:
        if step == "spoil":
            run(engine, "UPDATE learning_weights SET weight = 10 * random(), sample_count = 7")
        elif step == "drop":
            run(engine, "DELETE FROM learning_weights WHERE random() < 0.5")
        else:
            recompute(engine, settings)
            with engine.connect() as connection:
                wanted = wanted or stored(connection)
                assert stored(connection) == wanted


def test_a_pair_no_longer_allowed_is_removed_and_an_inactive_mechanic_keeps_its_weight(
    engine, settings, add_played
):
    add_played("runner", ("tap_jump", "spawner"))
    recompute(engine, settings)
    run(
        engine,
        """UPDATE mechanics SET genre_tags = '["puzzle", "arcade", "puzzle"]' WHERE name = 'spawner'""",
    )
    run(engine, "UPDATE mechanics SET is_active = false WHERE name = 'tap_jump'")
    done = recompute(engine, settings)
    assert (done.removed, done.moves) == (2, ())
    with engine.connect() as connection:
        assert "spawner" not in {one.mechanic for one in stored(connection, "runner")}
        assert "tap_jump" not in {one.name for one in candidates(connection, "runner")}
    assert row(engine, "tap_jump").sample_count == 1
    assert row(engine, "spawner", "puzzle").sample_count == 0


def test_two_at_once_go_one_after_the_other(engine, settings, add_played):
    """The second waits for the first, then finds nothing left to write."""
    some_games(add_played)
    found = []
    threads = [threading.Thread(target=lambda: found.append(recompute(engine, settings))) for _ in range(4)]
    with engine.begin() as connection:
        take(connection, Lock.WEIGHTS)
        for thread in threads:
            thread.start()
        threads[0].join(0.3)
        assert not found
    for thread in threads:
        thread.join()
    assert sorted(len(done.moves) > 0 for done in found) == [False, False, False, True]


def test_a_failure_half_way_leaves_what_was(engine, settings, add_played, monkeypatch):
    recompute(engine, settings)
    before = table(engine)
    some_games(add_played)
    load = weights.load
    broken = {"learning/forget_weights": "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)"}
    monkeypatch.setattr(weights, "load", lambda name: broken.get(name) or load(name))
    with pytest.raises(TransientError):
        recompute(engine, settings)
    assert table(engine) == before


def test_settings_say_what_an_outcome_is_made_of(engine, settings, add_played):
    add_played(mechanics=("spawner",), d7=(0, 100), ads=(100, 100))
    add_played(mechanics=("health_system",), d7=(40, 100), ads=(0, 100))
    only_ads = settings.model_copy(update={"retention_weight": 0.0, "completion_weight": 0.0})
    recompute(engine, only_ads)
    assert row(engine, "spawner").weight > 1 > row(engine, "health_system").weight
    only_days = settings.model_copy(update={"ad_opt_in_weight": 0.0, "completion_weight": 0.0})
    recompute(engine, only_days)
    assert row(engine, "spawner").weight < 1 < row(engine, "health_system").weight


def test_rows_are_read_best_first(engine, settings, add_played, connection):
    some_games(add_played)
    recompute(engine, settings)
    found = stored(connection)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert {one.genre for one in stored(connection, "puzzle")} == {"puzzle"}
