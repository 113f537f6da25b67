"""Raw events put into the database and the rollups read back, to be compared with the definitions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.settings import Settings
from tests.analytics import by_definition
from tests.analytics.by_definition import Happened, Key

SCORING = Scoring.of(Settings(database_url=None))
"""What the product says a score is made of."""

INSERT = """
INSERT INTO analytics_events (game_id, event_type, user_id, session_id, properties, timestamp, received_at)
VALUES (:game, :type, :user, :session, :properties, :time, coalesce(CAST(:received_at AS timestamptz), now()))
"""


def game(number: int) -> str:
    return str(UUID(int=number))


def store(engine: sa.Engine, events: Iterable[Happened], received_at: dt.datetime | None = None) -> None:
    """Insert the events as they are, each a new one."""
    rows = [event._asdict() | {"received_at": received_at} for event in events]
    if rows:
        with engine.begin() as connection:
            months = sorted({row["time"].replace(day=1) for row in rows})
            for month in months:
                connection.execute(sa.text("SELECT ensure_events_partition(:month)"), {"month": month})
            connection.execute(sa.text(INSERT), rows)


def forget_rollups(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE player_days, players, rollup_days, game_metrics"))


def stored_metrics(engine: sa.Engine) -> dict[Key, dict[str, Any]]:
    """All of ``game_metrics``, scores included."""
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM game_metrics")).mappings().all()
    left_out = {"id", "game_id", "date", "created_at"}
    return {
        (str(row["game_id"]), row["date"]): {
            name: Fraction(value) if value is not None else None
            for name, value in row.items()
            if name not in left_out
        }
        for row in rows
    }


def check_metrics(
    engine: sa.Engine, events: Iterable[Happened], days: Iterable[dt.date], genres: Mapping[str, str]
) -> None:
    """Compare ``game_metrics`` with the definitions cell by cell; scores to the last digit but one."""
    expected = by_definition.game_metrics(events, days)
    scores = by_definition.scores(expected, genres)
    found = stored_metrics(engine)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        score = found[key].pop("score")
        assert found[key] == row, key
        assert abs(score - scores[key]) <= Fraction(1, 10_000), key


class Killed(Exception):  # noqa: N818  nothing went wrong
    """Stands for the end of a process in the middle of its work."""


@contextmanager
def killed_after(engine: sa.Engine, statements: int):
    """Raise Killed before the statement after so many; does nothing if there are fewer."""
    left = statements

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    except Killed:
        pass
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
