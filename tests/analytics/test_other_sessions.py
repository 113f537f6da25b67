"""A day is computed in whatever way the database's sessions are set up for others."""

import datetime as dt
import json
from uuid import uuid4

import pytest

from gamefactory_dagster.analytics.ingest import store_events
from gamefactory_dagster.analytics.rollup import refresh
from gamefactory_dagster.database import address, databases
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.uri import render
from tests.analytics.logs import SCORING
from tests.conftest import Database, superusers_url
from tests.factory_rows import add_games, rows

GAME = "22222222-2222-4222-8222-222222222222"
EVENT = {
    "event_id": "01900000-0000-7000-8000-0000000a0001", "game_id": GAME, "event_type": "game_start",
    "timestamp": "2026-07-01T12:00:00Z", "user_id": "a", "session_id": "s",
}  # fmt: skip


@pytest.fixture
def role(server, database, administrator):
    """A role of this test's own with the rights of the one that owns the database."""
    name = f"role_{uuid4().hex}"
    create = f"CREATE ROLE {name} LOGIN PASSWORD 'x' IN ROLE {{}}"
    databases.execute(administrator, create, str(address.url(server).username))
    yield name
    with databases.connect(superusers_url(server, str(database.engine.url.database))) as connection:
        connection.execute(f"DROP OWNED BY {name}")
    administrator.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize("way", ["role", "role in database", "database", "options", "time zone"])
def test_metrics_are_computed_whatever_a_session_would_search(database: Database, administrator, role, way):
    url = address.url(database.settings).set(username=role, password="x")
    name = str(url.database)
    statements = {
        "role": f'ALTER ROLE {role} SET search_path = "$user", public',
        "role in database": f"ALTER ROLE {role} IN DATABASE {name} SET search_path = public",
        "database": f"ALTER DATABASE {name} RESET search_path",
        "time zone": f"ALTER ROLE {role} SET TimeZone = 'Pacific/Kiritimati'",
    }
    if way == "options":
        url = url.update_query_dict({"options": "-csearch_path=public"})
    else:
        administrator.execute(statements[way])
    engine = get_engine(database.settings.model_copy(update={"database_url": render(url)}))
    add_games(engine, [GAME])
    with engine.begin() as connection:
        store_events(connection, [json.dumps(EVENT).encode()])
    refresh(engine, [dt.date(2026, 7, 1)], SCORING)
    found = rows(engine, "SELECT date, installs, dau, sessions FROM factory.game_metrics")
    assert [tuple(row) for row in found] == [(dt.date(2026, 7, 1), 1, 1, 1)]
    engine.dispose()
