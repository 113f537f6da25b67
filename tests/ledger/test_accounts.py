"""Commands and parts of runs tell of themselves; who died without a word is ended by others."""

import hashlib
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.ledger import recovery
from gamefactory_dagster.ledger.accounts import command, part, written
from gamefactory_dagster.ledger.recovery import end_abandoned, ending
from gamefactory_dagster.orchestration.runs import RunView
from gamefactory_dagster.settings import LOCAL_USER
from tests.ledger_rows import assert_told, read, runs

SPEC = {"kind": "metrics", "job": "daily_metrics"}


class Board:
    """Knows runs by their state."""

    def __init__(self, **states: str) -> None:
        self.states = states

    def by_id(self, run_id: str) -> RunView:
        return RunView(run_id, self.states.get(run_id, "gone"), 1000.0)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def grown_up(monkeypatch) -> None:
    """Runs need not be old to be looked at."""
    monkeypatch.setattr(recovery, "YOUNG_SECONDS", 0.0)


def test_a_command_is_a_run_that_ends_with_it(engine, tmp_path) -> None:
    file = tmp_path / "a b.csv"
    file.write_bytes(b"1,2\n")
    with command(engine, LOCAL_USER, "export", "metrics export", format="csv", output=None) as account:
        account.numbers["rows"] = 1
        account.made.append(written(file, "file", rows=1))
    [run] = runs(engine)
    assert (run.job.owner_id, run.job.status, run.job.error_message) == (LOCAL_USER, "completed", None)
    asked = {"kind": "export", "command": "gamefactory metrics export", "options": {"format": "csv"}}
    assert run.job.project_spec == asked
    bot = "metrics_export"
    assert run.told == [("system", "start"), (bot, "start"), (bot, "end"), ("system", "end")]
    assert run.events[2].payload == {"rows": 1}
    [one] = run.artifacts
    assert (one.kind, one.url, one.file_size) == ("file", file.as_uri(), 4)
    assert (one.content_type, one.meta) == ("text/csv; charset=utf-8", {"path": "a b.csv", "rows": 1})
    assert one.checksum == hashlib.sha256(b"1,2\n").hexdigest()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (PermanentError("no such month"), "failed", "no such month"),
        (TransientError("busy"), "failed", "busy"),
        (KeyboardInterrupt(), "cancelled", "it was stopped"),
        (ValueError(), "failed", "ValueError"),
    ],
)
def test_a_command_that_fails_says_why(engine, error, status, words) -> None:
    with pytest.raises(type(error)), command(engine, LOCAL_USER, "archive", "events archive") as account:
        account.made.append(written(Path(__file__), "file"))
        raise error
    [run] = runs(engine)
    assert_told(run.told)
    assert (run.job.status, run.job.error_message) == (status, words)
    assert run.events[-1].payload == {"status": status, "message": words}
    assert len(run.artifacts) == 1, "what was made before is told all the same"


def test_a_failure_is_not_hidden_by_a_database_that_went_away(engine, monkeypatch) -> None:
    with pytest.raises(ValueError, match="mine"), command(engine, LOCAL_USER, "archive", "events archive"):
        monkeypatch.setattr("gamefactory_dagster.ledger.accounts.transaction", away)
        raise ValueError("mine")


def away(engine: sa.Engine) -> None:
    raise TransientError("the database is away")


def test_nothing_is_done_for_nobody(engine) -> None:
    with pytest.raises(PermanentError, match="GAMEFACTORY_USER"), command(engine, uuid4(), "x", "x"):
        pytest.fail("it was done")
    assert runs(engine) == []


