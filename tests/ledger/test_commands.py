"""``gamefactory runs`` as a person and a script see it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.files import FileFaultError
from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore

from .callers import ANN, BEN
from .entered import enter, enter_prompts, users

RUN, FAILED, BENS = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abc")
EVIL = "\x1b[2J[red]\u202e<b>"


@pytest.fixture
def store(settings):
    return ArtifactStore(settings.artifacts)


@pytest.fixture
def run(settings, engine, store, monkeypatch):
    """Run ``gamefactory runs ...`` in this process as Ann, who has a good run and a failed one."""
    users(engine)
    acting = settings.model_copy(update={"user": ANN})
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: acting)
    stored = store.put("build", b"a bundle", ".zip")
    made = [Made.of(b"a bundle", "zip", stored.url, "application/zip", path="bundle.zip")]
    design = [("pre_production", "start", {"step": 2}), ("pre_production", "note", {"message": EVIL})]
    enter(engine, RUN, events=[*design, ("pre_production", "end", {"step": 2})], made=made)
    enter(
        engine, FAILED, spec={"kind": "report", "command": EVIL}, events=design, status="failed", message=EVIL
    )
    enter(engine, BENS, BEN, {"kind": "game", "game": {"name": "Ben's"}})
    return lambda *words: CliRunner().invoke(app, ["runs", *words])


def told(result):
    assert result.exit_code == 0, result
    return json.loads(result.stdout)


def test_runs_are_listed_for_people_and_scripts(run):
    listed = told(run("list", "--json"))
    assert [one["run_id"] for one in listed["runs"]] == [FAILED, RUN]
    assert listed["after"] is None
    output = run("list").output
    assert "Pearl Dash" in output
    assert "Ben" not in output
    assert [one["run_id"] for one in told(run("list", "--user", str(BEN), "--json"))["runs"]] == [BENS]


def test_the_next_page_is_told_and_given(run):
    first = run("list", "--limit", "1")
    assert FAILED[:13] in first.stdout
    key = first.stderr.strip().removeprefix("There are more: --after ")
    assert told(run("list", "--limit", "1", "--json"))["after"] == key
    [second] = told(run("list", "--after", key, "--json"))["runs"]
    assert second["run_id"] == RUN


def test_runs_by_state_and_kind(run):
    assert [one["run_id"] for one in told(run("list", "--status", "failed", "--json"))["runs"]] == [FAILED]
    assert [one["run_id"] for one in told(run("list", "--kind", "game", "--json"))["runs"]] == [RUN]
    assert str(run("list", "--status", "lost").exception) == (
        "--status: 'lost' is not accepted; expected one of cancelled, completed, failed, pending, running"
    )


def test_a_run_ends_with_its_summary(run):
    lines = run("show", RUN[:4]).output.splitlines()
    assert "pre_production" in "".join(lines)
    assert lines[-4].startswith(f"Run {RUN}: game, completed, ")
    assert lines[-3].startswith("Times: entered 20")
    assert lines[-2:] == ["Events: 5 (2 end, 1 note, 2 start)", "Artifacts: 1, 8 bytes (1 zip)"]
    shown = told(run("show", RUN, "--json"))
    assert [(step["bot"], step["state"]) for step in shown["steps"]] == [("pre_production", "done")]
    assert list(shown) == ["run", "steps", "summary"]
    assert shown["summary"]["events"] == {"start": 2, "note": 1, "end": 2}
    assert (shown["summary"]["files"], shown["summary"]["bytes"]) == (1, 8)


def test_a_failed_run_ends_with_its_error(run):
    output = run("show", "latest").output
    assert output.splitlines()[-1].startswith("Error: \\x1b[2J[red]")
    assert "failed" in output


@pytest.mark.parametrize("words", [("list",), ("show", FAILED), ("events", FAILED)])
def test_nothing_in_a_run_acts_on_the_terminal(run, words):
    output = run(*words).output
    assert "\\x1b[2J[red]" in output.replace("\n", "")
    assert not {"\x1b", "\u202e"} & set(output)


def test_events_and_artifacts_of_a_run(run):
    events = told(run("events", RUN, "--limit", "2", "--json"))
    assert [(one["bot_name"], one["event_type"]) for one in events["events"]] == [
        ("system", "start"),
        ("pre_production", "start"),
    ]
    rest = told(run("events", RUN, "--after", events["after"], "--json"))
    assert (len(rest["events"]), rest["after"]) == (3, None)
    [made] = told(run("artifacts", RUN, "--json"))["artifacts"]
    assert (made["kind"], made["file_size"], made["meta"]) == ("zip", 8, {"path": "bundle.zip"})
    assert "bundle.zip" in run("artifacts", RUN).output


@pytest.mark.parametrize("command", ["show", "events", "artifacts", "verify-files"])
def test_another_s_run_is_no_run(run, command):
    refused = run(command, BENS).exception
    assert isinstance(refused, InputError)
    assert str(refused) == str(run(command, BENS.replace("c", "d")).exception).replace("d" * 8, "c" * 8)


def stored_file(run):
    [made] = told(run("artifacts", RUN, "--json"))["artifacts"]
    return Path(made["url"].removeprefix("file://")), made["id"]


def test_a_download_is_whole_and_right_or_nothing(run, tmp_path):
    file, id_ = stored_file(run)
    output = tmp_path / "got.zip"
    done = run("download", id_[:8], "--output", str(output))
    assert (done.exit_code, output.read_bytes()) == (0, b"a bundle")
    assert f"{output}: bundle.zip, 8 bytes, SHA-256" in done.output
    file.write_bytes(b"a bungle")
    refused = run("download", id_, "--output", str(output)).exception
    assert isinstance(refused, FileFaultError)
    assert output.read_bytes() == b"a bundle"
    assert isinstance(run("download", id_, "--output", str(output), "--user", str(BEN)).exception, InputError)


def test_files_are_verified(run):
    good = run("verify-files")
    assert (good.exit_code, good.output) == (
        0,
        "1 artifact, 8 bytes: 1 right, 0 missing, 0 truncated, 0 changed, 0 swapped.\n",
    )
    file, id_ = stored_file(run)
    file.unlink()
    wrong = run("verify-files", RUN)
    assert wrong.exit_code == 1
    assert "0 right, 1 missing, 0 truncated" in wrong.output
    assert f"missing │ {id_[:13]}" in wrong.output
    as_json = run("verify-files", "--json")
    assert as_json.exit_code == 1
    found = json.loads(as_json.stdout)
    assert (found["files"], found["missing"], found["changed"]) == (1, 1, 0)
    assert [(one["state"], one["artifact"], one["name"]) for one in found["wrong"]] == [
        ("missing", id_, "bundle.zip")
    ]
    assert run("verify-files", FAILED).exit_code == 0
    assert run("verify-files", "--user", str(BEN)).exit_code == 0


def test_prompts(run, engine):
    enter_prompts(engine, ("a/1", "player", "title screen", EVIL), ("b/1", "store", "listing", "Buy!"))
    assert [one["id"] for one in told(run("prompts", "--category", "store", "--json"))["prompts"]] == ["b/1"]
    assert [one["id"] for one in told(run("prompts", "--id", "a/", "--json"))["prompts"]] == ["a/1"]
    first = run("prompts", "--limit", "1")
    assert "\\x1b[2J[red]" in first.stdout
    assert first.stderr == "There are more: --after a/1\n"
    assert str(run("prompts", "--category", "poem").exception).endswith("expected one of player, store")
