"""Workers are killed with -9 in every step; every game still ends, nothing lost and nothing doubled."""

import pytest
import sqlalchemy as sa

from tests.live import Factory, assert_whole, kill, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.daemon, pytest.mark.faults]

GAMES = 2
"""Each is killed in every second step: game 1 in steps 1, 3 and so on."""

GATE = 4711
"""Advisory lock class: while the test holds (GATE, n), a first try of step n cannot finish in its game."""

GATE_SQL = f"""
CREATE FUNCTION factory.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF mod(NEW.step_number - 1, {GAMES}) + 1
            = (SELECT batch_position FROM factory.games WHERE id = NEW.game_id) THEN
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
WHERE steps.step_number = :step AND steps.status = 'running'
  AND games.batch_position = mod(:step - 1, {GAMES}) + 1
  AND logs.log_type = 'step_started'
  AND EXISTS (SELECT FROM pg_locks
              WHERE locktype = 'advisory' AND classid = {GATE} AND objid = :step AND NOT granted)
"""


def test_killing_the_worker_in_each_of_the_twelve_steps(factory: Factory) -> None:
    with factory.engine.begin() as connection:
        connection.exec_driver_sql(GATE_SQL)
    gate = factory.engine.connect()
    for step in range(1, 13):
        gate.execute(sa.select(sa.func.pg_advisory_lock(GATE, step)))
    gate.commit()
    with factory.daemon() as daemon:
        batch = factory.submit("killed in every step", GAMES, "--seed", "11", "--genre", "puzzle")
        waiting = set(range(1, 13))

        def next_stalled() -> list[tuple[int, int]]:
            return [(step, row.pid) for step in waiting for row in factory.rows(STALLED, step=step)]

        while waiting:
            for step, pid in wait_for(f"a worker stalled in one of {waiting}", 300, next_stalled):
                kill(pid)
                waiting.discard(step)
                # opens the gate for this step, for the dead worker's session too
                gate.execute(sa.select(sa.func.pg_advisory_unlock(GATE, step)))
                gate.commit()
        assert factory.wait_for_end(daemon, batch) == "completed"
    gate.close()
    assert_whole(factory, batch, GAMES)
    retried = factory.rows(
        """SELECT games.batch_position, steps.step_number, steps.retry_count, games.attempt
           FROM factory.game_steps AS steps JOIN factory.games ON games.id = steps.game_id
           WHERE games.batch_id = :batch AND steps.retry_count > 0 ORDER BY 2""",
        batch=batch,
    )
    deaths = 12 // GAMES
    assert [tuple(row) for row in retried] == [
        ((step - 1) % GAMES + 1, step, 1, 1 + deaths) for step in range(1, 13)
    ]
    started = factory.rows(
        """SELECT count(*) AS times FROM factory.generation_logs
           JOIN factory.games ON games.id = generation_logs.game_id
           WHERE games.batch_id = :batch AND log_type = 'step_started' GROUP BY games.id""",
        batch=batch,
    )
    assert {row.times for row in started} == {12 + deaths}, "a finished step was started again"
