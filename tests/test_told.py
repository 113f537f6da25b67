"""Whatever the factory does besides games tells the ledger: each command, each op, with what it made."""

import hashlib
import json
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest
from typer.testing import CliRunner

from gamefactory_dagster.analytics import rollup
from gamefactory_dagster.analytics.defs import landing
from gamefactory_dagster.cli import app
from gamefactory_dagster.definitions import defs
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.ledger import recovery
from gamefactory_dagster.ledger.defs import ledger_sensor
from gamefactory_dagster.orchestration.defs import Factory
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.settings import LOCAL_USER
from gamefactory_dagster.studio.providers import embedded
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore
from tests.analytics.days import ago, materialize, play
from tests.factory_rows import add_game, rows
from tests.ledger_rows import assert_told, runs


@pytest.fixture
def run(settings, engine, monkeypatch):
    """Run ``gamefactory ...`` on the test's database; gives what the ledger was told of it."""
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)

    def do(*words: object, code: int = 0):
        before = {one.job.run_id for one in runs(engine)}
        done = CliRunner().invoke(app, list(map(str, words)))
        assert done.exit_code == code, done.output
        [told] = [one for one in runs(engine) if one.job.run_id not in before]
        assert_told(told.told)
        assert told.job.owner_id == LOCAL_USER
        return told

    return do


@pytest.fixture
def played(engine):
    """A game that was played yesterday."""
    game = add_game(engine)
    play(engine, "ann", ago(1))
    return game


def ends(told) -> dict[str, dict]:
    """Each bot's last word."""
    return {event.bot_name: event.payload for event in told.events if event.event_type == "end"}


