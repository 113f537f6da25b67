"""A landing zone to put files into, and what its sensor would do about them."""

import json
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from upath import UPath

from gamefactory_dagster.analytics import landing
from gamefactory_dagster.analytics.ingest import IntakeCounts
from tests.board import Board

from .test_events import GAME, event


def lines(number, start=0, **changes):
    return b"".join(
        json.dumps(event(event_id=str(UUID(int=index)), **changes)).encode() + b"\n"
        for index in range(start, start + number)
    )


@pytest.fixture(params=["local", "memory"])
def zone(request, settings):
    """A landing zone that is there, as an UPath, and the settings that name it."""
    url = (
        f"memory://{uuid4().hex}" if request.param == "memory" else str(settings.home / "a b%20" / "landing")
    )
    folder = UPath(url)
    folder.mkdir(parents=True)
    return folder, settings.model_copy(update={"landing_url": url})


@pytest.fixture
def local(settings):
    folder = UPath(settings.landing)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def games(engine):
    with engine.begin() as connection:
        statement = "INSERT INTO games (id, name, slug, genre) VALUES (:id, 'a', 'a', 'runner')"
        connection.execute(sa.text(statement), {"id": GAME})
    return engine


def tick(engine, settings, board=None):
    return landing.tick(engine, settings, board or Board())


def look(engine, settings, board=None):
    """What a tick asks runs for."""
    return [
        SimpleNamespace(**wanted.config, attempt=wanted.attempt, run_key=wanted.run_key)
        for wanted in tick(engine, settings, board).wanted
    ]


def let_settle(engine, seconds=60):
    """What was found and given out was so longer ago."""
    statement = """
    UPDATE landed_files SET found_at = found_at - make_interval(secs => :seconds),
                            requested_at = requested_at - make_interval(secs => :seconds)
    """
    with engine.begin() as connection:
        connection.execute(sa.text(statement), {"seconds": seconds})


def settled_look(engine, settings):
    look(engine, settings)
    let_settle(engine)
    return look(engine, settings)


def take_in(engine, file, owner="run") -> IntakeCounts:
    return landing.take_in(engine, file.url, file.fingerprint, owner, 20.0)


def fall_silent(engine) -> None:
    """As if whoever is at work had died."""
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE landed_files SET lease_expires_at = now() - interval '1 second'"))


def known(engine):
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT * FROM landed_files ORDER BY found_at, url")).all()


def count(engine, table="analytics_events"):
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
