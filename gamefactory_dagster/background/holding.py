"""Jobs in a worker's hands: kept alive while they take their time, and let go when they are to be.

What belongs here: what the database knows of them meanwhile. What does not: doing them, and what becomes of
them (``worker.py``).
"""

from collections.abc import Collection
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.work.heartbeat import Beat, Heartbeat

from .queue import JOBS, Taken


@dataclass(slots=True, eq=False)
class Hand:
    """One job that is held, since a time on this process' monotonic clock."""

    taken: Taken
    since: float
    _beat: Beat | None = None
    _kept: ExitStack = field(default_factory=ExitStack)

    @property
    def job_id(self) -> UUID:
        """The job's id."""
        return self.taken.job_id

    @property
    def is_lost(self) -> bool:
        """Whether the job is known to be another's by now."""
        return self._beat is not None and self._beat.lost.is_set()

    def keep_alive(self, heartbeat: Heartbeat) -> None:
        """Have its lease renewed from now on, until it is let go."""
        if self._beat is None:
            self._beat = self._kept.enter_context(heartbeat.keep(self.taken.lease))

    def let_go(self) -> None:
        """Have its lease renewed no more."""
        self._kept.close()


def asked_to_stop(engine: sa.Engine, hands: Collection[Hand]) -> set[UUID]:
    """Which of these jobs a person has ended; none while the database is away."""
    if not hands:
        return set()
    asked = sa.select(JOBS.c.id).where(
        JOBS.c.id.in_([hand.job_id for hand in hands]), JOBS.c.cancel_requested_at.is_not(None)
    )
    with suppress(TransientError), transaction(engine) as connection:
        return set(connection.scalars(asked))
    return set()