def test_an_import(run, tmp_path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text('{"event_type": "game_start"}\n')
    told = run("events", "import", file, code=2)
    assert told.job.status == "completed"
    assert told.job.project_spec == {
        "kind": "import", "command": "gamefactory events import", "options": {"files": [str(file)]},
    }  # fmt: skip
    said = ends(told)["events_import"]
    assert (said["stored"], said["quarantined"]) == (0, 1)


def test_metrics_and_their_export(run, played, tmp_path) -> None:
    told = run("metrics", "refresh")
    assert told.job.project_spec["kind"] == "metrics"
    assert ends(told)["metrics_refresh"]["rows"] == 2
    file = tmp_path / "all.csv"
    told = run("metrics", "export", "--format", "csv", "--output", file)
    [made] = told.artifacts
    assert (made.url, made.content_type) == (file.as_uri(), "text/csv; charset=utf-8")
    assert made.checksum == hashlib.sha256(file.read_bytes()).hexdigest()
    assert run("metrics", "export", "--format", "json").artifacts == []


def test_a_report(run, settings, tmp_path) -> None:
    file = tmp_path / "r.html"
    [made] = run("report", "--output", file).artifacts
    assert made.kind == "report"
    assert ArtifactStore(settings.artifacts).get(made.url) == file.read_bytes()


def test_learning(run) -> None:
    told = run("weights", "--recompute")
    assert told.job.project_spec["kind"] == "learning"
    assert ends(told)["weights"]["games"] == 0


def test_an_archive_and_its_return(run, engine, played, settings) -> None:
    rows(engine, "DELETE FROM analytics_events")
    play(engine, "ben", ago(200))
    run("metrics", "refresh")
    month = f"{ago(200):%Y-%m}"
    told = run("events", "archive", "--month", month)
    [made] = told.artifacts
    assert (made.kind, made.meta) == ("file", {"month": month, "events": 5})
    content = Path(made.url.removeprefix("file://")).read_bytes()
    assert (made.file_size, made.checksum) == (len(content), hashlib.sha256(content).hexdigest())
    assert ends(run("events", "restore", "--month", month))["events_restore"]["restored"] == 5


def test_an_archive_that_fails_says_so(run, engine, played) -> None:
    told = run("events", "archive", "--month", f"{ago(1):%Y-%m}", code=1)
    assert told.job.status == "failed"
    assert "not archived: 1 of 1 month" in told.job.error_message


def test_quarantine(run) -> None:
    assert ends(run("events", "quarantine", "retry", "--all"))["events_quarantine_retry"]["stored"] == 0


def test_a_playtest(run) -> None:
    told = run("playtest", "--players", 5, "--days", 2, code=1)
    assert told.job.status == "failed", "no game is published"
    assert told.job.project_spec["options"]["players"] == 5


def test_assets_are_parts_of_one_run(engine, settings, instance, played, monkeypatch) -> None:
    monkeypatch.setattr(recovery, "YOUNG_SECONDS", 0.0)
    done = materialize(engine, settings, instance, ago(1), selection=["player_days", "game_metrics"])
    [told] = runs(engine)
    assert told.job.run_id == done.run_id
    assert told.job.status == "running", "only Dagster knows when all its ops are done"
    day = ago(1).isoformat()
    assert told.job.project_spec["kind"] == "metrics"
    assert (told.job.project_spec["first"], told.job.project_spec["last"]) == (day, day)
    assert ends(told)["player_days"] == {"days": 1, "first": day, "last": day}
    assert ends(told)["game_metrics"]["rows"] == 1
    context = dg.build_sensor_context(instance=instance, resources={"factory": Factory(engine, settings)})
    assert "runs ended: 1" in str(ledger_sensor(context).skip_message)
    [told] = runs(engine)
    assert_told(told.told)
    assert told.job.status == "completed"


def day_metrics(instance, day) -> dg.ExecuteInProcessResult:
    job = defs.resolve_job_def("day_metrics")
    return job.execute_in_process(partition_key=day.isoformat(), instance=instance, raise_on_error=False)


def test_a_run_ends_with_its_process(engine, settings, instance, played, monkeypatch) -> None:
    monkeypatch.setattr("gamefactory_dagster.orchestration.defs.get_settings", lambda: settings)
    assert day_metrics(instance, ago(1)).success
    [told] = runs(engine)
    assert_told(told.told)
    assert (told.job.status, set(ends(told))) == ("completed", {"system", "player_days", "game_metrics"})


def test_a_run_fails_with_a_step_of_it(engine, settings, instance, played, monkeypatch) -> None:
    monkeypatch.setattr("gamefactory_dagster.orchestration.defs.get_settings", lambda: settings)

    def refuse(*_: object) -> None:
        raise PermanentError("its events are archived")

    monkeypatch.setattr("gamefactory_dagster.analytics.rollup.compute_player_days", refuse)
    assert not day_metrics(instance, ago(1)).success
    [told] = runs(engine)
    assert_told(told.told)
    assert (told.job.status, told.job.error_message) == ("failed", "1 step of it failed")
    [error] = [
        event for event in told.events if event.bot_name == "player_days" and event.event_type == "error"
    ]
    assert error.payload["message"] == "its events are archived"


def test_a_run_being_stopped_is_left_to_the_sensor(engine, settings, instance, played, monkeypatch) -> None:
    monkeypatch.setattr("gamefactory_dagster.orchestration.defs.get_settings", lambda: settings)
    compute = rollup.compute_player_days

    def stopped(*given: object) -> rollup.PlayerDays:
        [run] = instance.get_runs()
        instance.report_run_canceling(run)
        return compute(*given)

    monkeypatch.setattr("gamefactory_dagster.analytics.rollup.compute_player_days", stopped)
    day_metrics(instance, ago(1))
    [told] = runs(engine)
    assert told.job.status == "running"


def test_the_nights_assets_tell_too(engine, settings, instance) -> None:
    from gamefactory_dagster.analytics.defs.assets import analytics_events, event_partitions
    from gamefactory_dagster.learning.defs import learning_weights

    resources = {"factory": Factory(engine, settings)}
    dg.materialize(
        [analytics_events, event_partitions, learning_weights], instance=instance, resources=resources
    )
    [told] = runs(engine)
    assert set(ends(told)) == {"event_partitions", "learning_weights"}


def test_a_file_that_lands(engine, settings, instance) -> None:
    config = {"url": "nowhere", "fingerprint": "x"}
    done = landing.import_events.execute_in_process(
        run_config=config,
        instance=instance,
        resources={"factory": Factory(engine, settings)},
        raise_on_error=False,
    )
    assert not done.success
    [told] = runs(engine)
    assert told.job.project_spec == {"kind": "landing", "job": "import_events", **config}
    assert_told(told.told)
    assert (told.job.status, told.told[-2]) == ("failed", ("take_in_file", "error"))


def test_a_batch_from_the_launchpad_is_whose_it_says(engine, settings, instance) -> None:
    ann = uuid4()
    rows(engine, "INSERT INTO auth.users (id) VALUES (:ann)", ann=ann)
    job = defs.get_job_def("submit_batch")
    order = {"name": "ann's", "count": 1, "genre_mix": {"puzzle": 1}, "user": str(ann)}
    shop = Workshop(engine, settings, embedded(settings))
    job.execute_in_process(
        run_config={"ops": {"submit": {"config": order}}}, instance=instance, resources={"workshop": shop}
    )
    [told] = runs(engine, "batch")
    assert told.job.owner_id == ann
    assert told.job.project_spec["order"]["name"] == "ann's"
    [batch] = rows(engine, "SELECT id, owner_id FROM batches")
    assert batch.owner_id == ann
    assert ends(told)["submit"] == {"batch": str(batch.id), "games": 1}


def test_maintenance(engine, settings, instance) -> None:
    job = defs.get_job_def("maintenance")
    job.execute_in_process(instance=instance, resources={"factory": Factory(engine, settings)})
    [told] = runs(engine, "maintenance")
    assert ends(told)["prune_history"]["logs"] == 0


def test_a_batch_from_the_command_line_is_whose_it_says(run, engine, settings, monkeypatch) -> None:
    ann = uuid4()
    rows(engine, "INSERT INTO auth.users (id) VALUES (:ann)", ann=ann)
    submit = ["batch", "submit", "--name", "x", "--count", "1", "--json"]
    for user, owner in ((["--user", str(ann)], ann), ([], LOCAL_USER)):
        done = CliRunner().invoke(app, [*submit, *user])
        assert done.exit_code == 0, done.output
        [batch] = rows(
            engine, "SELECT owner_id FROM batches WHERE id = :id", id=json.loads(done.output)["id"]
        )
        assert batch.owner_id == owner
    for wrong in ("ann", str(uuid4())):
        refused = CliRunner().invoke(app, [*submit, "--user", wrong])
        assert refused.exit_code == 1
        assert "user: " in str(refused.exception)
    assert len(rows(engine, "SELECT 1 FROM batches")) == 2
