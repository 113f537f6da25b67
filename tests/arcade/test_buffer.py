"""The buffer by itself: who is flushed with whom, when, and that everybody gets their own answer."""

import asyncio
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.arcade.buffer import Buffer

LONG = 30.0
"""Seconds a test would hang if it waited for the time to run out."""


class Store:
    """Gives every item back, as a result or as the error it is; waits for ``go`` first."""

    def __init__(self):
        self.flushes = []
        self.go = threading.Event()
        self.go.set()
        self.flushing = threading.Event()

    def __call__(self, items):
        self.flushes.append(items)
        self.flushing.set()
        assert self.go.wait(LONG)
        return items


def buffer(store, capacity=200, flush_size=100, flush_seconds=LONG):
    return Buffer(store, capacity=capacity, flush_size=flush_size, flush_seconds=flush_seconds)


async def while_flushing(store, gathered, first, *others, client="x"):
    """Add ``first``, and the others while it is being flushed; gives the tasks."""
    store.go.clear()
    tasks = [asyncio.create_task(gathered.add(*first, client))]
    await asyncio.to_thread(store.flushing.wait, LONG)
    tasks += [asyncio.create_task(gathered.add(*other, client)) for other in others]
    await asyncio.sleep(0)
    store.go.set()
    return tasks


def test_who_comes_alone_is_flushed_at_once():
    async def run():
        store = Store()
        gathered = buffer(store)
        async with asyncio.timeout(LONG / 2):
            assert [await gathered.add(name, 1, "x") for name in "abc"] == ["a", "b", "c"]
        assert store.flushes == [["a"], ["b"], ["c"]]

    asyncio.run(run())


def test_those_who_come_during_a_flush_go_together():
    async def run():
        store = Store()
        tasks = await while_flushing(store, buffer(store), ("a", 1), ("b", 1), ("c", 1))
        assert await asyncio.gather(*tasks) == ["a", "b", "c"]
        assert store.flushes == [["a"], ["b", "c"]]

    asyncio.run(run())


def test_after_company_the_next_flush_waits_for_the_time():
    async def run():
        store = Store()
        gathered = buffer(store, flush_seconds=0.2)
        await asyncio.gather(*await while_flushing(store, gathered, ("a", 1), ("b", 1), ("c", 1)))
        late = asyncio.create_task(gathered.add("d", 1, "x"))
        await asyncio.sleep(0.05)
        later = asyncio.create_task(gathered.add("e", 1, "x"))
        assert await asyncio.gather(late, later) == ["d", "e"]
        assert store.flushes[2:] == [["d", "e"]]

    asyncio.run(run())


def test_a_full_flush_does_not_wait_for_the_time():
    async def run():
        store = Store()
        gathered = buffer(store, flush_size=4)
        await asyncio.gather(*await while_flushing(store, gathered, ("a", 1), ("b", 1), ("c", 1)))
        async with asyncio.timeout(LONG / 2):
            assert await asyncio.gather(gathered.add("d", 3, "x"), gathered.add("e", 1, "x")) == ["d", "e"]
        assert store.flushes[2:] == [["d", "e"]]

    asyncio.run(run())


def test_a_client_waits_for_no_more_than_is_left_for_others():
    async def run():
        store = Store()
        gathered = buffer(store, capacity=4)
        tasks = await while_flushing(store, gathered, ("a", 1), ("b", 1), ("c", 1))
        assert not gathered.room("x")
        with pytest.raises(asyncio.QueueFull):
            await gathered.add("d", 1, "x")
        tasks.append(asyncio.create_task(gathered.add("e", 1, "y")))
        await asyncio.sleep(0)
        assert not gathered.room("y")
        assert await asyncio.gather(*tasks) == ["a", "b", "c", "e"]
        assert gathered.room("x")

    asyncio.run(run())


def test_clients_take_turns():
    async def run():
        store = Store()
        gathered = buffer(store, flush_size=3, flush_seconds=0.01)
        tasks = await while_flushing(store, gathered, ("a", 1), *((name, 1) for name in "bcdef"))
        tasks.append(asyncio.create_task(gathered.add("new", 1, "y")))
        assert await asyncio.gather(*tasks) == [*"abcdef", "new"]
        assert store.flushes == [["a"], ["b", "new", "c"], ["d", "e", "f"]]

    asyncio.run(run())


def test_an_error_is_for_the_one_it_was_given_for():
    async def run():
        store = Store()
        wrong = ValueError("b")
        tasks = await while_flushing(store, buffer(store), ("a", 1), (wrong, 1), ("c", 1))
        assert await asyncio.gather(*tasks, return_exceptions=True) == ["a", wrong, "c"]

    asyncio.run(run())


def test_an_error_of_the_flush_is_everybodys_and_the_next_goes_on():
    async def run():
        def store(items):
            if "bad" in items:
                raise OSError("gone")
            return items

        gathered = buffer(store, flush_seconds=0.01)
        answers = await asyncio.gather(
            *(gathered.add(name, 1, "x") for name in ("bad", "worse")), return_exceptions=True
        )
        assert [str(answer) for answer in answers] == ["gone", "gone"]
        assert await gathered.add("good", 1, "x") == "good"

    asyncio.run(run())


def test_a_request_that_was_given_up_leaves_its_neighbours_their_answers():
    async def run():
        store = Store()
        tasks = await while_flushing(store, buffer(store), ("a", 1), ("b", 1), ("c", 1))
        tasks[1].cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert (answers[0], answers[2]) == ("a", "c")
        assert isinstance(answers[1], asyncio.CancelledError)

    asyncio.run(run())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 8), max_size=30), st.integers(1, 10))
def test_everything_is_flushed_once_in_order_and_never_too_much(sizes, flush_size):
    async def run():
        store = Store()
        gathered = buffer(store, flush_size=flush_size, flush_seconds=0.001)
        answers = await asyncio.gather(*(gathered.add(item, item[1], "x") for item in enumerate(sizes)))
        assert answers == list(enumerate(sizes))
        assert [item for flush in store.flushes for item in flush] == answers
        assert all(len(flush) == 1 or sum(size for _, size in flush) <= flush_size for flush in store.flushes)

    asyncio.run(run())
