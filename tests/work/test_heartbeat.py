"""Leases outlive their seconds while the work goes on, and a lost one stops its worker at once."""

import threading
import time

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import LeaseLostError
from gamefactory_dagster.work.heartbeat import Heartbeat, kept_alive
from gamefactory_dagster.work.leases import Lease, confirm, matching, take

pytestmark = pytest.mark.parametrize("rows", ["pair"], indirect=True)


def taken(engine, rows, number, seconds=0.8, owner="one") -> Lease:
    with engine.begin() as connection:
        return take(connection, rows.table, rows.keys[number], owner, seconds)


def steal(engine, lease: Lease) -> None:
    with engine.begin() as connection:
        this = sa.update(lease.table).where(matching(lease.table, lease.key))
        connection.execute(this.values(lease_owner="thief", lease_epoch=lease.epoch + 1))


@pytest.fixture
def beats() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "heartbeat"]


def test_leases_live_on_while_the_work_goes_on(engine, rows) -> None:
    with Heartbeat(engine) as heartbeat:
        with (
            heartbeat.keep(taken(engine, rows, 0)) as first,
            heartbeat.keep(taken(engine, rows, 1)) as second,
        ):
            time.sleep(1.6)
            for beat in (first, second):
                beat.check()
                with pytest.raises(LeaseLostError), engine.begin() as connection:
                    take(connection, rows.table, beat.lease.key, "other", 1)
        time.sleep(1.0)
        with engine.begin() as connection:
            assert take(connection, rows.table, rows.keys[0], "other", 1), "no longer kept, it runs out"


def test_one_thread_renews_all_and_ends_with_its_block(engine, rows, beats) -> None:
    def alive() -> int:
        return sum(thread.name == "heartbeat" for thread in threading.enumerate()) - len(beats)

    with Heartbeat(engine) as heartbeat:
        with heartbeat.keep(taken(engine, rows, 0)), heartbeat.keep(taken(engine, rows, 1)):
            assert alive() == 1
        assert alive() == 1
    assert alive() == 0


def test_the_worker_of_a_lost_lease_is_told_and_the_others_go_on(engine, rows) -> None:
    with Heartbeat(engine) as heartbeat:
        lost = heartbeat.keep(taken(engine, rows, 0))
        kept = heartbeat.keep(taken(engine, rows, 1))
        with lost as first, kept as second:
            steal(engine, first.lease)
            assert first.lost.wait(1.0), "within a renewal, not at the end of the work"
            with pytest.raises(LeaseLostError, match="the work stops here"):
                first.check()
            time.sleep(1.2)
            second.check()
            with pytest.raises(LeaseLostError), engine.begin() as connection:
                take(connection, rows.table, second.lease.key, "other", 1)


def test_a_row_its_own_worker_has_locked_is_not_taken_for_lost(engine, rows) -> None:
    lease = taken(engine, rows, 0)
    with kept_alive(engine, lease) as beat:
        with engine.begin() as connection:
            confirm(connection, lease)
            time.sleep(1.0)
            beat.check()
        time.sleep(0.4)
        with pytest.raises(LeaseLostError), engine.begin() as connection:
            take(connection, rows.table, lease.key, "other", 1)


def test_a_database_that_is_away_for_a_moment_loses_nothing(engine, rows, monkeypatch) -> None:
    lease = taken(engine, rows, 0, seconds=2.0)
    begin = sa.Engine.begin
    away = threading.Event()
    tried = threading.Event()

    def sometimes(self):
        if away.is_set() and threading.current_thread().name == "heartbeat":
            tried.set()
            raise sa.exc.OperationalError("SELECT 1", {}, Exception("the server is away"))
        return begin(self)

    monkeypatch.setattr(sa.Engine, "begin", sometimes)
    with kept_alive(engine, lease) as beat:
        away.set()
        assert tried.wait(2.0)
        away.clear()
        time.sleep(2.2)
        beat.check()
        with pytest.raises(LeaseLostError), engine.begin() as connection:
            take(connection, rows.table, lease.key, "other", 1)
