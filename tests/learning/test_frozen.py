"""A game that was flooded stands still: it neither moves nor goes away, and a person sets it free."""

import datetime as dt
import json

import dagster as dg
import pytest
from typer.testing import CliRunner

from gamefactory_dagster.analytics.strangers import forget_addresses
from gamefactory_dagster.cli import app
from gamefactory_dagster.learning.defs import no_game_stands_still
from gamefactory_dagster.learning.frozen import frozen, trust
from gamefactory_dagster.learning.outcomes import Tally, read
from gamefactory_dagster.learning.weights import recompute, stored
from gamefactory_dagster.orchestration.defs import Factory
from tests.factory_rows import insert, rows
from tests.learning.conftest import DAY, did

FLOOD = DAY + dt.timedelta(days=2)


@pytest.fixture
def game(add_played, engine):
    """A game of five days, of which the last three are quite unlike the first two."""
    made = add_played("runner", ("tap_jump", "spawner"), [did()] * 2 + [did(levels=(0, 90_000))] * 3)
    rows(engine, "UPDATE games SET slug = 'reef-run' WHERE id = :id", id=made)
    return made


def claim(engine, game, day=FLOOD, *, events=50, implausible=200, address=b"x"):
    insert(
        engine, "collector_claims", game_id=game, address=address, received_on=day, origin=game,
        events=events, implausible=implausible,
    )  # fmt: skip


def learned(engine):
    with engine.connect() as connection:
        return read(connection, 1.0)


def names(engine):
    with engine.connect() as connection:
        return [(one.slug, one.since, one.implausible) for one in frozen(connection)]


def test_a_flooded_game_keeps_what_it_was_before(engine, game):
    [before] = learned(engine)
    assert before.completion == Tally(600, 271_000)
    claim(engine, game)
    [frozen_game] = learned(engine)
    assert frozen_game.completion == Tally(600, 1000)
    assert names(engine) == [("reef-run", FLOOD, 200)]


@pytest.mark.parametrize(
    ("events", "implausible", "still"), [(200, 201, True), (200, 200, False), (0, 99, False), (0, 100, True)]
)
def test_more_implausible_than_good_and_not_just_a_few(engine, game, events, implausible, still):
    claim(engine, game, events=events, implausible=implausible)
    assert bool(names(engine)) is still


def test_a_day_is_judged_by_all_that_came_of_it(engine, game):
    claim(engine, game)
    claim(engine, game, events=151, implausible=0, address=b"y")
    assert names(engine) == []
    claim(engine, game, FLOOD + dt.timedelta(days=1))
    assert names(engine) == [("reef-run", FLOOD + dt.timedelta(days=1), 200)]


def test_a_person_says_otherwise_up_to_that_day(engine, settings, game, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    today = dt.datetime.now(dt.UTC).date()
    claim(engine, game)
    shown = CliRunner().invoke(app, ["weights", "--genre", "runner"]).stdout
    assert "reef-run is learned from only up to 2024-03-10" in shown
    assert "gamefactory game trust reef-run" in shown
    done = CliRunner().invoke(app, ["game", "trust", "reef-run", "--json"])
    assert json.loads(done.stdout) == {"id": str(game), "trusted_until": today.isoformat()}
    assert names(engine) == []
    assert "trust" not in CliRunner().invoke(app, ["weights", "--genre", "runner"]).stdout
    claim(engine, game, today + dt.timedelta(days=1))
    assert names(engine) == [("reef-run", today + dt.timedelta(days=1), 200)]


def test_what_it_stands_still_for_is_not_forgotten_before_somebody_looked(engine, game):
    claim(engine, game)
    claim(engine, game, DAY, implausible=0)
    today = dt.datetime.now(dt.UTC).date()
    assert forget_addresses(engine, today) == 0
    trust(engine, game)
    assert forget_addresses(engine, today) == 2


def test_the_check_names_it(engine, settings, game):
    def ask():
        resources = {"factory": Factory(engine, settings)}
        return no_game_stands_still(dg.build_asset_check_context(resources=resources))

    assert ask().passed
    claim(engine, game)
    found = ask()
    assert not found.passed
    assert "reef-run" in found.description


def test_a_flood_today_moves_no_weight(engine, settings, game):
    recompute(engine, settings)
    with engine.connect() as connection:
        before = stored(connection)
    claim(engine, game, dt.datetime.now(dt.UTC).date())
    assert recompute(engine, settings).moves == ()
    with engine.connect() as connection:
        assert stored(connection) == before
