"""Fixtures that tests of ingestion share."""

import pytest
import sqlalchemy as sa

from tests.factory_rows import add_games

from .test_events import GAME, OTHER


@pytest.fixture
def games(engine: sa.Engine) -> sa.Engine:
    """The engine of a database with the two games that events of these tests are of."""
    add_games(engine, (GAME, OTHER))
    return engine
