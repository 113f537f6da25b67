"""Processes are killed with -9 where it hurts; every game still ends, nothing lost and nothing doubled."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from gamefactory_dagster.production.lifecycle import STEPS
from tests.live import Factory, kill, kill_tree, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults]

GATE = 4711
"""Advisory lock class: while the test holds (GATE, n), game n cannot finish its first try of step n."""

GATE_SQL = f"""
CREATE FUNCTION factory.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.step_number = (SELECT batch_position FROM factory.games WHERE id = NEW.game_id) THEN
        PERFORM pg_advisory_xact_lock_shared({GATE}, NEW.step_number);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE UPDATE ON factory.game_steps FOR EACH ROW
    WHEN (OLD.status = 'running' AND NEW.status = 'completed' AND NEW.retry_count = 0)
    EXECUTE FUNCTION factory.wait_at_gate();
"""

STALLED = f"""
SELECT steps.game_id, (logs.metadata ->> 'pid')::int AS pid
FROM factory.game_steps AS steps
JOIN factory.games ON games.id = steps.game_id
JOIN factory.generation_logs AS logs ON logs.game_id = steps.game_id AND logs.step_number = steps.step_number
WHERE steps.step_number = :step AND steps.status = 'running' AND games.batch_position = :step
  AND logs.log_type = 'step_started'
  AND EXISTS (SELECT FROM pg_locks
              WHERE locktype = 'advisory' AND classid = {GATE} AND objid = :step AND NOT granted)
"""


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(
        tmp_path_factory.mktemp("factory"),
        GAMEFACTORY_LEASE_SECONDS="6",
        GAMEFACTORY_START_SECONDS="40",
        GAMEFACTORY_BROWSER_CHECKS="false",
    )
    yield made
    made.close()


def submit(factory: Factory, count: int, name: str) -> str:
    return factory.json("batch", "submit", "--name", name, "--count", str(count), "--seed", "11")["id"]


def ended(factory: Factory, batch: str) -> list[str]:
    statement = "SELECT status FROM factory.batches WHERE id = :batch AND status IN ('completed', 'failed')"
    return [row.status for row in factory.rows(statement, batch=batch)]


def assert_whole(factory: Factory, batch: str, count: int) -> None:
    """Every game published, with one commit a step, one set of assets, one build."""
    games = factory.rows("SELECT * FROM factory.games WHERE batch_id = :batch", batch=batch)
    assert [(game.status, game.current_step) for game in games] == [("published", 12)] * count
    for game in games:
        log = git_log(factory.settings.repositories / f"{game.id}.git")
        assert log == [f"{number:02} {name}" for number, name in enumerate(STEPS, start=1)]
        assets = factory.rows("SELECT filename FROM factory.game_assets WHERE game_id = :id", id=game.id)
        assert len(assets) == len({row.filename for row in assets}) > 10
        builds = factory.rows("SELECT status FROM factory.game_builds WHERE game_id = :id", id=game.id)
        assert [build.status for build in builds] == ["success"]
        assert (factory.settings.published / game.slug / "index.html").is_file()
        steps = factory.rows("SELECT status FROM factory.game_steps WHERE game_id = :id", id=game.id)
        assert [step.status for step in steps] == ["completed"] * 12


def git_log(repository: Path) -> list[str]:
    done = subprocess.run(
        ["git", "--git-dir", str(repository), "log", "--reverse", "--format=%s", "main"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_killing_the_worker_in_each_of_the_twelve_steps(factory: Factory) -> None:
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(GATE_SQL)
    gate = factory.engine.connect()
    for step in range(1, 13):
        gate.execute(sa.select(sa.func.pg_advisory_lock(GATE, step)))
    gate.commit()
    with factory.daemon():
        batch = submit(factory, 12, "killed in every step")
        waiting = set(range(1, 13))

        def next_stalled() -> list[tuple[int, int]]:
            return [(step, row.pid) for step in waiting for row in factory.rows(STALLED, step=step)]

        while waiting:
            for step, pid in wait_for(f"a worker stalled in one of {waiting}", 120, next_stalled):
                kill(pid)
                waiting.discard(step)
                # opens the gate for this step, for the dead worker's session too
                gate.execute(sa.select(sa.func.pg_advisory_unlock(GATE, step)))
                gate.commit()
        assert wait_for("the batch's end", 300, lambda: ended(factory, batch)) == ["completed"]
    gate.close()
    assert_whole(factory, batch, 12)
    retried = factory.rows(
        """SELECT games.batch_position, steps.step_number, steps.retry_count, games.attempt
           FROM factory.game_steps AS steps JOIN factory.games ON games.id = steps.game_id
           WHERE games.batch_id = :batch AND steps.retry_count > 0 ORDER BY 1""",
        batch=batch,
    )
    assert [tuple(row) for row in retried] == [(step, step, 1, 2) for step in range(1, 13)]
    started = factory.rows(
        """SELECT count(*) AS times FROM factory.generation_logs
           JOIN factory.games ON games.id = generation_logs.game_id
           WHERE games.batch_id = :batch AND log_type = 'step_started' GROUP BY games.id""",
        batch=batch,
    )
    assert {row.times for row in started} == {13}, "a finished step was started again"


def test_killing_the_code_server_with_its_workers(factory: Factory) -> None:
    with factory.daemon() as daemon:
        batch = submit(factory, 4, "code server killed")
        wait_for(
            "a step of a game at work",
            120,
            lambda: factory.rows(
                "SELECT 1 FROM factory.games WHERE batch_id = :batch AND current_step BETWEEN 3 AND 8",
                batch=batch,
            ),
        )
        for child in psutil.Process(daemon.pid).children():
            kill_tree(child.pid)
        assert wait_for("the batch's end", 300, lambda: ended(factory, batch)) == ["completed"]
    assert_whole(factory, batch, 4)


def test_killing_the_daemon_while_it_launches_a_batch(factory: Factory) -> None:
    with factory.daemon() as daemon:
        batch = submit(factory, 6, "daemon killed")
        wait_for(
            "the first request",
            120,
            lambda: factory.rows(
                "SELECT 1 FROM factory.games WHERE batch_id = :batch AND requested_at IS NOT NULL",
                batch=batch,
            ),
        )
        kill(daemon.pid)
    with factory.daemon():
        assert wait_for("the batch's end", 300, lambda: ended(factory, batch)) == ["completed"]
    assert_whole(factory, batch, 6)


def test_two_daemons_at_once_make_every_game_once(factory: Factory) -> None:
    with factory.daemon(), factory.daemon():
        batch = submit(factory, 6, "two daemons")
        assert wait_for("the batch's end", 300, lambda: ended(factory, batch)) == ["completed"]
    assert_whole(factory, batch, 6)
