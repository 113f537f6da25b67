"""A folder to a report by one command."""

import json

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.replays.results import Report
from gamefactory_dagster.settings import CHECKOUT
from tests.test_cli import imported

from .files import write


@pytest.fixture
def folder(tmp_path):
    """Ann wins twice against Ben, Cid once against Ann; one file is broken, one is there twice."""
    there = tmp_path / "replays"
    for number in (1, 2):
        write(there / f"{number}.json", number)
    write(there / "3.json", 3, winner="Cid", loser="ann")
    write(there / "4.json", 2)
    (there / "bad.json").write_text("[]")
    return there


def run(*arguments):
    return CliRunner().invoke(app, ["replays", "analyze", *map(str, arguments)])


def test_the_rates_are_printed_and_what_could_not_be_read_is_said_aside(folder):
    done = run(folder, "--player", "ANN")
    assert done.exit_code == 0, done.output
    assert "66.7%" in done.stdout
    assert "bad.json: is no JSON object" in done.stderr
    assert f"4.json: the same replay as {folder}/2.json: counted once" in done.stderr.replace("\n", "")
    told = json.loads(run(folder, "--player", "Ann", "--json").stdout)
    assert told["replays"] == 3
    assert [(row["won"], row["lost"]) for row in told["rows"] if row["part"] == "all"] == [(2, 1), (2, 1)]
    assert [one["text"] for one in told["unread"]] == ["is no JSON object"]
    assert len(told["notes"]) == 1


def test_a_report_is_written_in_the_form_that_is_asked_for(folder, tmp_path):
    output = tmp_path / "report"
    for arguments in ((), ("--format", "page")):
        done = run(
            folder, "--player", "Ann", "--player", "Cid", "--team", "Goats", "--output", output, *arguments
        )
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith(f"{output}: 3 replays, ")
        content = output.read_text(encoding="utf-8")
        assert content.startswith("<!doctype html>")
        assert content.count("Goats") == 2
    assert run(folder, "--player", "Ann", "--output", output, "--format", "json").exit_code == 0
    report = Report.from_json(output.read_bytes())
    assert ([one.name for one in report.players], len(report.unread), len(report.notes)) == (["Ann"], 1, 1)
    assert run(folder, "--player", "Ann", "--format", "json").stdout_bytes.strip() == output.read_bytes()
    assert run(folder, "--player", "Ann", "--output", output, "--format", "rows", "--json").exit_code == 0
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert (lines[0]["part"], lines[0]["n"]) == ("all", 3)


def test_without_a_player_it_says_who_is_there(folder, tmp_path):
    done = run(folder)
    assert [line.split("│")[1:3] for line in done.stdout.splitlines() if "│" in line] == [
        [" Ann    ", "       3 "], [" Ben    ", "       2 "], [" Cid    ", "       1 "],
    ]  # fmt: skip
    assert json.loads(run(folder, "--json").stdout)[0] == {"player": "Ann", "matches": 3}
    refused = run(folder, "--output", tmp_path / "x.html")
    assert str(refused.exception).startswith(
        "--player: None is not accepted; expected whom the report is about"
    )
    assert str(refused.exception).endswith("one of Ann, Ben, Cid")


def test_where_nothing_can_be_read_the_reasons_are_told(folder):
    done = run(folder / "bad.json", "--player", "Ann")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no match was read of 1 file" in str(done.exception)
    assert "bad.json: is no JSON object" in str(done.exception)


def test_it_starts_without_dagster_and_migrations(folder):
    code, modules = imported("replays", "analyze", str(folder), "--player", "Ann")
    assert (code, modules & {"dagster", "alembic", "starlette", "matplotlib"}) == (0, set())


DATA = CHECKOUT.parent / "shared" / "data" / "replays"


@pytest.mark.reference
def test_real_files_are_read_and_their_decks_told_as_a_player_would():
    if not DATA.is_dir():
        pytest.skip(f"no {DATA}: the real files are not part of the project")
    one, two = (
        json.loads(run(DATA, "--player", f"Player{number}", "--json").stdout) for number in ("One", "Two")
    )
    assert [one["source"] for one in one["unread"]] == [f"{DATA}/truth.json"]
    assert one["replays"] == len(list(DATA.glob("replay_*.json")))
    for first, second in zip(one["rows"][:2], two["rows"][:2], strict=True):
        assert (first["won"], first["lost"]) == (second["lost"], second["won"])
    names = {
        row["name"]: row["n"] for row in one["rows"] if row["part"] == "own deck" and row["of"] == "matches"
    }
    assert sum("Atlantean" in name for name in names) == sum("Mitsurugi" in name for name in names) == 1
    assert names.get("Not told", 0) < sum(names.values()) / 4
