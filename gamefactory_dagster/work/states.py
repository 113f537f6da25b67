"""Which state may follow which, and the one way to change one.

What belongs here: the rule and its one statement, for any table with a column ``status``. What does not:
which states a thing has; each slice writes that down beside its own decisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError

from .leases import matching


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The legal state changes of one kind of thing."""

    entity: str
    legal: Mapping[str, frozenset[str]]

    def check(self, old: str, new: str) -> None:
        """Raise IllegalTransitionError unless ``old -> new`` is legal."""
        if new not in self.legal.get(old, frozenset()):
            allowed = ", ".join(sorted(self.legal.get(old, ()))) or "nothing, it has ended"
            raise IllegalTransitionError(
                f"{self.entity} cannot go from {old} to {new}; from {old}: {allowed}"
            )


def change(
    connection: sa.Connection, table: sa.Table, lifecycle: Lifecycle, key: Any, old: str, new: str, **columns:
    Any
) -> None:  # fmt: skip
    """Take one row from ``old`` to ``new``, other columns along with it; with the same state, these alone.

    ``key`` as in ``leases.matching``. Raises IllegalTransitionError, and changes nothing, when the lifecycle
    does not allow it or the row is not in ``old`` any more.
    """
    if old != new:
        lifecycle.check(old, new)
    statement = (
        sa.update(table).where(matching(table, key), table.c.status == old).values(status=new, **columns)
    )
    if connection.execute(statement).rowcount != 1:
        raise IllegalTransitionError(f"{lifecycle.entity} is no longer {old}; nothing was changed")
