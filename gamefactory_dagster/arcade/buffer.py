"""Group commit: what many requests brought is stored together, and each is answered once it is safe.

What belongs here: who waits, when to flush, and handing every waiter its own answer. What does not: what the
items are and how they are stored (``collector.py``).
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from .limits import Shares

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    size: int
    client: str
    answer: asyncio.Future[Result]


class Buffer(Generic[Item, Result]):
    """Items on their way into the database. For one event loop, which need not run yet.

    One flush at a time, in a thread: each client's items in their order, clients in turn. An item that comes
    alone is flushed at once; those that come during a flush go together with the next. After a flush of
    several, company is likely: the next one waits until ``flush_size`` has gathered or ``flush_seconds`` have
    passed.

    ``store`` takes the items of a flush and gives, in their order, each one's result or the error to raise
    for it; an error it raises itself is everybody's. ``capacity``: items that may wait, not counting those
    being stored, shared among clients. ``flush_size``: most of a flush, in the unit of ``add``; a larger item
    goes alone.
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
        self._places = Shares(capacity)
        self._flush_size = flush_size
        self._flush_seconds = flush_seconds
        self._waiting: OrderedDict[str, deque[_Waiting[Item, Result]]] = OrderedDict()
        self._size = 0
        self._enough = asyncio.Event()
        self._flusher: asyncio.Task[None] | None = None

    def room(self, client: str) -> bool:
        """Whether one more of the client's may wait."""
        return self._places.room(client)

    async def add(self, item: Item, size: int, client: str) -> Result:
        """Wait until the item is stored; returns its result or raises its error.

        Raises asyncio.QueueFull when the client has as many waiting as places are left.
        """
        if not self._places.take(client):
            raise asyncio.QueueFull
        answer = asyncio.get_running_loop().create_future()
        waiting = _Waiting[Item, Result](item, size, client, answer)
        self._waiting.setdefault(client, deque()).append(waiting)
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
        """The next flush, one of each client in turn: who comes new does not wait for all of another's."""
        taken: list[_Waiting[Item, Result]] = []
        size = 0
        while self._waiting:
            client, line = next(iter(self._waiting.items()))
            if taken and size + line[0].size > self._flush_size:
                break
            taken.append(line.popleft())
            size += taken[-1].size
            self._waiting.move_to_end(client)
            if not line:
                del self._waiting[client]
        self._size -= size
        for one in taken:
            self._places.give_back(one.client)
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
