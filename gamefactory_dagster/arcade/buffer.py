"""Group commit: what many requests brought is stored together, and each is answered once it is safe.

What belongs here: who waits, when to flush, and handing every waiter its own answer. What does not: what the
items are and how they are stored (``collector.py``).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    size: int
    answer: asyncio.Future[Result]


class Buffer(Generic[Item, Result]):
    """Items on their way into the database. For one event loop, which need not run yet.

    One flush at a time, in a thread. An item that comes alone is flushed at once; those that come during a
    flush go together with the next. After a flush of several, company is likely: the next one waits until
    ``flush_size`` has gathered or ``flush_seconds`` have passed.

    ``store`` takes the items of a flush and gives, in their order, each one's result or the error to raise
    for it; an error it raises itself is everybody's. ``capacity``: items that may wait, not counting those
    being stored. ``flush_size``: most of a flush, in the unit of ``add``; a larger item goes alone.
    """

    def __init__(
        self,
        store: Callable[[list[Item]], Sequence[Result | Exception]],
        *,
        capacity: int,
        flush_size: int,
        flush_seconds: float,
    ) -> None:
        self._store = store
        self._capacity = capacity
        self._flush_size = flush_size
        self._flush_seconds = flush_seconds
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._size = 0
        self._enough = asyncio.Event()
        self._flusher: asyncio.Task[None] | None = None

    @property
    def full(self) -> bool:
        """Whether one more has to be refused."""
        return len(self._waiting) >= self._capacity

    async def add(self, item: Item, size: int) -> Result:
        """Wait until the item is stored; returns its result or raises its error.

        Raises asyncio.QueueFull when the buffer is full.
        """
        if self.full:
            raise asyncio.QueueFull
        waiting = _Waiting[Item, Result](item, size, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._size += size
        if self._size >= self._flush_size:
            self._enough.set()
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush_until_empty())
        return await waiting.answer

    async def _flush_until_empty(self) -> None:
        try:
            while self._waiting:
                taken = self._take()
                await self._flush(taken)
                if len(taken) > 1:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._enough.wait(), self._flush_seconds)
        finally:
            self._flusher = None

    def _take(self) -> list[_Waiting[Item, Result]]:
        taken = [self._waiting.popleft()]
        size = taken[0].size
        while self._waiting and size + self._waiting[0].size <= self._flush_size:
            taken.append(self._waiting.popleft())
            size += taken[-1].size
        self._size -= size
        if self._size < self._flush_size:
            self._enough.clear()
        return taken

    async def _flush(self, taken: list[_Waiting[Item, Result]]) -> None:
        results: Sequence[Result | Exception]
        try:
            results = await asyncio.to_thread(self._store, [one.item for one in taken])
        except Exception as error:
            results = [error] * len(taken)
        for one, result in zip(taken, results, strict=True):
            if one.answer.done():
                continue  # its request was given up meanwhile
            if isinstance(result, Exception):
                one.answer.set_exception(result)
            else:
                one.answer.set_result(result)
