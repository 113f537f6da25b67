"""``gamefactory batch`` and ``game`` as a person and a script see them."""

import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.database.tables.factory import Game
from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.home import ARCADE, announced
from gamefactory_dagster.production import batches, commands


@pytest.fixture
def run(settings, monkeypatch):
    """Run ``gamefactory ...`` in this process on the test's database."""
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    return lambda *words: CliRunner().invoke(app, words)


@pytest.fixture
def game(engine):
    """A game that was made elsewhere, of a genre no family makes."""
    row = {"name": "[b]Far", "slug": "far", "genre": "chess", "style": "x", "status": "failed"}
    with engine.begin() as connection:
        connection.execute(sa.insert(Game).values(row))


@pytest.mark.parametrize(
    ("option", "value", "there_are"),
    [
        ("--status", "lost", "cancelled, completed, created, failed, in_progress, published"),
        ("--genre", "poker", "chess, puzzle, runner"),
    ],
)
def test_a_state_or_genre_there_is_not_is_refused(run, game, option, value, there_are):
    refused = run("game", "list", option, value).exception
    assert isinstance(refused, InputError)
    assert str(refused) == f"{option}: '{value}' is not accepted; expected one of {there_are}"


def test_games_are_listed_by_state_and_genre(run, game):
    listed = json.loads(run("game", "list", "--status", "failed", "--genre", "chess", "--json").output)
    assert [(one["slug"], one["name"]) for one in listed] == [("far", "[b]Far")]
    assert "[b]Far" in run("game", "list").output
    assert json.loads(run("game", "list", "--genre", "runner", "--json").output) == []


def test_links_are_those_of_the_arcade_that_runs(run, settings, engine):
    batch = json.loads(run("batch", "submit", "--name", "one", "--count", "1", "--json").output)["id"]
    published = "http://127.0.0.1:3001/games/far/"
    row = {"name": "Far", "slug": "far", "genre": "chess", "status": "published", "play_url": published}
    with engine.begin() as connection:
        connection.execute(sa.insert(Game).values(**row, batch_id=batch, batch_position=1))
    settings.home.mkdir()
    for url in ("http://127.0.0.1:3001", "http://127.0.0.1:8080"):
        with announced(settings.home, ARCADE, "gamefactory arcade", url):
            assert f"{url}/games/far/" in run("game", "list").output
            assert f"{url}/games/far/" in run("batch", "status").output
            [game] = json.loads(run("game", "list", "--json").output)
            assert game["play_url"] == f"{url}/games/far/"
            [game] = json.loads(run("batch", "status", "--json").output)["games"]
            assert game["play_url"] == f"{url}/games/far/"
    assert published in run("game", "list").output


def test_an_order_is_watched_until_it_has_ended(run, engine):
    ordered = json.loads(run("batch", "submit", "--name", "[b]one", "--count", "1", "--json").output)
    cancelled = json.loads(run("batch", "cancel", ordered["id"], "--json").output)
    assert cancelled == {"id": ordered["id"], "status": "cancelled", "games_cancelled": 0}
    watched = run("batch", "status", "--watch")
    assert watched.exit_code == 1
    assert "[b]one: cancelled" in watched.output
    asked = run("batch", "status", "--watch", "--json")
    assert asked.exit_code == 1
    assert json.loads(asked.stdout)["status"] == "cancelled"
    assert asked.stderr == ""


def test_who_watches_waits_for_a_database_that_starts_again(run, monkeypatch):
    ordered = json.loads(run("batch", "submit", "--name", "patient", "--count", "1", "--json").output)
    whole, asked = batches.status, []

    def status(engine, batch_id):
        asked.append(batch_id)
        if len(asked) in {2, 3}:
            raise TransientError("the database is starting up")
        if len(asked) == 4:
            assert run("batch", "cancel", ordered["id"]).exit_code == 0
        return whole(engine, batch_id)

    monkeypatch.setattr(batches, "status", status)
    watched = run("batch", "status", "--watch")
    assert "patient: cancelled" in watched.output
    monkeypatch.setattr(commands, "GONE_SECONDS", 0)
    asked.clear()
    gone = run("batch", "status", "--watch")
    assert isinstance(gone.exception, TransientError)
