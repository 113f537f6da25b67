"""Starting over a few times and then failing: what most rows whose run died want.

What belongs here: that one rule, for a table whose attempts count on the row itself. What does not: rows that
count them elsewhere (a game charges them to its steps).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.work.leases import RELEASED, key_of
from gamefactory_dagster.work.states import Lifecycle, change

from .tick import Row

WORDS_LIMIT = 2000
"""Characters kept of why an attempt ended."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Rows that are put back to ``waiting`` until ``most`` attempts have died."""

    table: sa.Table
    lifecycle: Lifecycle
    waiting: str
    most: int
    words: str = "error_message"
    """Column that says why the last attempt ended."""
    failed: str = "failed"
    """What the table calls that."""
    ended: Mapping[str, Any] = field(default_factory=dict)
    """Other columns a row that has failed gets."""

    def start_over(self, connection: sa.Connection, row: Row, why: str) -> None:
        """Put a row back with its next attempt, for a run to be asked for; fail it when none is left."""
        if row["attempt"] >= self.most:
            self.fail(connection, row, f"gave up after {row['attempt']} attempts; last: {why}")
        else:
            again = {"attempt": row["attempt"] + 1, "requested_at": None}
            self.move(connection, row, self.waiting, why, **again)

    def fail(self, connection: sa.Connection, row: Row, why: str) -> None:
        """End a row in ``failed``, whatever attempts are left."""
        self.move(connection, row, self.failed, why, **self.ended)

    def move(self, connection: sa.Connection, row: Row, new: str, why: str | None, **columns: Any) -> None:
        """Take a row to another state, out of the hands of whoever had it."""
        said = {self.words: why and why[:WORDS_LIMIT]}
        key = key_of(self.table, row)
        change(connection, self.table, self.lifecycle, key, row["status"], new, **said, **columns, **RELEASED)
