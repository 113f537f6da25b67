"""Factories in a known state: with games alone, with months to archive, sound in every way; and a Dagster."""

from collections.abc import Iterator

import dagster as dg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.settings import Settings
from tests.factory_rows import add_games

from .archives import FEBRUARY, odd_events, settle, store
from .sound import SOUND
from .test_events import GAME, OTHER


@pytest.fixture
def games(engine: sa.Engine) -> sa.Engine:
    """The engine of a database with the two games that events of these tests are of."""
    add_games(engine, (GAME, OTHER))
    return engine


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster that remembers runs until the test ends."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def filled(games: sa.Engine) -> sa.Engine:
    """Two old months of odd events, computed."""
    store(games, odd_events() + odd_events(FEBRUARY, number=100))
    settle(games)
    return games


@pytest.fixture
def store_url(settings: Settings) -> str:
    """Where events are archived."""
    return settings.artifacts


@pytest.fixture
def factory(connection: sa.Connection) -> sa.Connection:
    """Two games, two players and three days, all as they should be; nothing is committed."""
    connection.exec_driver_sql(SOUND)
    return connection
