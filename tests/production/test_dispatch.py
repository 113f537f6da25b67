"""The sensor's tick on a real database: what is planned, asked for, recovered, finished, cancelled."""

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError, InputError, PermanentError, TransientError
from gamefactory_dagster.orchestration.tick import Tick, request_next
from gamefactory_dagster.production import batches, dispatch
from gamefactory_dagster.production.lifecycle import STEPS
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.production.states import record
from gamefactory_dagster.production.worker import perform
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.providers import embedded
from tests.board import Board
from tests.factory_rows import rows
from tests.live import wait_for


def submit(engine, count=4, seed=1, **order) -> UUID:
    return batches.submit(
        engine, check_order("batch", count, order.get("mix"), order.get("constraints"), 1000), seed
    )


def tick(engine, settings, board):
    return dispatch.tick(Workshop(engine, settings, embedded(settings)), board)


def cancel(engine, settings, batch) -> int:
    return batches.cancel(engine, embedded(settings).publisher, batch)


def games(engine, batch):
    return rows(engine, "SELECT * FROM games WHERE batch_id = :batch ORDER BY batch_position", batch=batch)


def silence(engine, game, run, step=5):
    """As if run ``run`` had died in ``step`` of a game."""
    rows(
        engine,
        """UPDATE games SET status = 'in_progress', current_step = :done, lease_owner = :run, lease_epoch = 7,
                  lease_expires_at = now() - interval '1 second' WHERE id = :id""",
        done=step - 1,
        run=run,
        id=game.id,
    )
    rows(
        engine,
        """UPDATE game_steps SET status = CASE WHEN step_number < :step THEN 'completed' ELSE 'running' END
           WHERE game_id = :id AND step_number <= :step""",
        step=step,
        id=game.id,
    )


def test_a_pending_batch_becomes_games_with_twelve_steps_each(engine, settings) -> None:
    batch = submit(engine, 5)
    done = tick(engine, settings, Board())
    assert done.done["games planned"] == 5
    planned = games(engine, batch)
    assert [game.batch_position for game in planned] == [1, 2, 3, 4, 5]
    assert {game.status for game in planned} == {"created"}
    for game in planned:
        steps = rows(
            engine, "SELECT step_name FROM game_steps WHERE game_id = :id ORDER BY step_number", id=game.id
        )
        assert [step.step_name for step in steps] == list(STEPS)
    assert [wanted.run_key for wanted in done.wanted] == [f"{game.id}:1" for game in planned]
    game, tags = planned[0], done.wanted[0].tags
    assert tags[".dagster/gamefactory_game_id"] == str(game.id)
    shown = {name: tags[f"gamefactory/{name}"] for name in ("game", "game_id", "batch")}
    assert list(shown.values()) == [game.name, str(game.id)[:8], str(batch)[:8]]


def test_a_row_from_psql_is_a_batch(engine, settings) -> None:
    rows(engine, "INSERT INTO batches (name) VALUES ('by hand')")
    assert tick(engine, settings, Board()).done["games planned"] == 10
    (batch,) = rows(engine, "SELECT * FROM batches")
    assert batch.status == "running"
    assert batch.seed is not None


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"game_count": 0}, "game_count: 0 is not accepted"),
        ({"game_count": -1}, "game_count: -1 is not accepted"),
        ({"game_count": 10**9}, "game_count: 1000000000 is not accepted"),
        ({"genre_mix": '["chess"]'}, "genre: 'chess' is not accepted; expected one that has a game family"),
        ({"constraints": "[]"}, "constraints"),
        ({"constraints": '"x"'}, "constraints"),
        ({"constraints": '{"colour": 1}'}, "constraints"),
    ],
)
def test_a_batch_that_cannot_be_made_fails_alone_and_says_why(engine, settings, columns, words) -> None:
    names = ", ".join(columns)
    values = ", ".join(f":{name}" for name in columns)
    rows(engine, f"INSERT INTO batches (name, {names}) VALUES ('bad', {values})", **columns)
    good = submit(engine, 2)
    done = tick(engine, settings, Board())
    (bad,) = rows(engine, "SELECT * FROM batches WHERE name = 'bad'")
    assert bad.status == "failed"
    assert words in bad.error_message
    assert games(engine, bad.id) == []
    assert done.done["games planned"] == 2
    assert len(games(engine, good)) == 2


