"""Cancelling during batches, tried many times under ``dev``: from the UI, by command, by closing it.

What belongs here: one trial of each, what has to agree afterwards, and as many as are wanted. ``python -m
tests.launching.cancelling --way ui --times 50``. What does not: processes that are killed (``trials.py``).
"""

import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import dagster as dg
import httpx
import psutil

from gamefactory_dagster.production.dispatch import GAME_TAG, SHORT
from tests.launching.trials import END_SECONDS, GAMES, NOTICED_SECONDS, Trial, try_often
from tests.ledger_rows import of_game
from tests.live import assert_ledger_agrees, assert_whole, at_work, gone, wait_for

WAYS = ("ui", "command", "closing")

AGREE_SECONDS = 60
"""In which rows, runs and processes are to agree after a run or a batch was cancelled."""

CLOSED_SECONDS = 150
"""For ``dev`` to end: it waits for runs at work."""

CLOSINGS: Sequence[Sequence[int]] = (
    [signal.SIGINT],
    [signal.SIGTERM],
    [signal.SIGHUP],
    [signal.SIGINT, signal.SIGINT],
)
"""Ctrl-C, a service manager's stop, a closed terminal, and Ctrl-C again while it waits."""

TERMINATE = """mutation ($runs: [String!]!) {
  terminateRuns(runIds: $runs, terminatePolicy: SAFE_TERMINATE) {
    __typename
    ... on TerminateRunsResult { terminateRunResults { __typename } }
  }
}"""
"""What the UI sends when somebody terminates runs."""

ENDS = ("published", "cancelled", "failed")


def runs_of(made: Trial, batch: str) -> list[dg.DagsterRun]:
    """All runs of a batch."""
    return list(made.instance.get_runs(dg.RunsFilter(tags={"gamefactory/batch": batch[:SHORT]})))


def workers(made: Trial) -> list[int]:
    """Process ids of the living children of the parent of the workers."""
    with suppress(psutil.NoSuchProcess):
        if parent := made.child("parent"):
            return [child.pid for child in psutil.Process(parent).children() if not gone(child.pid)]
    return []


def disagreement(made: Trial, batch: str) -> str | None:
    """What does not agree of rows, runs and processes now, in words; None when all of it does."""
    runs = runs_of(made, batch)
    if going := [run.run_id for run in runs if not run.is_finished]:
        return f"runs {going} have not ended"
    for game in made.factory.games(batch):
        held = game.lease_owner is not None or (game.status == "cancelled" and game.requested_at is not None)
        if game.status not in ENDS or held:
            return f"game {game.slug} is {game.status}, held by {game.lease_owner}, asked {game.requested_at}"
        if (told := [run.job.status for run in of_game(made.factory.engine, game.id)]) and told[
            -1
        ] == "running":
            return f"the ledger says that {game.slug} is being made"
    if left := workers(made):
        return f"workers {left} are there"
    return None


def assert_agree(made: Trial, batch: str) -> None:
    """Each game is in the state of its last run that began, which the ledger tells too."""
    runs = runs_of(made, batch)
    for game in made.factory.games(batch):
        states = [run.status for run in runs if run.tags[GAME_TAG] == str(game.id)]
        told = [run.job.status for run in of_game(made.factory.engine, game.id)]
        if game.status == "published":
            assert states.count(dg.DagsterRunStatus.SUCCESS) == 1, states
            assert_ledger_agrees(made.factory, game)
            continue
        assert game.status == "cancelled", (game.status, game.error_message)
        assert set(states) <= {dg.DagsterRunStatus.CANCELED}, states
        assert set(told) <= {"cancelled"}, told
        assert not (made.factory.settings.published / game.slug).exists()
        steps = {step.status for step in made.factory.steps(game)}
        assert steps <= {"completed", "failed", "skipped"}, steps


def begun(made: Trial) -> tuple[str, str, int]:
    """A batch at work: its id, and a run of it with its process."""
    made.start()
    batch = made.factory.submit("to be cancelled", GAMES)
    run_id, pid = at_work(made.instance, batch)
    time.sleep(random.uniform(0, 6))
    return batch, run_id, pid


