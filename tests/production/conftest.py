"""A workshop over the test's own database, planned games in it, and a factory to kill processes of."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from gamefactory_dagster.production import batches, dispatch
from gamefactory_dagster.production.planning import check_order
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.providers import embedded
from tests import factory_rows
from tests.conftest import Database
from tests.live import Factory


@pytest.fixture
def workshop(database: Database) -> Workshop:
    """Providers in a temporary home; games are checked in V8 only, which is quick."""
    settings = Settings(**database.settings.model_dump() | {"browser_checks": False})
    return Workshop(database.engine, settings, embedded(settings))


@pytest.fixture
def plan(workshop: Workshop) -> Callable[..., list[UUID]]:
    """Order a batch and plan it; gives the ids of its games in order: puzzles, which are made soonest."""

    def do(count: int = 1, seed: int = 5, **order: object) -> list[UUID]:
        checked = check_order("batch", count, order.get("mix", ["puzzle"]), order.get("constraints"), 1000)
        batch = batches.submit(workshop.engine, checked, seed)
        dispatch.plan_next(workshop.engine, workshop.settings)
        with workshop.engine.connect() as connection:
            statement = "SELECT id FROM games WHERE batch_id = :batch ORDER BY batch_position"
            return list(connection.scalars(sa.text(statement), {"batch": batch}))

    return do


@pytest.fixture
def rows(workshop: Workshop) -> Callable[..., list]:
    """Run a statement; rows if there are any."""
    return partial(factory_rows.rows, workshop.engine)


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    """One that soon takes a worker for dead."""
    made = Factory(
        tmp_path_factory.mktemp("factory"),
        GAMEFACTORY_LEASE_SECONDS="6",
        GAMEFACTORY_START_SECONDS="40",
        GAMEFACTORY_BROWSER_CHECKS="false",
    )
    yield made
    made.close()