def test_runs_are_asked_for_once_and_within_the_limit(engine, settings) -> None:
    submit(engine, 30)
    first, second, third = (tick(engine, settings, Board()).wanted for _ in range(3))
    assert (len(first), len(second), len(third)) == (20, 10, 0)
    assert len({wanted.run_key for wanted in first + second}) == 30


def test_two_sensors_at_once_plan_and_ask_once(engine, settings) -> None:
    batch = submit(engine, 40)
    done: list[Tick] = []
    threads = [
        threading.Thread(target=lambda: done.append(tick(engine, settings, Board()))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 6
    assert len(games(engine, batch)) == 40
    keys = [wanted.run_key for one in done for wanted in one.wanted]
    assert len(keys) == len(set(keys)) == 40


def test_a_request_that_never_became_a_run_is_made_again_under_the_same_key(engine, settings) -> None:
    submit(engine, 1)
    (asked,) = tick(engine, settings, Board()).wanted
    rows(engine, "UPDATE games SET requested_at = now() - interval '5 minutes'")
    (again,) = tick(engine, settings, Board()).wanted
    assert again == asked


def test_a_run_the_daemon_never_queued_is_asked_for_again(engine, settings) -> None:
    submit(engine, 1)
    board = Board()
    (asked,) = tick(engine, settings, board).wanted
    board.put("r1", "unsubmitted", key=asked.run_key)
    rows(engine, "UPDATE games SET requested_at = now() - interval '5 minutes'")
    assert tick(engine, settings, board).wanted == (asked,)


@pytest.mark.parametrize(("state", "age"), [("waiting", 9999.0), ("alive", 1.0)])
def test_a_run_that_waits_or_starts_is_left_alone(engine, settings, state, age) -> None:
    submit(engine, 1)
    board = Board()
    (asked,) = tick(engine, settings, board).wanted
    board.put("r1", state, key=asked.run_key, age=age)
    rows(engine, "UPDATE games SET requested_at = now() - interval '5 minutes'")
    assert tick(engine, settings, board).wanted == ()
    assert board.given_up == []


@pytest.mark.parametrize("state", ["alive", "failed"])
def test_a_run_that_never_took_its_game_up_is_replaced(engine, settings, state) -> None:
    batch = submit(engine, 1)
    board = Board()
    (asked,) = tick(engine, settings, board).wanted
    board.put("r1", state, key=asked.run_key)
    rows(engine, "UPDATE games SET requested_at = now() - interval '5 minutes'")
    (again,) = tick(engine, settings, board).wanted
    assert again.run_key == f"{games(engine, batch)[0].id}:2"
    assert board.given_up == (["r1"] if state == "alive" else [])
    board.put("r2", "alive", key=again.run_key, age=1.9 * settings.start_seconds)
    rows(engine, "UPDATE games SET requested_at = now() - interval '5 minutes'")
    assert tick(engine, settings, board).wanted == (), "a second start may take twice as long"


@pytest.mark.parametrize("state", ["alive", "failed", "succeeded", "gone"])
def test_a_silent_game_goes_on_from_its_last_finished_step(engine, settings, state) -> None:
    batch = submit(engine, 1)
    board = Board()
    tick(engine, settings, board)
    (game,) = games(engine, batch)
    silence(engine, game, "dead-run")
    if state != "gone":
        board.put("dead-run", state)
    done = tick(engine, settings, board)
    assert done.done["silent workers replaced"] == 1
    assert [wanted.run_key for wanted in done.wanted] == [f"{game.id}:2"]
    (after,) = games(engine, batch)
    assert (after.status, after.current_step, after.attempt, after.lease_owner) == ("created", 4, 2, None)
    (step,) = rows(engine, "SELECT * FROM game_steps WHERE step_number = 5")
    assert (step.status, step.retry_count) == ("pending", 1)
    assert "died in step 5" in step.error_message
    assert ("dead-run" in board.given_up) == (state in {"alive", "gone"})


def test_a_game_whose_lease_is_alive_is_left_alone(engine, settings) -> None:
    batch = submit(engine, 1)
    tick(engine, settings, Board())
    (game,) = games(engine, batch)
    silence(engine, game, "run")
    rows(engine, "UPDATE games SET lease_expires_at = now() + interval '10 seconds'")
    assert tick(engine, settings, Board()).done["silent workers replaced"] == 0


def test_a_game_that_keeps_killing_its_worker_fails_in_the_end(engine, settings) -> None:
    batch = submit(engine, 1)
    board = Board()
    tick(engine, settings, board)
    for attempt in range(4):
        silence(engine, games(engine, batch)[0], f"run-{attempt}")
        tick(engine, settings, board)
    (game,) = games(engine, batch)
    assert game.status == "failed"
    assert "gave up after 4 tries" in game.error_message
    (step,) = rows(engine, "SELECT * FROM game_steps WHERE step_number = 5")
    assert (step.status, step.retry_count, step.error_message) == ("failed", 3, game.error_message)
    logged = rows(engine, "SELECT message FROM generation_logs WHERE log_type = 'step_failed'")
    assert [row.message for row in logged] == [game.error_message]
    assert rows(engine, "SELECT status FROM batches")[0].status == "failed"


def test_a_run_a_person_stopped_cancels_its_game(engine, settings) -> None:
    batch = submit(engine, 2)
    board = Board()
    tick(engine, settings, board)
    game = games(engine, batch)[0]
    silence(engine, game, "stopped")
    board.put("stopped", "cancelled")
    tick(engine, settings, board)
    assert [row.status for row in games(engine, batch)] == ["cancelled", "created"]


def test_cancelling_a_batch_ends_its_games_and_their_runs(engine, settings) -> None:
    batch = submit(engine, 3)
    board = Board()
    tick(engine, settings, board)
    at_work = games(engine, batch)[0]
    silence(engine, at_work, "run")
    assert cancel(engine, settings, batch) == 3
    after = games(engine, batch)
    assert {game.status for game in after} == {"cancelled"}
    assert after[0].lease_epoch == 8, "a worker still at it must be refused"
    tick(engine, settings, board)
    assert set(board.stopped) == {str(game.id) for game in after}
    board.stopped.clear()
    tick(engine, settings, board)
    assert board.stopped == [], "the runs of a game are ended once"
    assert tick(engine, settings, board).wanted == ()
    with pytest.raises(IllegalTransitionError, match="ended"):
        cancel(engine, settings, batch)


def test_a_failed_game_can_be_tried_again_and_takes_its_batch_along(engine, settings) -> None:
    batch = submit(engine, 1)
    board = Board()
    tick(engine, settings, board)
    (game,) = games(engine, batch)
    with pytest.raises(IllegalTransitionError):
        batches.retry(engine, game.id)
    for attempt in range(4):
        silence(engine, games(engine, batch)[0], f"run-{attempt}")
        tick(engine, settings, board)
    assert batches.retry(engine, game.id) == 5
    (wanted,) = tick(engine, settings, board).wanted
    assert wanted.run_key == f"{game.id}:5"
    assert rows(engine, "SELECT status, completed_at FROM batches")[0] == ("running", None)
    (step,) = rows(engine, "SELECT status, retry_count FROM game_steps WHERE step_number = 5")
    assert step == ("pending", 0)


def test_batches_end_with_their_games(engine, settings) -> None:
    batch = submit(engine, 2)
    tick(engine, settings, Board())
    rows(engine, "UPDATE games SET status = 'published', requested_at = NULL WHERE batch_position = 1")
    assert tick(engine, settings, Board()).done["batches finished"] == 0
    rows(engine, "UPDATE games SET status = 'failed', requested_at = NULL WHERE batch_position = 2")
    assert tick(engine, settings, Board()).done["batches finished"] == 1
    (row,) = rows(engine, "SELECT * FROM batches WHERE id = :id", id=batch)
    assert row.status == "completed"
    assert row.completed_at is not None


def test_batches_and_games_are_found_by_what_people_type(engine, settings) -> None:
    batch = submit(engine, 1)
    tick(engine, settings, Board())
    (game,) = games(engine, batch)
    assert batches.find_batch(engine, "latest") == batch
    assert batches.find_batch(engine, str(batch)[:8]) == batch
    assert batches.find_game(engine, game.slug) == game.id
    for wanted in ("", "no-such", "%", str(batch)[:2]):
        with pytest.raises(InputError):
            batches.find_batch(engine, wanted)
        with pytest.raises(InputError):
            batches.find_game(engine, wanted)


def test_a_failed_game_of_a_cancelled_batch_is_not_tried_again(engine, settings) -> None:
    batch = submit(engine, 2)
    board = Board()
    tick(engine, settings, board)
    failed, _ = games(engine, batch)
    for attempt in range(4):
        silence(engine, games(engine, batch)[0], f"run-{attempt}")
        tick(engine, settings, board)
    cancel(engine, settings, batch)
    with pytest.raises(IllegalTransitionError, match="its batch was cancelled"):
        batches.retry(engine, failed.id)
    shop = Workshop(engine, settings, embedded(settings))
    with pytest.raises(IllegalTransitionError, match="its batch was cancelled"):
        perform(shop, failed.id, 5, "re-executed")
    (after, _) = games(engine, batch)
    assert (after.status, after.attempt, after.lease_owner) == ("failed", 4, None)
    assert rows(engine, "SELECT status FROM batches") == [("cancelled",)]


def test_the_oldest_batch_comes_first_whatever_its_id(engine, settings) -> None:
    late, early = UUID(int=1), UUID(int=2)
    for batch, age in ((late, 1), (early, 2)):
        rows(
            engine,
            """INSERT INTO batches (id, name, game_count, seed, created_at)
               VALUES (:id, 'b', 2, 3, now() - make_interval(hours => :age))""",
            id=batch,
            age=age,
        )
    asked = tick(engine, settings, Board()).wanted
    batches = [wanted.tags["gamefactory/batch"] for wanted in asked]
    assert batches == [str(early)[:8]] * 2 + [str(late)[:8]] * 2
    positions = {str(game.id): game.batch_position for game in rows(engine, "SELECT * FROM games")}
    assert [positions[wanted.subject] for wanted in asked] == [1, 2, 1, 2]


def test_cancelling_meets_a_worker_without_a_deadlock(engine, settings) -> None:
    """A worker has its game locked and writes a line about the batch; cancel goes the other way round."""
    batch = submit(engine, 1)
    tick(engine, settings, Board())
    (game,) = games(engine, batch)
    silence(engine, game, "run")
    stopped: list[int] = []
    with engine.begin() as worker:
        worker.exec_driver_sql("SET LOCAL deadlock_timeout = '100ms'")
        worker.execute(sa.text("SELECT FROM games WHERE id = :id FOR NO KEY UPDATE"), {"id": game.id})
        other = threading.Thread(target=lambda: stopped.append(cancel(engine, settings, batch)))
        other.start()
        wait_for("cancel to wait for the game", 10, lambda: waiting(engine))
        record(worker, game.id, 5, "step_started", "and on it goes")
    other.join(10)
    assert stopped == [1]


def waiting(engine):
    return rows(engine, "SELECT FROM pg_locks WHERE NOT granted")


def test_what_stands_in_the_way_of_cancelling_is_said_in_words(engine, settings) -> None:
    batch = submit(engine, 1)
    tick(engine, settings, Board())

    @sa.event.listens_for(engine, "begin")
    def hurry(connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")

    with engine.connect() as other:
        other.execute(sa.text("SELECT FROM batches FOR UPDATE"))
        with pytest.raises(TransientError, match="the database could not do it now"):
            cancel(engine, settings, batch)
    sa.event.remove(engine, "begin", hurry)
    assert rows(engine, "SELECT status FROM batches") == [("running",)]


def test_a_batch_that_cannot_be_planned_for_any_reason_stops_no_other(engine, settings, monkeypatch) -> None:
    bad, good = submit(engine, 1, seed=13), submit(engine, 1, seed=14)
    plan = dispatch.plan_games

    def broken(order, seed, taken):
        if seed == 13:
            raise PermanentError("thirteen is out of names")
        return plan(order, seed, taken)

    monkeypatch.setattr(dispatch, "plan_games", broken)
    assert tick(engine, settings, Board()).done["games planned"] == 1
    found = {row.id: row for row in rows(engine, "SELECT * FROM batches")}
    assert (found[bad].status, found[bad].error_message) == ("failed", "thirteen is out of names")
    assert found[good].status == "running"


@pytest.mark.parametrize("state", ["pending", "completed", "failed", "cancelled"])
def test_games_of_a_batch_that_is_not_at_work_are_not_asked_for(engine, settings, state) -> None:
    submit(engine, 1)
    tick(engine, settings, Board())
    rows(engine, "UPDATE games SET requested_at = NULL")
    rows(engine, "UPDATE batches SET status = :state", state=state)
    assert request_next(engine, settings, dispatch.game_work(embedded(settings).publisher)) == ()
    rows(engine, "UPDATE batches SET status = 'running'")
    assert len(tick(engine, settings, Board()).wanted) == 1