def settled(made: Trial, batch: str, began: float, within: float = AGREE_SECONDS) -> float:
    """Seconds until all agreed."""
    last: list[str | None] = [None]

    def agree() -> bool:
        last[0] = disagreement(made, batch)
        return last[0] is None

    try:
        wait_for("agreement", within, agree)
    except AssertionError as error:
        told = [
            f"{run.run_id} {run.status} {run.tags}: {entry.timestamp:.1f} {entry.message}"
            for run in runs_of(made, batch)
            for entry in made.instance.all_logs(run.run_id)
        ]
        raise AssertionError("\n".join([f"batch {batch}: {last[0]}", *told])) from error
    seconds = round(time.monotonic() - began, 1)
    assert_agree(made, batch)
    return seconds


def from_the_ui(made: Trial) -> dict[str, Any]:
    """Runs of a batch are terminated in the UI: their games are cancelled, all others are made."""
    batch, run_id, pid = begun(made)
    url = f"http://127.0.0.1:{made.factory.environment['GAMEFACTORY_UI_PORT']}"
    wait_for("the UI", 120, lambda: _answers(f"{url}/server_info"))
    began = time.monotonic()
    going = [run.run_id for run in runs_of(made, batch) if not run.is_finished]
    chosen = random.sample(going, random.randint(min(1, len(going)), len(going)))
    request = {"query": TERMINATE, "variables": {"runs": chosen}}
    answer = httpx.post(f"{url}/graphql", json=request, timeout=120).json()
    assert answer["data"]["terminateRuns"]["__typename"] == "TerminateRunsResult", answer

    def ended() -> bool:
        return all(run.is_finished for run in runs_of(made, batch) if run.run_id in chosen)

    wait_for("the end of the runs", AGREE_SECONDS, ended)
    if run_id in chosen:
        wait_for("the worker's end", NOTICED_SECONDS, lambda: gone(pid))
    after = round(time.monotonic() - began, 1)
    return {"runs": len(chosen), "ended": after, "agreed": settled(made, batch, began, END_SECONDS)}


def by_command(made: Trial) -> dict[str, Any]:
    """A batch is cancelled by command: nothing of it goes on."""
    batch, _, pid = begun(made)
    began = time.monotonic()
    done = made.factory.run("batch", "cancel", batch)
    refused = done.returncode != 0
    if refused:  # it was too late
        [state] = made.factory.rows("SELECT status FROM factory.batches WHERE id = :id", id=batch)
        assert state.status == "completed", done.stderr
    agreed = settled(made, batch, began)
    assert gone(pid)
    [state] = made.factory.rows("SELECT status FROM factory.batches WHERE id = :id", id=batch)
    assert state.status == ("completed" if refused else "cancelled")
    return {"refused": refused, "agreed": agreed}


def by_closing(made: Trial) -> dict[str, Any]:
    """``dev`` is closed: nothing of it is left, and what it had begun is whole when it is opened again."""
    batch, _, pid = begun(made)
    assert made.dev is not None
    signals = random.choice(CLOSINGS)
    began = time.monotonic()
    for number in signals:
        made.dev.send_signal(number)
        time.sleep(random.uniform(0.1, 1) if len(signals) > 1 else 0)
    made.dev.wait(CLOSED_SECONDS)
    closed = round(time.monotonic() - began, 1)
    made.wait_alone()
    assert gone(pid)
    if len(signals) == 1:
        going = [run for run in runs_of(made, batch) if not run.is_finished]
        waiting = [run.run_id for run in going if run.status == dg.DagsterRunStatus.QUEUED]
        assert len(waiting) == len(going), [(run.run_id, run.status) for run in going]
        held = [(game.slug, game.lease_owner) for game in made.factory.games(batch)]
        assert all(owner is None or owner in waiting for _, owner in held), held
    made.start()
    state = "SELECT status FROM factory.batches WHERE id = :id AND status NOT IN ('pending', 'running')"
    wait_for(f"the end of batch {batch}", END_SECONDS, lambda: made.factory.rows(state, id=batch))
    assert_whole(made.factory, batch, GAMES)
    return {"signals": [signal.Signals(number).name for number in signals], "closed": closed}


def _answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url).is_success
    return False


TRIALS = dict(zip(WAYS, (from_the_ui, by_command, by_closing), strict=True))

if __name__ == "__main__":
    try_often(__doc__, "way", WAYS, 50, lambda made, way: TRIALS[way](made))
