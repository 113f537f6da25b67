"""A game whose repository is lost is made again from its design, or starts at step 1, and says which."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import LeaseLostError, PermanentError, TransientError
from gamefactory_dagster.production import history, worker
from gamefactory_dagster.production.history import BegunAnewError
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.steps import StepJob, StepResult
from gamefactory_dagster.production.worker import perform

DESIGN = "SELECT gdd_spec FROM games"


def make(workshop, game, until, start=1, owner="run"):
    return [perform(workshop, game, number, owner) for number in range(start, until + 1)]


def repository(workshop, game) -> Path:
    return workshop.settings.repositories / f"{game}.git"


def commits(workshop, game) -> list[str]:
    return [entry.commit for entry in reversed(workshop.providers.repositories.log(str(game)))]


def empty_the_branch(path: Path) -> None:
    (path / "refs" / "heads" / "main").write_bytes(b"")


def lose_a_pack(path: Path) -> None:
    """The newest commit's."""
    packs = sorted((path / "objects" / "pack").iterdir(), key=lambda one: one.stat().st_mtime_ns)
    for part in packs[-2:]:
        part.unlink()


def cut_packs(path: Path) -> None:
    for pack in (path / "objects" / "pack").glob("*.pack"):
        pack.chmod(0o600)
        pack.write_bytes(pack.read_bytes()[:-60])


def forget_the_rest(path: Path) -> None:
    shutil.rmtree(path / "objects")


DAMAGE: dict[str, Callable[[Path], None]] = {
    "gone": shutil.rmtree,
    "empty branch": empty_the_branch,
    "lost pack": lose_a_pack,
    "cut packs": cut_packs,
    "no objects": forget_the_rest,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_lost_repository_is_made_again_commit_by_commit(workshop, plan, rows, damage) -> None:
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 4)
    before = rows("SELECT * FROM game_steps WHERE step_number <= 4 ORDER BY step_number")
    was = commits(workshop, game)
    DAMAGE[damage](repository(workshop, game))
    done = perform(workshop, game, 5, "run")
    assert commits(workshop, game) == [*was, done.artifacts["commit"]]
    assert rows("SELECT * FROM game_steps WHERE step_number <= 4 ORDER BY step_number") == before
    (log,) = rows("SELECT * FROM generation_logs WHERE log_type = 'history_rebuilt'")
    assert log.message == "the repository was made again from the design; 4 commits, as they were"
    assert "step 4 (analytics_design) is done once more" in "".join(done.lines)
    aside = workshop.settings.repositories / f"{game}.damaged"
    assert aside.exists() == (damage != "gone")
    git = ["git", "-c", "safe.directory=*", "--git-dir", repository(workshop, game)]
    log = subprocess.run(
        [*git, "log", "--reverse", "--format=%s"], capture_output=True, text=True, check=True
    )
    assert log.stdout.splitlines() == [f"{number:02} {STEPS[number - 1]}" for number in range(1, 6)]
    subprocess.run([*git, "fsck", "--full", "--strict"], capture_output=True, check=True)


def test_a_newer_version_makes_other_commits_and_their_rows_follow(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 4)
    was = commits(workshop, game)
    real = history.RUN[3]

    def newer(job: StepJob) -> StepResult:
        result = real(job)
        result.changes["web/src/new.js"] = b"// of the newer version"
        result.artifacts["sources"] = ["new"]
        return result

    monkeypatch.setattr(history, "RUN", {**history.RUN, 3: newer})
    shutil.rmtree(repository(workshop, game))
    perform(workshop, game, 5, "run")
    now = commits(workshop, game)
    assert now[:2] == was[:2]
    assert not set(now[2:]) & set(was)
    steps = rows("SELECT artifacts FROM game_steps WHERE step_number <= 5 ORDER BY step_number")
    assert [step.artifacts["commit"] for step in steps] == now
    assert steps[2].artifacts["sources"] == ["new"]
    (log,) = rows("SELECT message FROM generation_logs WHERE log_type = 'history_rebuilt'")
    assert log.message.endswith("all but architecture, analytics_design")


def unreadable_design(rows, monkeypatch) -> None:
    rows("UPDATE games SET gdd_spec = '{}'")


