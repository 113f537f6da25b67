"""The loop closed on the database: what was played moves the weights, and those move what is made next."""

import math

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database.tables.factory import GameMetrics
from gamefactory_dagster.learning.choice import Weighted, choose
from gamefactory_dagster.learning.weights import candidates, recompute, stored
from gamefactory_dagster.production import batches, dispatch
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.design.library import PRESENTATION
from gamefactory_dagster.studio.families import family_for
from gamefactory_dagster.studio.providers import embedded
from tests.learning.conftest import DAY, did

RUNNER = family_for("runner")


@pytest.fixture
def design(engine, settings):
    """Order runners and take them through step 1; gives their rows with the stored choice."""

    def do(count):
        shop = Workshop(engine, settings, embedded(settings))
        order = check_order("next", count, ["runner"], {}, 1000)
        batch = batches.submit(engine, order, 5)
        dispatch.plan_next(engine, settings)
        statement = sa.text("""
            SELECT games.id, seed, selected_mechanics, artifacts -> 'choice' AS choice
            FROM games JOIN game_steps ON game_id = games.id AND step_number = 1
            WHERE batch_id = :batch ORDER BY batch_position
        """)
        with engine.connect() as connection:
            planned = connection.execute(statement, {"batch": batch}).all()
        for game in planned:
            perform(shop, game.id, 1, "run")
        with engine.connect() as connection:
            return connection.execute(statement, {"batch": batch}).all()

    return do


def test_what_is_only_seen_is_neither_learned_from_nor_drawn(engine, settings, add_played, design):
    """Games of earlier versions list it, and weights of it were learned: both are read, and mean nothing."""
    with engine.begin() as connection:
        connection.execute(
            sa.text("""
            INSERT INTO learning_weights (mechanic_id, genre, weight, sample_count)
            SELECT id, 'runner', 3, 40 FROM mechanics WHERE name IN ('camera_follow', 'parallax_scrolling')
            """)
        )
    for number in range(20):
        seen = ("parallax_scrolling", "particle_effects", "sprite_animation", "camera_follow")[number % 4 :]
        add_played("runner", ("tap_jump", "spawner", *seen), d7=(38 + number % 3, 200))
        add_played("runner", ("tap_jump", "spawner"), d7=(4 + number % 3, 200))
    recompute(engine, settings)
    with engine.connect() as connection:
        found = {one.mechanic: one for one in stored(connection, "runner")}
        drawable = {one.name for one in candidates(connection, "runner")}
    for name in PRESENTATION:
        assert (found[name].weight, found[name].sample_count) == (1, 0), name
        assert found[name].avg_retention_d7 is None
    assert found["spawner"].sample_count == 40
    assert drawable == set(RUNNER.mechanics) - PRESENTATION
    for game in design(4):
        assert not PRESENTATION & {*game.selected_mechanics, *game.choice["names"], *scores(game)}


def scores(game):
    return {entry["mechanic"]: entry["score"] for entry in game.choice["ranking"]}


def test_what_was_played_decides_what_is_made_next(engine, settings, add_played, design):
    for number in range(20):
        add_played("runner", ("tap_jump", "spawner", "score_system"), d7=(38 + number % 3, 200))
        add_played("runner", ("tap_jump", "health_system", "score_system"), d7=(4 + number % 3, 200))
    recompute(engine, settings)
    with engine.connect() as connection:
        learned = {one.name: one for one in candidates(connection, "runner")}
    assert learned["spawner"].weight > 2
    assert learned["health_system"].weight < 0.5

    games = design(4)
    for game in games:
        neutral = choose([Weighted(name, 1.0, 0) for name in RUNNER.mechanics], game.seed, RUNNER.core)
        for name, score in scores(game).items():
            luck = neutral.scores[name] * math.sqrt(4)
            found = learned[name]
            expected = 0.35 * math.log(found.weight) + luck / math.sqrt(found.sample_count + 4)
            assert score == pytest.approx(expected, abs=1e-6)
        assert game.selected_mechanics[0] == "tap_jump"
        assert "spawner" in game.selected_mechanics
        assert "health_system" not in game.selected_mechanics
        assert set(game.selected_mechanics) == set(game.choice["names"])

    with engine.begin() as connection:
        connection.execute(
            sa.insert(GameMetrics), [{"game_id": game.id, "date": DAY, **did()} for game in games]
        )
    assert recompute(engine, settings).games == 44
    with engine.connect() as connection:
        counts = {one.name: one.sample_count for one in candidates(connection, "runner")}
    assert (counts["tap_jump"], counts["spawner"], counts["health_system"]) == (44, 24, 20)
    tried = {name for game in games for name in game.selected_mechanics}
    assert all(counts[name] > 0 for name in tried)
