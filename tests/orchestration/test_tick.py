"""The tick over a table of errands: what it does to each kind of row, and that nothing holds up the rest."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.orchestration import tick as ticking
from gamefactory_dagster.orchestration.tick import repeated, tick
from gamefactory_dagster.work.leases import take
from tests.board import Board

from .errands import ERRANDS, WORK, Errand


@pytest.fixture
def errands(engine):
    """Add errands; gives their ids."""
    with engine.begin() as connection:
        ERRANDS.create(connection)

    def errands(count: int = 1, **columns: object) -> list[int]:
        with engine.begin() as connection:
            rows = [{"words": "x", **columns} for _ in range(count)]
            return list(connection.scalars(sa.insert(ERRANDS).returning(Errand.id), rows))

    return errands


def update(engine, *where, **columns) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(ERRANDS).where(*where).values(**columns))


def ago(seconds: float) -> sa.TextClause:
    return sa.text(f"now() - interval '{seconds} seconds'")


def states(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(Errand.status).order_by(Errand.id)))


def at_work(engine, errand: int, run: str) -> None:
    with engine.begin() as connection:
        take(connection, ERRANDS, errand, run, 60)
    update(engine, Errand.id == errand, status="running")


def subjects(done) -> list[str]:
    return [wanted.subject for wanted in done.wanted]


def test_rows_are_asked_for_once_in_their_order_and_within_the_limit(engine, settings, errands) -> None:
    first, second, third = errands(3)
    backwards = replace(WORK, next=WORK.next.order_by(None).order_by(Errand.id.desc()))
    two = settings.model_copy(update={"runs_per_tick": 2})
    assert subjects(tick(engine, two, Board(), backwards)) == [str(third), str(second)]
    assert subjects(tick(engine, two, Board(), backwards)) == [str(first)]
    assert tick(engine, two, Board(), backwards).wanted == ()


def test_many_ticks_at_once_ask_for_each_row_once(engine, settings, errands) -> None:
    ids = errands(30)
    asked: list[str] = []
    threads = [
        threading.Thread(target=lambda: asked.extend(subjects(tick(engine, settings, Board(), WORK))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, asked)) == ids


def test_only_rows_whose_lease_ran_out_start_over(engine, settings, errands) -> None:
    dead, alive = errands(2)
    at_work(engine, dead, "dead")
    at_work(engine, alive, "alive")
    update(engine, Errand.id == dead, lease_expires_at=ago(1))
    board = Board()
    done = tick(engine, settings, board, WORK)
    assert done.done["silent workers replaced"] == 1
    assert [wanted.run_key for wanted in done.wanted] == [f"{dead}:2"]
    assert board.given_up == ["dead"], "the orchestrator believed in it still"
    assert states(engine) == ["pending", "running"]


@pytest.mark.parametrize("state", ["succeeded", "failed"])
def test_a_run_that_has_ended_is_not_reported_failed_again(engine, settings, errands, state) -> None:
    (errand,) = errands()
    at_work(engine, errand, "run")
    update(engine, lease_expires_at=ago(1))
    board = Board()
    board.put("run", state)
    assert tick(engine, settings, board, WORK).done["silent workers replaced"] == 1
    assert board.given_up == []


@pytest.mark.parametrize("claimed", [True, False])
def test_a_run_a_person_stopped_ends_its_row(engine, settings, errands, claimed) -> None:
    (errand,) = errands()
    board = Board()
    (asked,) = tick(engine, settings, board, WORK).wanted
    board.put("run", "cancelled", key=asked.run_key)
    if claimed:
        at_work(engine, errand, "run")
    update(engine, requested_at=ago(999), lease_expires_at=ago(1) if claimed else None)
    assert tick(engine, settings, board, WORK).wanted == ()
    assert states(engine) == ["failed"]


def test_a_starting_run_is_given_longer_at_each_attempt(engine, settings, errands) -> None:
    errands(attempt=2)
    update(engine, requested_at=ago(999))
    board = Board()
    board.put("slow", "alive", key="1:2", age=2 * settings.start_seconds - 1)
    assert tick(engine, settings, board, WORK).wanted == ()
    assert board.given_up == []
    update(engine, requested_at=ago(999))
    board.put("slow", "alive", key="1:2", age=2 * settings.start_seconds + 1)
    assert [wanted.run_key for wanted in tick(engine, settings, board, WORK).wanted] == ["1:3"]
    assert board.given_up == ["slow"]


def test_runs_of_cancelled_rows_are_stopped_once(engine, settings, errands) -> None:
    work = replace(WORK, cancelled="failed")
    (errand, *_) = errands(2)
    at_work(engine, errand, "run")
    update(engine, Errand.id == errand, status="failed")
    board = Board()
    tick(engine, settings, board, work)
    tick(engine, settings, board, work)
    assert board.stopped == [str(errand)]
    untouched = Board()
    tick(engine, settings, untouched, WORK)
    assert untouched.stopped == [], "errands have no such state"


def test_a_row_that_cannot_be_moved_on_holds_up_no_other(engine, settings, errands) -> None:
    bad, good = errands(2)
    for errand in (bad, good):
        at_work(engine, errand, f"run {errand}")
    update(engine, lease_expires_at=ago(1))

    def start_over(connection, row, why) -> None:
        if row["id"] == bad:
            raise ValueError("this one is cursed")
        WORK.start_over(connection, row, why)

    done = tick(engine, settings, Board(), replace(WORK, start_over=start_over))
    assert subjects(done) == [str(good)]
    assert done.failed == {
        "silent workers replaced": f"1 of 2 could not be moved on: errands {bad}: this one is cursed"
    }
    assert states(engine) == ["running", "pending"]


def test_a_stage_that_fails_holds_up_no_other(engine, settings, errands) -> None:
    errands(2)

    def broken() -> int:
        raise TransientError("the disk is full")

    done = tick(engine, settings, Board(), WORK, before={"planned": broken}, after={"finished": lambda: 7})
    assert done.failed == {"planned": "the disk is full"}
    assert done.done["finished"] == 7
    assert len(done.wanted) == 2
    assert "planned failed: the disk is full" in str(done)


def test_planning_ends_with_its_work_or_with_its_time(monkeypatch) -> None:
    plans = iter([3, 0, 4, None, 99])
    assert repeated(lambda: next(plans)) == 7
    clock = iter(range(100))
    monkeypatch.setattr(ticking, "monotonic", lambda: next(clock))
    steps = iter([1] * 9)  # whoever forgets the clock runs out of them
    assert repeated(lambda: next(steps), seconds=5) == 4, "the clock is asked before every step"