def unrepeatable_step(rows, monkeypatch) -> None:
    wrong = StepResult(checks={"files": ["README.md is missing"]})
    monkeypatch.setattr(history, "RUN", {**history.RUN, 2: lambda job: wrong})


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (unreadable_design, "its design cannot be read"),
        (unrepeatable_step, "step 2 cannot be done again: files: README.md is missing"),
    ],
)
def test_what_cannot_be_made_again_starts_at_step_1(workshop, plan, rows, monkeypatch, lose, said) -> None:
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 3)
    shutil.rmtree(repository(workshop, game))
    lose(rows, monkeypatch)
    with pytest.raises(BegunAnewError, match=f"{said}: the game starts at step 1"):
        perform(workshop, game, 4, "run")
    (row,) = rows("SELECT * FROM games")
    assert (row.status, row.current_step, row.attempt, row.gdd_spec) == ("created", 0, 2, {})
    assert (row.requested_at, row.lease_owner, row.error_message) == (None, None, None)
    steps = rows("SELECT DISTINCT status, artifacts FROM game_steps")
    assert [tuple(step) for step in steps] == [("pending", {})]
    (log,) = rows("SELECT message FROM generation_logs WHERE log_type = 'game_begun_anew'")
    assert said in log.message
    monkeypatch.undo()
    make(workshop, game, 4, owner="next run")
    assert rows("SELECT current_step FROM games")[0].current_step == 4
    assert rows(DESIGN)[0].gdd_spec["slug"] == row.slug
    assert len(commits(workshop, game)) == 4


def test_a_history_that_goes_another_way_makes_room_for_step_1(workshop, plan, rows) -> None:
    """As after restoring a backup that is older than the repositories."""
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 3)
    rows("UPDATE game_steps SET status = 'pending', artifacts = '{}'")
    rows("UPDATE games SET status = 'created', current_step = 0, gdd_spec = '{}', lease_owner = NULL")
    make(workshop, game, 2, owner="next")
    assert len(commits(workshop, game)) == 2


def test_rebuilding_that_is_interrupted_is_tried_again(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 3)
    was = commits(workshop, game)
    shutil.rmtree(repository(workshop, game))

    def busy(job: StepJob) -> StepResult:
        raise TransientError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(history, "RUN", {**history.RUN, 3: busy})
        with pytest.raises(TransientError, match="the disk is away"):
            perform(workshop, game, 4, "run")
    assert commits(workshop, game) == was[:2]
    perform(workshop, game, 4, "run")
    assert commits(workshop, game)[:3] == was


def test_a_worker_that_lost_its_lease_sets_nothing_aside(workshop, plan, rows, monkeypatch) -> None:
    (game,) = plan(mix=["puzzle"])
    make(workshop, game, 2)
    empty_the_branch(repository(workshop, game))
    real = history._read

    def read_slowly(*given: object) -> dict[str, bytes]:
        rows("UPDATE games SET lease_owner = 'other', lease_epoch = lease_epoch + 1")
        return real(*given)

    monkeypatch.setattr(history, "_read", read_slowly)
    with pytest.raises(LeaseLostError):
        perform(workshop, game, 3, "run")
    assert not (workshop.settings.repositories / f"{game}.damaged").exists()


@pytest.fixture
def retried(workshop, plan, rows, monkeypatch):
    """A game that failed at step 4, tried again by the command once something was done to it."""
    (game,) = plan(mix=["puzzle"])
    monkeypatch.setattr("gamefactory_dagster.database.migrations.ready_engine", lambda _: workshop.engine)
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: workshop.settings)
    make(workshop, game, 3)
    with monkeypatch.context() as patch:
        patch.setattr(worker, "RUN", {**worker.RUN, 4: lambda job: StepResult(checks={"x": ["wrong"]})})
        with pytest.raises(PermanentError):
            perform(workshop, game, 4, "run")

    def retry(damage: tuple[str, ...], *options: str) -> str:
        if damage:
            shutil.rmtree(repository(workshop, game))
        for statement in damage[1:]:
            rows(statement)
        done = CliRunner().invoke(app, ["game", "retry", str(game), *options], catch_exceptions=False)
        return " ".join(done.stdout.split())

    return retry


@pytest.mark.parametrize(
    ("damage", "way", "said"),
    [
        ((), "goes on", "It goes on after step 3 (architecture)."),
        (("repository",), "rebuilds its repository", "is made again from the design"),
        (("repository", "UPDATE games SET gdd_spec = '{}'"), "starts at step 1", "it starts at step 1."),
    ],
)
def test_retry_says_which_way_it_goes(retried, rows, damage, way, said) -> None:
    assert said in retried(damage)
    rows("UPDATE games SET status = 'failed'")
    told = json.loads(retried((), "--json"))
    assert (told["way"], told["attempt"]) == (way, 3)
