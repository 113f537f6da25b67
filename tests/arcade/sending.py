"""Events as a game's client sends them, and what was stored of them."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from gamefactory_dagster.analytics.plausible import Bounds
from gamefactory_dagster.settings import Settings
from tests.asking import CLIENT

from .conftest import GAME, KEY

BOUNDS = Bounds.of(Settings(database_url=None))
"""Of a factory where nobody set anything."""


def ago(**time):
    """A moment so long ago, as a client writes it; negative numbers are still to come."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def event(**changes):
    raw = {
        "event_id": str(uuid4()),
        "event_type": "level_start",
        "user_id": "u1",
        "session_id": "s1",
        "level": 1,
        "properties": {},
        "timestamp": datetime.now(UTC).isoformat(),
    }
    return raw | changes


def stored(engine, table="analytics_events"):
    with engine.connect() as connection:
        return connection.execute(sa.text(f"SELECT * FROM {table}")).all()


def envelope(events):
    return json.dumps({"game_id": GAME, "write_key": KEY, "events": events}).encode()


def send(arcade, content, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return CLIENT.post(f"{arcade.url}/v1/events", content=content, headers=headers)
