"""Steps done by the worker on a real database: what they leave, and that doing them again changes nothing."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import CancelledError, LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.production import worker
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.states import GAMES, cancel_game
from gamefactory_dagster.production.steps import StepJob, StepResult
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.design.gdd import LEVELS
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.extras import DAILIES, SECTIONS

from .whole import assert_told_whole


def make(workshop, game, until=12, owner="run"):
    return [perform(workshop, game, number, owner) for number in range(1, until + 1)]


def replace_step(monkeypatch, number, run) -> None:
    monkeypatch.setattr(worker, "RUN", {**worker.RUN, number: run})


@pytest.mark.parametrize("genre", ["runner", pytest.param("puzzle", marks=pytest.mark.slow)])
def test_a_game_goes_through_all_twelve_steps(workshop, plan, rows, monkeypatch, genre) -> None:
    (game,) = plan(mix=[genre])
    asked = count_asking(monkeypatch)
    done = make(workshop, game)
    assert asked[7] >= 1
    assert asked[9] >= LEVELS + DAILIES + (SECTIONS if genre == "runner" else 0), "before each of them"
    (row,) = rows("SELECT * FROM games")
    assert (row.status, row.current_step, row.lease_owner) == ("published", 12, None)
    assert row.gdd_spec["genre"] == row.genre == genre
    assert row.selected_mechanics == row.gdd_spec["mechanics"]
    assert row.selected_template == row.gdd_spec["family"]
    assert len(row.analytics_spec["events"]) == 11
    assert row.play_url.endswith(f"/games/{row.slug}/")
    assert row.published_at is not None
    steps = rows("SELECT * FROM game_steps ORDER BY step_number")
    assert [step.step_name for step in steps] == list(STEPS)
    for step, one in zip(steps, done, strict=True):
        assert step.status == "completed"
        assert step.started_at <= step.completed_at
        assert step.retry_count == 0
        assert step.artifacts == json.loads(json.dumps(one.artifacts))
        assert step.validation_results or step.step_name == "content_production"
        assert all(check["passed"] for check in step.validation_results.values())
    certificates = steps[8].artifacts["certificates"]
    assert [certificate["level"] for certificate in certificates] == list(range(1, 11))
    dailies = steps[8].artifacts["dailies"]
    assert [daily["level"] for daily in dailies] == [0] * 30
    family = FAMILIES[row.selected_template]
    assert len(steps[8].artifacts.get("sections", [])) == (20 if family.endless else 0)
    assert len(steps[8].artifacts["difficulty"]["won"]) == 10
    assert set(steps[0].artifacts["looks"]) == {"structure", "colours"}
    files = workshop.providers.repositories.read(str(row.id), steps[11].artifacts["commit"])
    assert json.loads(files["certificates_daily.json"]) == dailies
    assert ("certificates_sections.json" in files) == family.endless
    assert len(json.loads(files["web/game.json"])["dailies"]) == 30
    assert steps[9].artifacts["report"]["dailies and sections"] == []
    assets = rows("SELECT * FROM game_assets")
    kinds = {asset.asset_type for asset in assets}
    assert kinds >= {"sprite", "background", "sound_effect", "music", "icon", "splash"}
    assert all(asset.ai_prompt and asset.checksum and asset.format for asset in assets)
    (build,) = rows("SELECT * FROM game_builds")
    assert (build.status, build.platform, build.build_type) == ("success", "web", "release")
    stored = workshop.providers.artifacts.get(build.artifact_url)
    assert hashlib.sha256(stored).hexdigest() == build.checksum == done[11].artifacts["sha256"]
    logged = rows(
        "SELECT log_type, count(*) AS times FROM generation_logs WHERE game_id IS NOT NULL GROUP BY 1"
    )
    assert {row.log_type: row.times for row in logged} == {"step_started": 12, "step_completed": 12}
    assert_told_whole(workshop, game, rows)
    assert_doing_it_again_changes_nothing(workshop, rows, game)


def assert_doing_it_again_changes_nothing(workshop, rows, game) -> None:
    tables = ("games", "game_steps", "game_assets", "game_builds", "generation_logs")
    before = {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
    assert [done.result for done in make(workshop, game, owner="another run")] == [None] * 12
    assert {table: rows(f"SELECT * FROM {table} ORDER BY id") for table in tables} == before


def count_asking(monkeypatch) -> dict[int, int]:
    """How often each step asks, along the way, whether the game is still its worker's."""
    asked: dict[int, int] = {}

    def counted(number: int) -> Callable[[StepJob], StepResult]:
        real = worker.RUN[number]

        def run(job: StepJob) -> StepResult:
            def ask() -> None:
                asked[number] = asked.get(number, 0) + 1

            return real(dataclasses.replace(job, check=ask))

        return run

    monkeypatch.setattr(worker, "RUN", {number: counted(number) for number in worker.RUN})
    return asked