def test_parts_of_one_run(engine) -> None:
    with part(engine, "run", LOCAL_USER, SPEC, "player_days") as account:
        account.numbers["days"] = 2
    with pytest.raises(TransientError), part(engine, "run", LOCAL_USER, SPEC, "game_metrics"):
        raise TransientError("locked")
    with part(engine, "run", LOCAL_USER, SPEC, "game_metrics"):
        pass
    [run] = runs(engine)
    assert run.job.status == "running"
    bots = [
        ("player_days", "start"),
        ("player_days", "end"),
        ("game_metrics", "start"),
        ("game_metrics", "error"),
    ]
    assert run.told == [("system", "start"), *bots, *[("game_metrics", kind) for kind in ("start", "end")]]
    assert run.events[4].payload == {"message": "locked", "again": True}
    assert end_abandoned(engine, Board(run="succeeded")) == 1
    [run] = runs(engine)
    assert_told(run.told)
    assert run.job.status == "completed"
    with pytest.raises(PermanentError, match="has ended"), part(engine, "run", LOCAL_USER, SPEC, "late"):
        pytest.fail("it was done")


def test_a_part_that_could_not_tell_its_end_is_ended_by_the_next(engine, monkeypatch) -> None:
    with (
        monkeypatch.context() as patched,
        pytest.raises(TransientError),
        part(engine, "run", LOCAL_USER, SPEC, "player_days"),
    ):
        patched.setattr("gamefactory_dagster.ledger.accounts.transaction", away)
        raise TransientError("locked")
    with part(engine, "run", LOCAL_USER, SPEC, "player_days"):
        pass
    [run] = runs(engine)
    assert run.told == [
        ("system", "start"),
        *[("player_days", kind) for kind in ("start", "error", "start", "end")],
    ]


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("succeeded", "completed", None),
        ("failed", "failed", "its run failed"),
        ("cancelled", "cancelled", "its run was stopped by a person"),
        ("gone", "failed", "its process died"),
        ("alive", "running", None),
        ("waiting", "running", None),
    ],
)
def test_who_told_no_end_is_ended(engine, state, status, words) -> None:
    with pytest.raises(psycopg.OperationalError), part(engine, "run", LOCAL_USER, SPEC, "player_days"):
        break_off(engine)
        raise psycopg.OperationalError("gone")
    read(engine, "DELETE FROM ledger.job_events WHERE event_type = 'error' RETURNING 1")
    ended = status != "running"
    assert end_abandoned(engine, Board(run=state)) == ended
    assert end_abandoned(engine, Board(run=state)) == 0
    [run] = runs(engine)
    assert (run.job.status, run.job.error_message) == (status, words)
    if ended:
        assert_told(run.told)
        assert run.told[-2] == ("player_days", "error")


def break_off(engine: sa.Engine) -> None:
    """End every session that holds a run's lock, and see it gone."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                """SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
                   JOIN pg_stat_activity USING (pid)
                   WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()"""
            )
        )


def test_a_command_at_work_is_left_alone(engine) -> None:
    with command(engine, LOCAL_USER, "import", "events import"):
        assert end_abandoned(engine, Board()) == 0
    [run] = runs(engine)
    assert run.job.status == "completed"


def test_a_young_run_is_left_alone(engine, monkeypatch) -> None:
    monkeypatch.setattr(recovery, "YOUNG_SECONDS", 3600.0)
    with part(engine, "run", LOCAL_USER, SPEC, "player_days"):
        pass
    assert end_abandoned(engine, Board()) == 0


def test_one_that_cannot_be_ended_holds_up_no_other(engine) -> None:
    for run in ("a", "b"):
        with part(engine, run, LOCAL_USER, SPEC, "player_days"):
            pass

    class Broken(Board):
        def by_id(self, run_id: str) -> RunView:
            if run_id == "a":
                raise TransientError("its storage is away")
            return super().by_id(run_id)

    with pytest.raises(TransientError, match="1 of 2 could not be ended: run a: its storage is away"):
        end_abandoned(engine, Broken(b="failed"))
    assert [run.job.status for run in runs(engine)] == ["running", "failed"]


def test_a_game_is_left_to_who_recovers_it() -> None:
    assert ending(RunView("r", "failed", 5.0), "game") is None
    assert ending(RunView("r", "failed", 500.0), "game") == ("failed", "its run failed")
    assert ending(RunView("r", "failed", 5.0), "metrics") == ("failed", "its run failed")
