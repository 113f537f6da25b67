"""One worker: takes jobs, has them done in lanes, stops those that may not go on, writes down how each ended.

What belongs here: the loop, in one thread. What does not: the processes (``lanes.py``), the rows and messages
(``queue.py``), and what becomes of a job (``states.py``).

A try is done at least once, and written down at most once: whoever comes back late finds the row's epoch
raised. A type whose effects are to be there exactly once makes them in ``Work.completing``.
"""

import logging
import selectors
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.errors import LeaseLostError, TransientError
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.work.heartbeat import Heartbeat

from . import queue
from .bell import Bell
from .holding import Hand, asked_to_stop
from .lanes import Lane, Lanes
from .queue import Queues, Result, Taken
from .reader import Reader
from .registry import Registry, registry
from .states import CANCELLED, Failure, JobCrashedError, JobTimeoutError, Verdict, verdict

log = logging.getLogger(__name__)

LANES = 3
"""Lanes that are counted on: of three jobs one waits for something most of the time."""

MOST_LANES = 32
MOST_BUSY = 6
"""Lanes there may be, and of these at work and not waiting: a job that hangs holds up no other."""

SLOW_SECONDS = 0.4
SLOWEST_SECONDS = 10.0
"""A lane is no longer counted on when it has waited in one job so long, or worked at one so much longer."""

HELD_SECONDS = 0.5
"""A worker takes about as many jobs at once as it does in this time."""

MOST_HELD = 50

SETTLE_SECONDS = 0.2
"""How long a result may wait for others to be written down with it."""

LOOK_SECONDS = 1.0
"""How often it looks for jobs it is to stop; a fifth of what is promised."""

PATIENCE_SECONDS = 300.0
"""How long it goes on trying while the database is away."""

READ_SECONDS = 120
"""How long a message that was read for a worker is out of others' sight."""

LOST = Failure(LeaseLostError.__name__, "another worker has it", may_pass=False)

