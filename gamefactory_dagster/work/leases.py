"""Leases and checked state changes: what makes work safe when its worker can die at any moment.

What belongs here: the mechanism, for any table with the columns ``id``, ``lease_owner``, ``lease_epoch`` and
``lease_expires_at``. What does not: which states there are, or who may take what; each slice says that.

A lease is an owner, an epoch and an expiry. Taking it raises the epoch, so that a worker which was thought
dead and comes back is refused by its old epoch. All times are the database's clock.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError, LeaseLostError

log = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 4
"""A lease is renewed this many times in its life: three renewals in a row may be late before it runs out."""


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


@dataclass(frozen=True, slots=True)
class Lease:
    """Proof of holding one row of ``table`` until it expires or is taken over."""

    table: sa.Table
    id: UUID
    owner: str
    epoch: int
    seconds: float

    def _mine(self) -> sa.ColumnElement[bool]:
        columns = self.table.c
        return sa.and_(
            columns.id == self.id, columns.lease_owner == self.owner, columns.lease_epoch == self.epoch
        )


def expiry(seconds: float) -> sa.ColumnElement[Any]:
    """SQL for ``seconds`` from now, by the database's clock (not the transaction's start)."""
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def take(connection: sa.Connection, table: sa.Table, id: UUID, owner: str, seconds: float) -> Lease:
    """Take the lease on a row that is free, expired, or already ``owner``'s.

    Raises LeaseLostError, naming the holder, when somebody else holds it.
    """
    columns = table.c
    free = sa.or_(
        columns.lease_owner.is_(None),
        columns.lease_owner == owner,
        columns.lease_expires_at < sa.func.clock_timestamp(),
    )
    statement = (
        sa.update(table)
        .where(columns.id == id, free)
        .values(lease_owner=owner, lease_epoch=columns.lease_epoch + 1, lease_expires_at=expiry(seconds))
        .returning(columns.lease_epoch)
    )
    epoch = connection.scalar(statement)
    if epoch is None:
        holder = connection.scalar(sa.select(columns.lease_owner).where(columns.id == id))
        raise LeaseLostError(f"{table.name} {id} is in the hands of {holder}")
    return Lease(table, id, owner, int(epoch), seconds)


def renew(connection: sa.Connection, lease: Lease) -> bool:
    """Push the expiry out; False when the lease is no longer ours."""
    statement = sa.update(lease.table).where(lease._mine()).values(lease_expires_at=expiry(lease.seconds))
    return connection.execute(statement).rowcount == 1


def confirm(connection: sa.Connection, lease: Lease) -> None:
    """Lock the row for the rest of the transaction, or raise LeaseLostError if it is no longer ours.

    Call it first in every transaction that writes under the lease. An expired lease that nobody took
    is still ours: taking it would have raised the epoch.
    """
    held = connection.scalar(sa.select(lease.table.c.id).where(lease._mine()).with_for_update())
    if held is None:
        raise LeaseLostError(
            f"{lease.table.name} {lease.id} was taken from {lease.owner}; nothing was written"
        )


def release(connection: sa.Connection, lease: Lease) -> None:
    """Give the row back; does nothing when it is no longer ours."""
    connection.execute(
        sa.update(lease.table).where(lease._mine()).values(lease_owner=None, lease_expires_at=None)
    )


class Heartbeat:
    """Renews a lease from a thread of its own while the work in the ``with`` block goes on."""

    def __init__(self, engine: sa.Engine, lease: Lease) -> None:
        self._engine = engine
        self._lease = lease
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{lease.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(timeout=self._lease.seconds)

    def _beat(self) -> None:
        while not self._done.wait(self._lease.seconds / RENEWALS_PER_LEASE):
            try:
                with self._engine.begin() as connection:
                    if not renew(connection, self._lease):
                        log.warning("lost the lease on %s %s", self._lease.table.name, self._lease.id)
                        return
            except sa.exc.SQLAlchemyError as error:
                log.warning("could not renew the lease on %s, trying again: %s", self._lease.id, error)
