"""``gamefactory weights`` as a person and a script see it."""

import json

import pytest
import typer
from typer.testing import CliRunner

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.learning import commands


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)

    app = typer.Typer()
    app.command()(commands.weights)

    def do(*arguments):
        result = CliRunner().invoke(app, arguments)
        if result.exception:
            raise result.exception
        return result.stdout

    return do


def test_scripts_read_json(run, add_played):
    add_played("runner", ("tap_jump", "spawner"))
    rows = json.loads(run("--recompute", "--json"))
    assert [row["weight"] for row in rows] == sorted((row["weight"] for row in rows), reverse=True)
    assert {row["mechanic"] for row in rows[:2]} == {"tap_jump", "spawner"}
    assert rows[0] == {
        "mechanic": "spawner",
        "genre": "runner",
        "weight": 1.423,
        "sample_count": 1,
        "avg_retention_d7": 0.1,
        "avg_completion_rate": 0.6,
        "avg_ad_opt_in_rate": 0.3,
    }
    assert {row["genre"] for row in rows} == {"puzzle", "runner"}, "what no family makes nobody chooses by"
    assert {row["genre"] for row in json.loads(run("--genre", "puzzle", "--json"))} == {"puzzle"}


def test_people_read_a_table(run, add_played):
    add_played("runner", ("tap_jump", "spawner"))
    lines = run("--genre", "runner", "--recompute").splitlines()
    [line] = [line for line in lines if "spawner" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")] == [
        "spawner",
        "runner",
        "1.4230",
        "1",
        "10.0%",
        "60.0%",
        "30.0%",
    ]
    # the two mechanics also move where the library allows them in other genres
    assert lines[-1] == "Games learned from: 1; weights moved: 7; rows written: 70."
    assert not any("puzzle" in line for line in lines)


def test_before_any_game_it_says_so_and_looking_writes_nothing(run):
    shown = run("--genre", "runner")
    assert "No game has told anything yet" in shown
    assert [row["weight"] for row in json.loads(run("--genre", "runner", "--json"))] == [None] * 12


@pytest.mark.parametrize("genre", ["chess", "arcade", ""])
def test_a_genre_that_no_family_makes(run, genre):
    with pytest.raises(
        InputError, match=rf"^--genre: '{genre}' is not accepted; expected one of puzzle, runner$"
    ):
        run("--genre", genre)
