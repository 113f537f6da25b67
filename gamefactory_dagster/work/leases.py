"""Leases: proof that one worker, and no other, may write what belongs to a row.

What belongs here: taking, confirming, renewing and giving back, for any table with the columns
``lease_owner``, ``lease_epoch`` and ``lease_expires_at``, whatever its primary key. What does not: choosing
which row to take (``claims.py``), and keeping leases alive while the work goes on (``heartbeat.py``).

A lease is an owner, an epoch and an expiry. Taking it raises the epoch, so that a worker which was thought
dead and comes back is refused by its old epoch. All times are the database's clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.errors import CancelledError, LeaseLostError

RELEASED: Mapping[str, None] = {"lease_owner": None, "lease_expires_at": None}
"""Columns of a row nobody holds. The epoch stays: it only ever rises."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Proof of holding one row of ``table`` until it expires or is taken over."""

    table: sa.Table
    key: tuple[Any, ...]
    """Values of the table's primary key, in its order."""
    owner: str
    epoch: int
    seconds: float

    @property
    def id(self) -> Any:
        """The key of a table whose primary key is one column."""
        (value,) = self.key
        return value

    def __str__(self) -> str:
        return f"{self.table.name} {' '.join(map(str, self.key))}"


def matching(table: sa.Table, key: Any) -> sa.ColumnElement[bool]:
    """Say which row is meant: ``key`` is its primary key, as a value or a tuple, or columns by name."""
    if not isinstance(key, Mapping):
        values = key if isinstance(key, tuple) else (key,)
        key = dict(zip(table.primary_key.columns.keys(), values, strict=True))
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def key_of(table: sa.Table, row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """The primary key of a row of ``table``, as ``matching`` takes it."""
    return tuple(row[name] for name in table.primary_key.columns.keys())  # noqa: SIM118


def expiry(seconds: float) -> sa.ColumnElement[Any]:
    """SQL for ``seconds`` from now, by the database's clock (not the transaction's start)."""
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def free(table: sa.Table) -> sa.ColumnElement[bool]:
    """Rows that nobody holds, or whose holder has fallen silent."""
    columns = table.c
    return sa.or_(columns.lease_owner.is_(None), columns.lease_expires_at < sa.func.clock_timestamp())


def take(connection: sa.Connection, table: sa.Table, key: Any, owner: str, seconds: float) -> Lease:
    """Take the lease on a row that is free, expired, or already ``owner``'s; ``key`` as in ``matching``.

    Raises LeaseLostError, naming the holder, when somebody else holds it or there is no such row.
    """
    statement = (
        sa.update(table)
        .where(matching(table, key), sa.or_(free(table), table.c.lease_owner == owner))
        .values(lease_owner=owner, lease_epoch=table.c.lease_epoch + 1, lease_expires_at=expiry(seconds))
        .returning(table.c.lease_epoch, *table.primary_key.columns)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        holder = connection.scalar(sa.select(table.c.lease_owner).where(matching(table, key)))
        raise LeaseLostError(f"{table.name} {key} is in the hands of {holder or 'nobody: it is not there'}")
    epoch, *values = row
    return Lease(table, tuple(values), owner, int(epoch), seconds)


def held(lease: Lease) -> sa.ColumnElement[bool]:
    """The lease's row while it is the lease's; an expired one nobody took is: taking raises the epoch."""
    columns = lease.table.c
    return sa.and_(
        matching(lease.table, lease.key),
        columns.lease_owner == lease.owner,
        columns.lease_epoch == lease.epoch,
    )


def confirm(connection: sa.Connection, lease: Lease) -> None:
    """Lock the row for the rest of the transaction, or raise LeaseLostError if it is no longer ours.

    Call it first in every transaction that writes under the lease.
    """
    lock = sa.select(lease.table.c.lease_epoch).where(held(lease)).with_for_update(key_share=True)
    if connection.scalar(lock) is None:
        raise lost(lease)


def lost(lease: Lease) -> LeaseLostError:
    """The error for who wanted to write under a lease that is no longer theirs."""
    return LeaseLostError(f"{lease} was taken from {lease.owner}; nothing was written")


@contextmanager
def cancelled_if_it_is(engine: sa.Engine, table: sa.Table, key: Any, cancelled: str) -> Iterator[None]:
    """Raise CancelledError where a lease was lost because its row's state is ``cancelled`` by now."""
    try:
        yield
    except LeaseLostError as error:
        with engine.connect() as connection:
            state = connection.scalar(sa.select(table.c.status).where(matching(table, key)))
        if state == cancelled:
            raise CancelledError(f"{table.name} {key} was cancelled; nothing more was written") from error
        raise


def renew(connection: sa.Connection, lease: Lease) -> bool:
    """Push the expiry out; False when the lease is no longer ours. Waits for whoever has the row locked."""
    statement = sa.update(lease.table).where(held(lease)).values(lease_expires_at=expiry(lease.seconds))
    return connection.execute(statement).rowcount == 1


def renew_unlocked(connection: sa.Connection, leases: Iterable[Lease]) -> tuple[set[Lease], set[Lease]]:
    """Push out the expiry of those leases whose rows nobody has locked; returns ``(renewed, lost)``.

    What is in neither is still ours and being written to at this moment: ask again soon. Never waits, so one
    long transaction does not hold up the other leases of a worker. Leases of one table are one statement.
    """
    groups: dict[tuple[sa.Table, float], list[Lease]] = {}
    for lease in leases:
        groups.setdefault((lease.table, lease.seconds), []).append(lease)
    renewed: set[Lease] = set()
    lost: set[Lease] = set()
    for (table, seconds), group in groups.items():
        by_mark = {(*lease.key, lease.owner, lease.epoch): lease for lease in group}
        key = table.primary_key.columns
        mark = sa.tuple_(*key, table.c.lease_owner, table.c.lease_epoch)
        ours = sa.select(*key, table.c.lease_owner, table.c.lease_epoch).where(mark.in_(list(by_mark)))
        unlocked = {
            by_mark[tuple(row)]
            for row in connection.execute(ours.with_for_update(skip_locked=True, key_share=True))
        }
        if unlocked:
            mine = sa.tuple_(*key).in_([lease.key for lease in unlocked])
            connection.execute(sa.update(table).where(mine).values(lease_expires_at=expiry(seconds)))
        renewed |= unlocked
        if len(unlocked) < len(group):
            lost |= set(group) - {by_mark[tuple(row)] for row in connection.execute(ours)}
    return renewed, lost


def release(connection: sa.Connection, lease: Lease) -> None:
    """Give the row back; does nothing when it is no longer ours."""
    connection.execute(sa.update(lease.table).where(held(lease)).values(**RELEASED))
