"""Claims: taking the next rows that nobody works on, each by one worker alone.

What belongs here: choosing and taking in one transaction, so that any number of workers may ask at once.
What does not: what a claimed row becomes next; the caller changes that in the same transaction.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from .leases import Lease, expiry, free, key_of


class Claimed(NamedTuple):
    """A row as it was just before it was taken, and the lease on it."""

    lease: Lease
    row: sa.RowMapping


def claim_batch(
    connection: sa.Connection, table: sa.Table, owner: str, seconds: float, limit: int, *,
    where: sa.ColumnElement[bool], order_by: Sequence[sa.ColumnElement[Any]], **columns: Any,
) -> list[Claimed]:  # fmt: skip
    """Take up to ``limit`` free rows ``where`` something holds, in order; skips those others look at.

    ``columns`` are what else changes of the rows with the taking.
    """
    wanted = (
        sa.select(table)
        .where(where, free(table))
        .order_by(*order_by)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = connection.execute(wanted).mappings().all()
    if not rows:
        return []
    keys = [key_of(table, row) for row in rows]
    connection.execute(
        sa.update(table)
        .where(sa.tuple_(*table.primary_key.columns).in_(keys))
        .values(
            lease_owner=owner,
            lease_epoch=table.c.lease_epoch + 1,
            lease_expires_at=expiry(seconds),
            **columns,
        )
    )
    return [
        Claimed(Lease(table, key, owner, row["lease_epoch"] + 1, seconds), row)
        for key, row in zip(keys, rows, strict=True)
    ]


def claim_next(
    connection: sa.Connection, table: sa.Table, owner: str, seconds: float, *,
    where: sa.ColumnElement[bool], order_by: Sequence[sa.ColumnElement[Any]],
) -> Claimed | None:  # fmt: skip
    """Take the first free row ``where`` something holds; None when there is none."""
    found = claim_batch(connection, table, owner, seconds, 1, where=where, order_by=order_by)
    return found[0] if found else None
