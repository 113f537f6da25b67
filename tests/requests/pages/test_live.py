"""Watching a request: told what changes, once a second at most, however many watch and however they leave."""

import asyncio
import json
import threading
import time

import httpx
import pytest
import sqlalchemy as sa

from gamefactory_dagster.arcade.limits import Limits
from gamefactory_dagster.requests import live, request_page, seen
from gamefactory_dagster.requests.live import Ending, Watching
from tests.arcade.conftest import serving

from . import orders
from .conftest import desk


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(live, "ASK_SECONDS", 0.02)


def parsed(chunk):
    """An event's name and what it says; a comment has no name."""
    fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
    return fields.get("event"), json.loads(fields["data"]) if "data" in fields else fields


class Follower:
    """Somebody who watches a request, and whom a test asks for one event after the other."""

    def __init__(self, watching, engine, number, client="10.0.0.1", seconds=60.0):
        with engine.connect() as connection:
            found = seen.seen(connection, number)
        ending = Ending(asyncio.get_running_loop().time() + seconds, lambda: self.leaving)
        self.leaving = False
        self.events = watching.stream(client, found, lambda now: request_page.parts_of(now, {}), ending)

    async def next(self):
        return parsed(await asyncio.wait_for(anext(self.events), 30))

    async def until(self, name):
        while True:
            found, said = await self.next()
            if found == name:
                return said

    async def rest(self):
        return [parsed(chunk)[0] async for chunk in self.events]


def asked_of(engine, counted):
    """Count the statements an engine runs."""

    def count(_connection, _cursor, statement, *_):
        counted.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    return lambda: sa.event.remove(engine, "before_cursor_execute", count)


def test_only_what_changes_is_told_until_the_end(patient, engine):
    number = orders.ask(engine, patient)

    async def run():
        watching = Watching(engine, 8)
        follower = Follower(watching, engine, number)
        assert await follower.next() == (None, {"retry": "3000"})
        name, everything = await follower.next()
        assert (name, len(everything)) == ("parts", 6)
        orders.take_to(engine, number, "phase_2")
        changed = {}
        while "Lantern Hush" not in changed.get(f"r{number}-idea", ""):
            changed |= await follower.until("parts")
        assert f"r{number}-stage" not in changed
        orders.take_to(engine, number, "completed")
        while "completed" not in (await follower.until("parts")).get(f"r{number}-phases", ""):
            pass
        assert (await follower.rest())[-1] == "end"
        assert watching.has_room("10.0.0.1")

    asyncio.run(run())


def test_many_watchers_cost_what_one_does(patient, engine):
    numbers = [orders.ask(engine, patient, prompt=f"owls {one}") for one in range(4)]

    async def run():
        watching = Watching(engine, 64)
        followers = [Follower(watching, engine, numbers[one % 4], f"10.0.0.{one}") for one in range(24)]
        for follower in followers:
            await follower.until("parts")
        waiting = [asyncio.create_task(follower.rest()) for follower in followers]
        counted = []
        stop = asked_of(engine, counted)
        before = time.monotonic()
        while sum("AS mark" in statement for statement in counted) < 20:
            await asyncio.sleep(live.ASK_SECONDS)
        stop()
        assert time.monotonic() - before >= 15 * live.ASK_SECONDS
        assert len(counted) <= 24  # and each request itself once at most
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for follower in followers:
            await follower.events.aclose()
        assert (watching._topics, watching.has_room("10.0.0.1")) == ({}, True)

    asyncio.run(run())


def test_the_database_may_go_away_and_come_back(patient, engine, monkeypatch):
    number = orders.ask(engine, patient)

    async def run():
        follower = Follower(Watching(engine, 8), engine, number)
        await follower.until("parts")
        with monkeypatch.context() as broken:
            broken.setattr(seen, "marks", lambda *_: 1 / 0)
            assert await follower.until("away") == {}
        orders.take_to(engine, number, "phase_1")
        names = [(await follower.next())[0] for _ in range(2)]
        assert sorted(names) == ["back", "parts"]

    asyncio.run(run())


def test_a_silent_stream_lives_and_ends_when_it_is_time(patient, engine, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    number = orders.ask(engine, patient)

    async def run():
        watching = Watching(engine, 8)
        follower = Follower(watching, engine, number)
        await follower.until("parts")
        await follower.until(None)  # its clock may have gone on before
        follower.leaving = True
        assert set(await follower.rest()) <= {None, "parts"}, "nothing has ended but the stream"
        brief = Follower(watching, engine, number, seconds=0.5)
        assert (await brief.rest())[:2] == [None, "parts"]

    asyncio.run(run())


def test_a_request_that_is_deleted_is_over(patient, engine):
    number = orders.ask(engine, patient)

    async def run():
        follower = Follower(Watching(engine, 8), engine, number)
        await follower.until("parts")
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM requests.jobs"))
        assert (await follower.rest())[-1] == "end"

    asyncio.run(run())


def test_over_http_nobody_takes_all_places_and_who_leaves_gives_theirs_back(patient, engine):
    number = orders.ask(engine, patient)
    limits = Limits(watchers=2)
    path = f"/requests/{number}/events"
    with serving(patient, engine, limits, desk(patient, engine, limits)) as arcade:
        assert arcade.raw(path, "HEAD") == (200, b"")
        with httpx.stream("GET", arcade.url + path, timeout=30) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            chunks = answer.iter_raw()
            assert b"event: parts" in next(chunks) + next(chunks)
            refused = arcade.get(path)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        deadline = time.monotonic() + 30
        while True:
            with httpx.stream("GET", arcade.url + path, timeout=30) as answer:
                if answer.status_code == 200:
                    break
            assert time.monotonic() < deadline


def test_a_server_that_stops_does_not_wait_for_watchers(patient, engine):
    number = orders.ask(engine, patient)
    ended = threading.Event()
    with serving(patient, engine, pages=desk(patient, engine)) as arcade:

        def watch():
            with httpx.stream("GET", f"{arcade.url}/requests/{number}/events", timeout=30) as answer:
                begun.set()
                assert b"event: parts" in b"".join(answer.iter_raw())
            ended.set()

        begun = threading.Event()
        threading.Thread(target=watch).start()
        assert begun.wait(30)
        before = time.monotonic()
    assert time.monotonic() - before < 4
    assert ended.wait(30)
