"""What the ledger is told of games: exactly what was done and made, whatever becomes of a run."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError, PermanentError, TransientError
from gamefactory_dagster.ledger.recording import Entry
from gamefactory_dagster.production import batches, dispatch, worker
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.settings import LOCAL_USER
from tests.board import Board
from tests.ledger_rows import assert_told, of_game, read, runs

STEP = [(STEPS[0], "start"), (STEPS[0], "end")]


def expire(rows) -> None:
    rows("UPDATE games SET lease_expires_at = now() - interval '1 second'")


def failing(monkeypatch, number, error) -> None:
    def fail(job):
        raise error

    monkeypatch.setattr(worker, "RUN", {**worker.RUN, number: fail})


@pytest.fixture
def begun(workshop, plan) -> UUID:
    """A game whose first step is done."""
    (game,) = plan()
    perform(workshop, game, 1, "first")
    return game


def test_the_run_is_of_whoever_ordered_the_batch(workshop, plan, rows) -> None:
    ann = uuid4()
    with workshop.engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO auth.users (id) VALUES (:ann)"), {"ann": ann})
    order = check_order("ann's", 1, ["puzzle"], {"free_levels": 2}, 1000)
    batches.submit(workshop.engine, order, 7, ann)
    dispatch.plan_next(workshop.engine, workshop.settings)
    [row] = rows("SELECT games.*, batches.id AS batch FROM games JOIN batches ON batches.id = batch_id")
    perform(workshop, row.id, 1, "run")
    [run] = runs(workshop.engine)
    assert run.job.owner_id == ann
    assert {event.owner_id for event in run.events} | {one.owner_id for one in run.artifacts} == {ann}
    spec = run.job.project_spec
    assert spec["kind"] == "game"
    assert spec["game"]["seed"] == row.seed
    assert spec["attempt"] == 1
    assert spec["batch"] == {
        "id": str(row.batch),
        "name": "ann's",
        "genre_mix": [{"genre": "puzzle", "count": 1}],
        "constraints": {"free_levels": 2},
        "seed": 7,
    }


def test_nobodys_batch_is_the_settings_users(workshop, begun) -> None:
    [run] = runs(workshop.engine)
    assert run.job.owner_id == LOCAL_USER == workshop.settings.user


def test_a_user_there_is_not_orders_nothing(workshop, rows) -> None:
    order = check_order("x", 1, ["puzzle"], None, 1000)
    with pytest.raises(PermanentError, match=r"user: .*auth\.users"):
        batches.submit(workshop.engine, order, None, uuid4())
    assert rows("SELECT count(*) AS n FROM batches")[0].n == 0


def test_a_step_that_is_tried_again_and_then_fails(workshop, begun, rows, monkeypatch) -> None:
    failing(monkeypatch, 2, TransientError("not now\0"))
    for _ in range(3):
        with pytest.raises(TransientError):
            perform(workshop, begun, 2, "first")
    with pytest.raises(PermanentError):
        perform(workshop, begun, 2, "first")
    [run] = of_game(workshop.engine, begun)
    again = [(STEPS[1], "start"), (STEPS[1], "error")]
    assert run.told == [("system", "start"), *STEP, *again * 4, ("system", "error")]
    errors = [event.payload for event in run.events if event.event_type == "error"]
    assert [error.get("again") for error in errors] == [True, True, True, False, None]
    words = "gave up after 4 tries: not now"
    assert errors[-2]["message"] == words
    assert errors[-1] == {"status": "failed", "message": words}
    assert (run.job.status, run.job.error_message) == ("failed", words)


def test_a_worker_that_died_is_ended_by_who_recovers_its_game(workshop, begun, rows, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(worker, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            perform(workshop, begun, 2, "first")
    [run] = of_game(workshop.engine, begun)
    assert run.told[-1] == (STEPS[1], "start")
    expire(rows)
    dispatch.tick(workshop, Board())
    perform(workshop, begun, 2, "second")
    died, second = of_game(workshop.engine, begun)
    assert_told(died.told)
    assert died.told[-2:] == [(STEPS[1], "error"), ("system", "error")]
    assert died.job.status == "failed"
    assert "the worker of run first died in step 2" in died.job.error_message
    assert second.told == [("system", "start"), (STEPS[1], "start"), (STEPS[1], "end")]
    assert second.job.project_spec["attempt"] == 2


def test_a_try_that_could_not_tell_its_end_is_ended_by_the_next(workshop, begun, monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(worker, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            perform(workshop, begun, 2, "first")
    perform(workshop, begun, 2, "first")
    [run] = of_game(workshop.engine, begun)
    assert run.told[3:] == [(STEPS[1], kind) for kind in ("start", "error", "start", "end")]
    [error] = [event.payload for event in run.events if event.event_type == "error"]
    assert error == {
        "step": 2, "message": "it was cut off before it could tell how it ended", "again": True,
    }  # fmt: skip


def test_a_run_that_was_given_up_does_nothing_more(workshop, begun, rows) -> None:
    expire(rows)
    dispatch.tick(workshop, Board())
    before = runs(workshop.engine)
    with pytest.raises(IllegalTransitionError, match="run first has ended"):
        perform(workshop, begun, 2, "first")
    assert runs(workshop.engine) == before
    assert rows("SELECT status FROM game_steps WHERE step_number = 2")[0].status == "pending"


def test_cancelling_ends_the_run(workshop, begun, rows) -> None:
    [row] = rows("SELECT batch_id FROM games")
    batches.cancel(workshop.engine, workshop.providers.publisher, row.batch_id)
    [run] = of_game(workshop.engine, begun)
    assert_told(run.told)
    assert (run.job.status, run.job.error_message) == ("cancelled", "the batch was cancelled")
    assert run.events[-1].payload == {"status": "cancelled", "message": "the batch was cancelled"}


def test_what_is_not_told_was_not_done(workshop, begun, rows, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise TransientError("no room in the ledger")

    monkeypatch.setattr(Entry, "made", refuse)
    with pytest.raises(TransientError, match="no room"):
        perform(workshop, begun, 2, "first")
    step = rows("SELECT status, artifacts FROM game_steps WHERE step_number = 2")[0]
    assert (step.status, step.artifacts) == ("pending", {})
    monkeypatch.undo()
    perform(workshop, begun, 2, "first")
    [run] = of_game(workshop.engine, begun)
    assert run.told[-4:] == [
        (STEPS[1], "start"), (STEPS[1], "error"), (STEPS[1], "start"), (STEPS[1], "end"),
    ]  # fmt: skip


def test_the_factorys_texts_are_as_the_code_has_them(workshop, plan) -> None:
    plan()
    [before] = read(workshop.engine, "SELECT count(*) AS n, max(updated_at) AS at FROM ledger.prompts")
    assert before.n > 40
    read(
        workshop.engine,
        "UPDATE ledger.prompts SET prompt_text = 'x' WHERE id = 'factory/runner/taglines/01' RETURNING 1",
    )
    read(
        workshop.engine,
        """INSERT INTO ledger.prompts
           VALUES ('factory/gone', 'c', 'x', 'y'), ('factor', 'c', 'x', 'y') RETURNING 1""",
    )
    plan(seed=6)
    [after] = read(workshop.engine, "SELECT count(*) AS n FROM ledger.prompts")
    assert after.n == before.n + 1
    changed = read(workshop.engine, "SELECT id FROM ledger.prompts WHERE updated_at > :at", at=before.at)
    assert {row.id for row in changed} == {"factory/runner/taglines/01", "factor"}
