"""Keeping leases alive while the work goes on, and telling the worker at once when one is lost.

What belongs here: one thread for all the leases a worker holds. What does not: what the worker does about a
lost lease, beyond stopping: it asks ``Beat.check`` as it goes along, and stops where it stands.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from gamefactory_dagster.errors import LeaseLostError

from .leases import Lease, renew_unlocked

log = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 4
"""A lease is renewed this many times in its life: three renewals in a row may be late before it runs out."""

LONGEST_GOODBYE = 10.0
"""Seconds the end of a block waits for a renewal under way; a thread that hangs ends with the process."""


class Beat:
    """One lease being kept alive."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.due = time.monotonic() + lease.seconds / RENEWALS_PER_LEASE
        """When to renew it next, on this process' clock."""
        self.lost = threading.Event()
        """Set the moment somebody else is found to hold the row."""

    def check(self) -> None:
        """Raise LeaseLostError when the lease has been lost. Cheap: call it wherever the work can stop."""
        if self.lost.is_set():
            raise LeaseLostError(f"{self.lease} was taken from {self.lease.owner}; the work stops here")


class Heartbeat:
    """Renews any number of leases from one thread, as long as its ``with`` block lasts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._beats: list[Beat] = []
        self._changed = threading.Condition()
        self._done = False
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._done = True
            self._changed.notify()
        self._thread.join(timeout=LONGEST_GOODBYE)

    @contextmanager
    def keep(self, lease: Lease) -> Iterator[Beat]:
        """Keep a lease alive during the block."""
        beat = Beat(lease)
        with self._changed:
            self._beats.append(beat)
            self._changed.notify()
        try:
            yield beat
        finally:
            with self._changed:
                self._beats.remove(beat)

    def _run(self) -> None:
        while beats := self._wait():
            self._renew(beats)

    def _wait(self) -> list[Beat]:
        """The leases that are due, once there are some; none when the block has ended."""
        with self._changed:
            while not self._done:
                now = time.monotonic()
                kept = [beat for beat in self._beats if not beat.lost.is_set()]
                if due := [beat for beat in kept if beat.due <= now]:
                    return due
                self._changed.wait(min((beat.due - now for beat in kept), default=None))
        return []

    def _renew(self, beats: list[Beat]) -> None:
        renewed: set[Lease] = set()
        lost: set[Lease] = set()
        try:
            with self._engine.begin() as connection:
                renewed, lost = renew_unlocked(connection, [beat.lease for beat in beats])
        except sa.exc.SQLAlchemyError as error:
            log.warning("could not renew %d leases, trying again: %s", len(beats), error)
        now = time.monotonic()
        for beat in beats:
            # what was locked or could not be reached is asked for again soon
            share = RENEWALS_PER_LEASE if beat.lease in renewed else 4 * RENEWALS_PER_LEASE
            beat.due = now + beat.lease.seconds / share
            if beat.lease in lost:
                log.warning("lost the lease on %s", beat.lease)
                beat.lost.set()


@contextmanager
def kept_alive(engine: sa.Engine, lease: Lease) -> Iterator[Beat]:
    """Keep the one lease of a worker that has no other alive during the block."""
    with Heartbeat(engine) as heartbeat, heartbeat.keep(lease) as beat:
        yield beat
