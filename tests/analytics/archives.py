"""What the tests of archive and engines share: odd events in old months, and days that count as computed."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.analytics.archive import archive_files, archive_month
from gamefactory_dagster.analytics.ingest import store_events
from gamefactory_dagster.days import month_bounds

from .test_events import GAME, OTHER, event

JANUARY, FEBRUARY = dt.date(2020, 1, 1), dt.date(2020, 2, 1)
TODAY = dt.date(2020, 12, 1)
HORIZON = 35
RECEIVED = dt.datetime(2020, 3, 1, 12, 0, 0, 123_456, dt.UTC)

ODD = [
    {"user_id": None, "session_id": None, "level": None},
    {"user_id": "", "session_id": "", "level": 0},
    {"user_id": 'comma, "quote" and\nline\r\nbreaks', "session_id": "\\N", "level": -(2**31)},
    {"user_id": "NULL", "session_id": "NaN", "level": 2**31 - 1},
    {"user_id": "Zoë 🙂 \x01", "properties": {"a\n": "\\\"'", "deep": [{"x": 1.5e-7}]}, "device_info": {}},
    {"event_type": "rewarded_ad_completed", "properties": {"revenue_micros": 2**62}},
    {"event_type": "iap_completed", "properties": {"revenue_cents": 499, "currency": "USD"}},
    {"user_id": " spaces ", "session_id": "\\.", "device_info": {"os": "web", "nothing": None}},
]
"""Changes to an event that a text format could get wrong."""


def odd_events(first=JANUARY, *, number=0):
    """Events of one month at its edges and in between: every odd one, for two games."""
    start, last = month_bounds(first)
    moments = [start, start + dt.timedelta(microseconds=1), last - dt.timedelta(microseconds=1)]
    moments += [start + dt.timedelta(days=day, hours=7, microseconds=day) for day in range(5)]
    return [
        event(
            event_id=str(UUID(int=number + index)),
            game_id=(GAME, OTHER)[index % 2],
            timestamp=moment.isoformat(),
            **changes,
        )
        for index, (moment, changes) in enumerate(zip(moments, ODD, strict=True))
    ]


def store(engine, events):
    with engine.begin() as connection:
        return store_events(connection, events, received_at=RECEIVED)


def settle(engine):
    """Let every day count as computed from the events it has now."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                """
                INSERT INTO factory.rollup_days (date, events, player_days_at, game_metrics_at)
                SELECT CAST(timestamp AT TIME ZONE 'UTC' AS date), count(*), now(), now()
                FROM factory.analytics_events
                GROUP BY 1
                ON CONFLICT (date) DO UPDATE SET events = excluded.events, stale_since = NULL
                """
            )
        )


def events_in(engine):
    """All rows of the table as text, in order: compared cell by cell."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT CAST(event AS text) FROM factory.analytics_events AS event ORDER BY 1")
        )
        return rows.scalars().all()


def tables_like(engine, pattern):
    with engine.connect() as connection:
        statement = sa.text(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE :pattern ORDER BY 1"
        )
        return connection.execute(statement, {"pattern": pattern}).scalars().all()


def run(engine, store_url, first=JANUARY, **changes):
    return archive_month(engine, store_url, first, **{"today": TODAY, "horizon_days": HORIZON} | changes)


def files_of(engine, first=None):
    with engine.connect() as connection:
        return archive_files(connection, first)


def local(url):
    return Path(url.removeprefix("file://"))
