"""What requests forget: lines of logs that are older than the settings keep.

What belongs here: which rows go. What does not: the requests themselves, which stay as their games do.
"""

import datetime as dt

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.settings import Settings

LINES_AT_ONCE = 500
"""Looked at by every tick: many times what requests say between two, and done in less than a millisecond."""


def forget_lines(engine: sa.Engine, settings: Settings, limit: int = LINES_AT_ONCE) -> int:
    """Delete those of the ``limit`` oldest lines that are too old; how many. The column keeps its own."""
    statement = sa.text(load("requests/forget_lines"))
    kept = dt.timedelta(days=settings.keep_logs_days)
    with transaction(engine) as connection:
        return connection.execute(statement, {"kept": kept, "limit": limit}).rowcount
