"""Ways to enter and complete the same jobs: ours, bare PGMQ, a bare table. Each does the SHA-256 of a text.

What belongs here: the calls. What does not: clocks and tables (``background.py``), and a peer, which runs in
an environment of its own (``background_peer.py``).
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import orjson
import sqlalchemy as sa

from gamefactory_dagster.background import queue
from gamefactory_dagster.background.queue import Queues, Result, Taken
from gamefactory_dagster.background.reader import Reader
from gamefactory_dagster.background.service import JobQueueService, Order
from gamefactory_dagster.background.states import Verdict
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.settings import Settings

QUEUE = "bare_queue"
OUT_OF_SIGHT = 120
LEASE = 60.0


class Way(Protocol):
    """Enters jobs, each text a job, and completes up to so many; every call commits."""

    def enter(self, texts: Sequence[str]) -> None:
        """Enter them in one transaction."""

    def complete(self, limit: int) -> int:
        """Take up to ``limit``, do them, complete them; gives how many there were."""


def digest(text: str) -> str:
    """The work."""
    return hashlib.sha256(text.encode()).hexdigest()


class Pgmq:
    """A queue of PGMQ, by its functions and nothing beside: send, read, archive."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.execute(sa.text("SELECT pgmq.create(:queue)"), {"queue": QUEUE})

    def enter(self, texts: Sequence[str]) -> None:
        """As every way."""
        messages = [orjson.dumps({"text": text}).decode() for text in texts]
        with self._engine.begin() as connection:
            if len(messages) == 1:
                call = sa.text("SELECT pgmq.send(:queue, CAST(:message AS jsonb))")
                connection.execute(call, {"queue": QUEUE, "message": messages[0]})
            else:
                call = sa.text("SELECT pgmq.send_batch(:queue, CAST(:messages AS jsonb[]))")
                connection.execute(call, {"queue": QUEUE, "messages": messages})

    def read(self, limit: int) -> list[Any]:
        """Ids and messages, out of others' sight for a while."""
        call = sa.text("SELECT msg_id, message FROM pgmq.read(:queue, :seconds, :limit)")
        given = {"queue": QUEUE, "seconds": OUT_OF_SIGHT, "limit": limit}
        with self._engine.begin() as connection:
            return list(connection.execute(call, given))

    def archive(self, messages: Sequence[int]) -> None:
        """Done with them."""
        call = sa.text("SELECT pgmq.archive(:queue, CAST(:messages AS bigint[]))")
        with self._engine.begin() as connection:
            connection.execute(call, {"queue": QUEUE, "messages": list(messages)})

    def complete(self, limit: int) -> int:
        """As every way."""
        found = self.read(limit)
        for row in found:
            digest(row.message["text"])
        if found:
            self.archive([row.msg_id for row in found])
        return len(found)


class Table:
    """A table of one's own, as every article on SKIP LOCKED has it: taken, done, completed; no lease."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.exec_driver_sql(
                """CREATE TABLE IF NOT EXISTS bare_jobs (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL,
                    status text NOT NULL DEFAULT 'pending', digest text
                )"""
            )
            connection.exec_driver_sql(
                "CREATE INDEX IF NOT EXISTS bare_jobs_pending ON bare_jobs (id) WHERE status = 'pending'"
            )

    def enter(self, texts: Sequence[str]) -> None:
        """As every way."""
        call = sa.text("INSERT INTO bare_jobs (text) SELECT unnest(CAST(:texts AS text[]))")
        with self._engine.begin() as connection:
            connection.execute(call, {"texts": list(texts)})

    def complete(self, limit: int) -> int:
        """As every way."""
        take = sa.text(
            """UPDATE bare_jobs SET status = 'taken' WHERE id IN (
                SELECT id FROM bare_jobs WHERE status = 'pending' ORDER BY id LIMIT :limit
                FOR UPDATE SKIP LOCKED
            ) RETURNING id, text"""
        )
        with self._engine.begin() as connection:
            found = connection.execute(take, {"limit": limit}).all()
        done = sa.text(
            """UPDATE bare_jobs SET status = 'completed', digest = given.digest
            FROM unnest(CAST(:ids AS bigint[]), CAST(:digests AS text[])) AS given (id, digest)
            WHERE bare_jobs.id = given.id"""
        )
        if found:
            digests = [digest(row.text) for row in found]
            with self._engine.begin() as connection:
                connection.execute(done, {"ids": [row.id for row in found], "digests": digests})
        return len(found)


class Ours:
    """The row with its message, lease, limits of a user; done here and not in a child."""

    def __init__(self, engine: sa.Engine, settings: Settings) -> None:
        self._engine = engine
        self._service = JobQueueService(engine, settings)
        self._queues = Queues.of(settings)
        self._reader = Reader(self._queues)

    def enter(self, texts: Sequence[str]) -> None:
        """As every way."""
        self._service.create_jobs([Order("sample_task", {"text": text}) for text in texts])

    def take(self, limit: int) -> list[Taken]:
        """What a tick and a worker do between them."""
        with transaction(self._engine) as connection:
            due = self._reader.read(connection, limit, OUT_OF_SIGHT)
            return queue.take(connection, "benchmark", LEASE, [one.job_id for one in due], limit)

    def finish(self, taken: Sequence[Taken]) -> None:
        """Write down that they are completed."""
        completed = Verdict("completed")
        results = [
            Result(
                one.job_id, one.lease.owner, one.lease.epoch, completed,
                {"sha256": digest(one.job_parameters["text"])},
            )
            for one in taken
        ]  # fmt: skip
        with transaction(self._engine) as connection:
            queue.finish(connection, self._queues, results)

    def complete(self, limit: int) -> int:
        """As every way."""
        if taken := self.take(limit):
            self.finish(taken)
        return len(taken)


@cache
def texts(count: int) -> list[str]:
    """What the jobs are of."""
    return [f"text number {number}" for number in range(count)]