State = Literal["completed", "failed", "again", "lost"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job's try ended. ``lost``: another had the job by then, and nothing was written."""

    job_id: UUID
    job_type: str
    state: State
    seconds: float
    words: str | None = None
    references: Any = None
    log: str | None = None


@dataclass(slots=True)
class Stay:
    """Whether a worker that is done waits for more: so long for the next, and so long in all (seconds)."""

    for_next: float = 0.0
    in_all: float = 0.0


def work_at(
    engine: sa.Engine,
    settings: Settings,
    owner: str,
    jobs: Sequence[UUID],
    *,
    types: Registry | None = None,
    stay: Stay | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Work at these jobs, each once if it is due and in nobody's hands; gives what was written down.

    ``owner`` names the worker, as no other is named. When ``stop`` is set, or the caller goes on no more,
    what is unfinished is given back. Raises TransientError when the database stays away.
    """
    types = types or registry()
    with Lanes(settings, types.packages) as lanes, Heartbeat(engine) as heartbeat:
        worker = _Worker(engine, settings, owner, types, lanes, heartbeat, stay or Stay(), jobs)
        try:
            while worker.has_work() and not (stop is not None and stop.is_set()):
                yield from worker.step()
        finally:
            worker.give_back()


class _Worker:
    def __init__(
        self,
        engine: sa.Engine,
        settings: Settings,
        owner: str,
        types: Registry,
        lanes: Lanes,
        heartbeat: Heartbeat,
        stay: Stay,
        jobs: Sequence[UUID],
    ) -> None:
        self._engine, self._settings, self._owner, self._types = engine, settings, owner, types
        self._source, self._heartbeat, self._stay = lanes, heartbeat, stay
        self._queues = Queues.of(settings)
        self._reader = Reader(self._queues)
        self._todo = deque(jobs)
        self._held: deque[Hand] = deque()
        self._lanes: dict[Lane, Hand | None] = {}
        self._results: list[tuple[Result, Outcome]] = []
        self._selector = selectors.DefaultSelector()
        self._mean = 0.05
        now = time.monotonic()
        self._began = self._busy = self._looked = self._settled = now
        self._asked_for = 0
        self._look_every = min(LOOK_SECONDS, settings.lease_seconds / 8)
        self._away_since: float | None = None
        self._rest_until = 0.0
        self._bell = Bell(engine, self._selector) if stay.for_next else None

    def has_work(self) -> bool:
        """Whether there is anything left, or may come."""
        now = time.monotonic()
        if self._todo or self._held or self._results or any(self._lanes.values()):
            self._busy = now
            return True
        stay = self._stay
        return now - self._busy < stay.for_next and now - self._began < stay.in_all

    def step(self) -> Iterator[Outcome]:
        """Give out, listen, stop, write down: each as far as it is due."""
        self._hand_out()
        self._listen()
        self._look()
        yield from self._settle()

    def _hand_out(self) -> None:
        idle = [lane for lane, hand in self._lanes.items() if hand is None]
        while self._held:
            if idle:
                lane = idle.pop()
            elif self._may_open():
                lane = self._open()
            else:
                break
            hand = self._held.popleft()
            self._lanes[lane] = hand
            lane.give(hand.taken)

    def _may_open(self) -> bool:
        now = time.monotonic()
        busy = [lane for lane in self._lanes if not (lane.is_waiting and now - lane.began > SLOW_SECONDS)]
        counted = sum(now - lane.began < SLOWEST_SECONDS for lane in busy)
        return counted < LANES and len(busy) < MOST_BUSY and len(self._lanes) < MOST_LANES

    def _open(self) -> Lane:
        lane = self._source.open()
        self._selector.register(lane.tasks, selectors.EVENT_READ, lane)
        self._selector.register(lane.output, selectors.EVENT_READ, lane)
        self._lanes[lane] = None
        return lane

    def _close(self, lane: Lane) -> Hand | None:
        self._selector.unregister(lane.tasks)
        self._selector.unregister(lane.output)
        lane.end()
        return self._lanes.pop(lane)

    def _listen(self) -> None:
        for heard in {key.data for key, _ in self._selector.select(self._wait())}:
            if isinstance(heard, Bell):
                heard.listen()
                continue
            lane = heard
            try:
                answer = lane.listen()
            except EOFError:
                self._died(lane)
            else:
                if answer is not None:
                    self._answered(lane, answer)

    def _wait(self) -> float:
        """Seconds it may listen before something else is due."""
        if any(self._lanes.values()) or time.monotonic() < self._rest_until:
            return SETTLE_SECONDS
        return 0.0 if self._todo or self._held or self._results else SETTLE_SECONDS

    def _died(self, lane: Lane) -> None:
        said, seconds = lane.said.text, time.monotonic() - lane.began
        hand = self._close(lane)
        if hand is not None:
            words = "its process died without a word, as one does that takes more memory than there is"
            self._ended(hand, seconds, failure=Failure(JobCrashedError.__name__, words), said=said)

    def _answered(self, lane: Lane, answer: dict[str, Any]) -> None:
        hand = self._lanes[lane]
        assert hand is not None
        self._lanes[lane] = None
        failure = Failure(**answer["failure"]) if "failure" in answer else None
        seconds = answer["seconds"]
        self._mean = 0.9 * self._mean + 0.1 * seconds
        self._ended(
            hand,
            seconds,
            failure=None if answer["is_written"] else failure,
            references=answer.get("references"),
            said=lane.said.text,
            is_written=answer["is_written"],
        )

    def _ended(
        self,
        hand: Hand,
        seconds: float,
        *,
        failure: Failure | None = None,
        references: Any = None,
        said: str | None = None,
        is_written: bool = False,
    ) -> None:
        """Note how a try ended, to be written down soon."""
        hand.let_go()
        taken = hand.taken
        kind = self._types.get(taken.job_type)
        next_ = verdict(failure, taken.retry_count, kind.retries if kind else 0)
        result = Result(
            taken.job_id,
            self._owner,
            taken.lease.epoch,
            next_,
            references,
            failure,
            said,
            is_written=is_written,
        )
        words = None if failure is None else f"{failure.error_type}: {failure.message}"
        outcome = Outcome(taken.job_id, taken.job_type, next_.next, seconds, words, references, said)
        if not self._results:
            self._settled = time.monotonic()
        self._results.append((result, outcome))

    def _look(self) -> None:
        """Stop what took too long; now and then, what a person ended and what is another's by now."""
        now = time.monotonic()
        for lane, hand in list(self._lanes.items()):
            if hand is None:
                continue
            kind = self._types.get(hand.taken.job_type)
            if kind is not None and now - lane.began > kind.timeout:
                words = f"it took longer than {kind.timeout:g} s"
                self._stop(lane, Failure(JobTimeoutError.__name__, words))
            else:
                lane.look(now)
        if now - self._looked < self._look_every:
            return
        for hand in self._hands():
            if now - hand.since >= self._look_every:  # most are over long before
                hand.keep_alive(self._heartbeat)
        self._looked = now
        self._drop([hand for hand in self._hands() if hand.is_lost], LOST)
        stopped = asked_to_stop(self._engine, self._hands())
        self._drop([hand for hand in self._hands() if hand.job_id in stopped], CANCELLED)

    def _stop(self, lane: Lane, failure: Failure) -> None:
        seconds = time.monotonic() - lane.began
        lane.hear()
        said = lane.said.text
        hand = self._close(lane)
        if hand is not None:
            self._ended(hand, seconds, failure=failure, said=said)

    def _hands(self) -> list[Hand]:
        return [*self._held, *(hand for hand in self._lanes.values() if hand is not None)]

    def _drop(self, hands: Iterable[Hand], failure: Failure) -> None:
        """End jobs that are held, whether they have been begun or not."""
        wanted = set(hands)
        for lane, hand in list(self._lanes.items()):
            if hand in wanted:
                self._stop(lane, failure)
        for hand in [hand for hand in self._held if hand in wanted]:
            self._held.remove(hand)
            self._ended(hand, 0.0, failure=failure)

    def _settle(self) -> list[Outcome]:
        """Write down results and take the next jobs, in one transaction, when it is time for either."""
        now = time.monotonic()
        free = LANES - sum(hand is not None for hand in self._lanes.values())
        hungry = len(self._held) < max(free, 1) and (bool(self._todo) or self._may_read(now))
        ripe = bool(self._results) and (
            len(self._results) >= MOST_HELD or now - self._settled >= SETTLE_SECONDS or not self._hands()
        )
        if now < self._rest_until or not (hungry or ripe):
            return []
        try:
            with transaction(self._engine) as connection:
                written = self._write(connection)
                taken = self._take(connection) if hungry else []
        except TransientError as error:
            self._rest(now, error)
            return []
        self._away_since = None
        self._held += [Hand(one, now) for one in taken]
        for _ in range(self._asked_for if hungry else 0):
            self._todo.popleft()
        outcomes = [
            outcome if result.job_id in written else replace(outcome, state="lost")
            for result, outcome in self._results
        ]
        self._results = []
        return outcomes

    def _write(self, connection: sa.Connection) -> set[UUID]:
        results = [result for result, _ in self._results]
        return queue.finish(connection, self._queues, results) if results else set()

    def _take(self, connection: sa.Connection) -> list[Taken]:
        if not self._todo:
            self._read_more(connection)
        limit = int(min(max(LANES * HELD_SECONDS / max(self._mean, 0.001), 1), MOST_HELD))
        wanted = [self._todo[place] for place in range(min(limit, len(self._todo)))]
        seconds = self._settings.lease_seconds
        self._asked_for = len(wanted)
        return queue.take(connection, self._owner, seconds, wanted, limit) if wanted else []

    def _may_read(self, now: float) -> bool:
        if self._bell is None or now - self._began > self._stay.in_all:
            return False
        return self._bell.has_rung()

    def _read_more(self, connection: sa.Connection) -> None:
        """Read what has come meanwhile; a job too heavy to share a run is left to one of its own."""
        found = self._reader.read(connection, MOST_HELD * 2, READ_SECONDS)
        shared = [due for due in found if not self._types.is_alone(due.job_type)]
        for name in self._queues.waiting:
            alone = [
                due.message_id for due in found if due.queue == name and self._types.is_alone(due.job_type)
            ]
            queue.show_now(connection, name, alone)
        self._todo.extend(due.job_id for due in shared)
        if self._bell is not None and shared:
            self._bell.ring()  # there may be more

    def _rest(self, now: float, error: TransientError) -> None:
        self._away_since = self._away_since or now
        if now - self._away_since > PATIENCE_SECONDS:
            raise error
        log.warning("trying again in a second: %s", error)
        self._rest_until = now + 1.0

    def give_back(self) -> None:
        """End the lanes, and let others have what is unfinished; what cannot be told now, recovery finds."""
        for lane in list(self._lanes):
            if (hand := self._close(lane)) is not None:
                self._held.append(hand)
        again = Verdict("again")
        for hand in self._held:
            hand.let_go()
            taken = hand.taken
            result = Result(taken.job_id, self._owner, taken.lease.epoch, again, charged=False)
            self._results.append((result, Outcome(taken.job_id, taken.job_type, "again", 0.0)))
        if self._bell is not None:
            self._bell.close()
        self._selector.close()
        if self._results:
            try:
                with transaction(self._engine) as connection:
                    self._write(connection)
            except TransientError as error:
                log.warning("%d jobs could not be given back now: %s", len(self._results), error)
