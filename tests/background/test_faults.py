"""Whatever is killed, stopped or fails: nothing is lost, nothing done twice, no row without its message."""

from pathlib import Path

import pytest

from gamefactory_dagster.database import migrations, server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.settings import Settings
from tests.board import Board

from . import atomic, trials
from .conftest import Desk

pytestmark = [pytest.mark.faults]


def test_an_exception_at_every_statement(desk: Desk):
    found = trials.atomic_exceptions(desk, 1000)
    assert set(found) == set(atomic.STATEMENTS) and min(found.values()) >= 1


def test_kills_of_who_enters_and_finishes(desk: Desk):
    trials.atomic_kills(desk, 25)


@pytest.mark.slow
def test_workers_are_killed_in_the_middle_of_jobs(desk: Desk):
    assert trials.killed_workers(desk, 2)["kills"] == 2


@pytest.mark.slow
def test_workers_are_stopped_for_twice_their_lease(desk: Desk):
    assert trials.stopped_workers(desk, 1)["refused"] > 0


def test_sensors_at_once(desk: Desk):
    trials.two_sensors(desk, 30)


def test_cancelled_or_completed(desk: Desk):
    found = trials.cancelled_or_completed(desk, 40)
    assert found["completed"] + found.get("JobCancelledError", 0) == 40


@pytest.mark.slow
def test_the_server_is_killed_under_load(tmp_path: Path):
    settings = Settings(home=tmp_path, database_url=None)
    server.ensure(settings)
    try:
        migrations.upgrade(settings)
        engine = get_engine(settings, pool_size=4, max_overflow=4)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE public.effects (job uuid NOT NULL)")
        desk = Desk(engine, settings, Board())
        assert trials.restarted_server(desk, 1, jobs=120, pause=(2.5, 4))["restarts"] == 1
    finally:
        server.stop(settings)