def test_a_passing_failure_is_tried_again_and_counted(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()

    def busy(job: StepJob) -> StepResult:
        job.say("asking")
        raise TransientError("the provider answered 503")

    replace_step(monkeypatch, 1, busy)
    for retry in (1, 2, 3):
        with pytest.raises(TransientError, match="503"):
            perform(workshop, game, 1, "run")
        (step,) = rows("SELECT * FROM game_steps WHERE step_number = 1")
        assert (step.status, step.retry_count, step.error_message) == (
            "pending",
            retry,
            "the provider answered 503",
        )
        assert "asking" in step.logs
    with pytest.raises(PermanentError, match="gave up after 4 tries: the provider answered 503"):
        perform(workshop, game, 1, "run")
    (row,) = rows("SELECT * FROM games")
    (step,) = rows("SELECT * FROM game_steps WHERE step_number = 1")
    (log,) = rows("SELECT * FROM generation_logs WHERE log_level = 'error'")
    assert (row.status, step.status) == ("failed", "failed")
    assert row.error_message == step.error_message == log.message
    assert row.lease_owner is None


def test_a_failed_check_fails_step_and_game_without_another_try(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()
    wrong = StepResult(checks={"shape": ["the level has no floor"], "size": []})
    replace_step(monkeypatch, 1, lambda job: wrong)
    with pytest.raises(PermanentError, match="shape: the level has no floor"):
        perform(workshop, game, 1, "run")
    (step,) = rows("SELECT * FROM game_steps WHERE step_number = 1")
    assert (step.status, step.retry_count, step.error_message) == (
        "failed",
        0,
        "shape: the level has no floor",
    )
    assert rows("SELECT status FROM games")[0].status == "failed"
    assert not (workshop.settings.repositories / f"{game}.git").exists()


def test_a_failed_game_goes_on_where_it_failed(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()
    with monkeypatch.context() as patch:
        replace_step(patch, 3, lambda job: StepResult(checks={"x": ["wrong"]}))
        with pytest.raises(PermanentError):
            make(workshop, game, until=3)
    assert rows("SELECT status FROM games")[0].status == "failed"
    done = make(workshop, game, until=5, owner="re-executed")
    assert [one.result is None for one in done] == [True, True, False, False, False]
    (row,) = rows("SELECT * FROM games")
    assert (row.status, row.current_step, row.error_message) == ("in_progress", 5, None)
    steps = rows("SELECT status FROM game_steps ORDER BY step_number")
    assert [step.status for step in steps] == ["completed"] * 5 + ["pending"] * 7


def test_steps_keep_their_order(workshop, plan, rows) -> None:
    (game,) = plan()
    with pytest.raises(PermanentError, match=r"step 3.*last finished step is 0"):
        perform(workshop, game, 3, "run")
    (log,) = rows("SELECT * FROM generation_logs WHERE log_type = 'step_refused'")
    assert (log.step_number, log.log_level) == (3, "error")


def test_a_worker_that_lost_its_lease_writes_nothing(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()

    def slow(job: StepJob) -> StepResult:
        rows("UPDATE games SET lease_owner = 'other', lease_epoch = lease_epoch + 1")
        return StepResult(changes={"x": b"y"})

    replace_step(monkeypatch, 1, slow)
    with pytest.raises(LeaseLostError):
        perform(workshop, game, 1, "run")
    (step,) = rows("SELECT * FROM game_steps WHERE step_number = 1")
    assert step.status == "running", "it is the new owner's now"


def test_a_worker_that_lost_its_lease_stops_where_it_stands(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()
    settings = workshop.settings.model_copy(update={"lease_seconds": 1.0})
    hasty = Workshop(workshop.engine, settings, workshop.providers)

    def endless(job: StepJob) -> StepResult:
        rows("UPDATE games SET lease_owner = 'other', lease_epoch = lease_epoch + 1")
        until = time.monotonic() + 20
        while time.monotonic() < until:
            job.check()
            time.sleep(0.01)
        return StepResult()

    replace_step(monkeypatch, 1, endless)
    begun = time.monotonic()
    with pytest.raises(LeaseLostError, match="the work stops here"):
        perform(hasty, game, 1, "run")
    assert time.monotonic() - begun < 10


def test_a_cancelled_game_is_left_alone(workshop, plan, rows) -> None:
    (game,) = plan()
    rows("UPDATE games SET status = 'cancelled'")
    with pytest.raises(CancelledError):
        perform(workshop, game, 1, "run")


def test_a_game_that_is_cancelled_while_it_is_made_says_so(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan()

    def cancelled_meanwhile(job: StepJob) -> StepResult:
        with workshop.engine.begin() as connection:
            found = connection.execute(sa.select(GAMES).where(GAMES.c.id == game)).mappings().one()
            cancel_game(connection, workshop.providers.publisher, found, "the batch was cancelled")
        return StepResult()

    replace_step(monkeypatch, 1, cancelled_meanwhile)
    with pytest.raises(CancelledError, match="nothing more was written"):
        perform(workshop, game, 1, "run")
    assert rows("SELECT status, current_step FROM games") == [("cancelled", 0)]


def test_a_game_that_is_not_there(workshop) -> None:
    with pytest.raises(PermanentError, match="there is no game"):
        perform(workshop, "00000000-0000-0000-0000-000000000000", 1, "run")
