"""Reading the queues' messages: which jobs are due.

What belongs here: finding them fast, whatever lies dead in the queues. What does not: what becomes of a job
that was read (``dispatch.py``, ``worker.py``).
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .queue import Queues, archive, show_at

WHOLE_SECONDS = 5.0
"""How often a reader looks at all of a queue, and not only at what has become due since it last did.

So late may be seen what a transaction entered that took its time to commit, or read that failed.
"""

WHOLE_SHARE = 0.05
"""Most of a reader's time that goes into looking at all of a queue: if that takes long it looks more seldom.

With a transaction held open for minutes it passes a million rows that are dead.
"""

_ROW_BY_ROW = sa.text(
    "SELECT set_config(name, 'off', true) FROM unnest(CAST(:names AS text[])) AS name"
).bindparams(names=["enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"])
"""A queue is mostly rows that are gone, which the planner does not always know: it would pass all of them now
and then, to find a hundred that it could have looked up."""


@dataclass(frozen=True, slots=True)
class Due:
    """A job that may be taken up now, as its message was read."""

    job_id: UUID
    job_type: str
    queue: str
    message_id: int
    reads: int
    """How often the message has been read."""


class Reader:
    """Reads messages, and remembers how far it has come: what is dead behind that is not passed again.

    While somebody holds a transaction open, every message that has been since is still in the index.
    """

    def __init__(self, queues: Queues) -> None:
        self.queues = queues
        self._come_to: dict[str, datetime] = {}
        self._look_at_all_at = -math.inf

    def read(self, connection: sa.Connection, limit: int, seconds: int) -> list[Due]:
        """Read up to ``limit`` messages, out of others' sight for ``seconds``; those of high priority first.

        Gives the jobs that are due. A message that is nobody's is archived, one of a job that is at work or
        not due yet is put off.
        """
        began = monotonic()
        at_all = began >= self._look_at_all_at
        if at_all:
            self._come_to.clear()
        connection.execute(_ROW_BY_ROW)
        found: list[Due] = []
        for queue in self.queues.waiting:
            if len(found) < limit:
                found += self._read_one(connection, queue, limit - len(found), seconds)
        if at_all:
            now = monotonic()
            self._look_at_all_at = now + max(WHOLE_SECONDS, (now - began) / WHOLE_SHARE)
        return found

    def _read_one(self, connection: sa.Connection, queue: str, limit: int, seconds: int) -> list[Due]:
        given = {"queue": queue, "limit": limit, "seconds": seconds, "since": self._come_to.get(queue)}
        due: list[Due] = []
        nobodys: list[int] = []
        later: dict[datetime, list[int]] = defaultdict(list)
        for row in connection.execute(sa.text(load("background/read").replace("{queue}", queue)), given):
            self._come_to[queue] = row.due
            if row.job_id is None:
                nobodys.append(row.message_id)
            elif row.until is not None:
                later[row.until].append(row.message_id)
            else:
                due.append(Due(row.job_id, row.job_type, queue, row.message_id, row.reads))
        archive(connection, queue, nobodys)
        for until, messages in later.items():
            show_at(connection, queue, messages, until)
        return due
