"""A replay is fetched once, whoever asks: many tasks, many processes, one that dies, one that fails."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from upath import UPath

from gamefactory_dagster.database.engine import get_async_engine
from gamefactory_dagster.database.tables.replays import ScrapedData
from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.replays import fetching
from gamefactory_dagster.replays.fetching import content
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.raw import RawReplays
from gamefactory_dagster.replays.sources.errors import BrokenOffError, NotThereError
from gamefactory_dagster.replays.sources.http import HttpSource
from gamefactory_dagster.settings import CHECKOUT, Settings

from .endpoint import REPLAY, Asked, Endpoint, answering, hang, in_turn, whole

LINK = Link(7)

HOLDERS = """
SELECT pid, state FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND datname = current_database()
"""
"""Whose session holds a lock of this kind in this database."""

ELSEWHERE = """
import asyncio, os, sys
from gamefactory_dagster.database.engine import get_async_engine
from gamefactory_dagster.replays.fetching import content
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.raw import RawReplays
from gamefactory_dagster.replays.sources.source import chosen
from gamefactory_dagster.replays.sources.http import HttpSource
from gamefactory_dagster.settings import get_settings

async def run():
    settings = get_settings()
    raw = RawReplays(settings.artifacts)
    engine = get_async_engine(settings)
    print("asks", flush=True)
    print(len(await content(engine, raw, chosen(settings, raw), Link(7))), flush=True)
    await engine.dispose()

for _ in range(1, int(sys.argv[1])):
    if os.fork() == 0:
        break
asyncio.run(run())
"""
"""So many processes that ask for the same replay, as the settings say; to import all of it takes a while."""


@dataclass
class Desk:
    """One process that asks; two connections at most."""

    engine: AsyncEngine
    raw: RawReplays
    settings: Settings

    async def ask(self, source: Any) -> bytes:
        return await content(self.engine, self.raw, source, LINK)

    async def rows(self) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(sa.select(*ScrapedData.__table__.c))).all())

    async def elsewhere(self, endpoint: Endpoint, count: int = 1) -> asyncio.subprocess.Process:
        """Other processes that have begun to ask; the first of them."""
        environment = {
            "DATABASE_URL": str(self.settings.database_url),
            "GAMEFACTORY_HOME": str(self.settings.home),
            "GAMEFACTORY_REPLAYS": endpoint.url,
        }
        command = (sys.executable, "-c", ELSEWHERE, str(count))
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, env=environment, cwd=CHECKOUT
        )
        assert process.stdout is not None
        assert [await process.stdout.readline() for _ in range(count)] == [b"asks\n"] * count
        return process


def run(settings: Settings, told: Callable[[Desk], Awaitable[None]]) -> None:
    async def within() -> None:
        engine = get_async_engine(settings)
        try:
            await told(Desk(engine, RawReplays(settings.artifacts), settings))
        finally:
            await engine.dispose()

    asyncio.run(within())


@dataclass
class Slow:
    """A source that is asked, says so, and answers when it may: by turns, or the last one again."""

    answers: list[bytes | Exception] = field(default_factory=lambda: [REPLAY])
    asked: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, link: Link) -> bytes:
        self.asked += 1
        self.begun.set()
        await self.may.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_fifty_tasks_and_three_processes_at_once_ask_the_endpoint_once(settings: Settings) -> None:
    may = asyncio.Event()

    async def answer(asked: Asked) -> None:
        await may.wait()
        await asked.send(whole())

    async def told(desk: Desk) -> None:
        async with answering(answer) as endpoint:
            source = HttpSource(endpoint.url, seconds=120, silence=120)
            tasks = [asyncio.create_task(desk.ask(source)) for _ in range(50)]
            others = await desk.elsewhere(endpoint, count=3)
            may.set()
            assert await asyncio.gather(*tasks) == [REPLAY] * 50
            said, _ = await others.communicate()
            assert said == b"%d\n" % len(REPLAY) * 3
            assert endpoint.paths == ["/replays/7"]
        [row] = await desk.rows()
        assert (row.url, row.s3_key) == (LINK.url, "replays/7_replay.json")
        assert UPath(f"{desk.settings.artifacts}/{row.s3_key}").read_bytes() == REPLAY

    run(settings, told)


@pytest.mark.faults
def test_when_who_fetches_is_killed_another_goes_on(settings: Settings) -> None:
    async def told(desk: Desk) -> None:
        async with answering(in_turn(hang, lambda asked: asked.send(whole()))) as endpoint:
            process = await desk.elsewhere(endpoint)
            while not endpoint.asked:
                await asyncio.sleep(0.05)
            source = Slow()
            source.may.set()
            waiting = asyncio.create_task(desk.ask(source))
            await asyncio.wait([waiting], timeout=0.5)
            assert (waiting.done(), source.asked) == (False, 0)
            process.kill()
            assert await waiting == REPLAY
            assert (source.asked, len(await desk.rows())) == (1, 1)
            await process.wait()

    run(settings, told)


def test_who_is_stopped_while_fetching_lets_another_go_on(settings: Settings) -> None:
    async def told(desk: Desk) -> None:
        first, second = Slow(), Slow()
        second.may.set()
        stopped = asyncio.create_task(desk.ask(first))
        await first.begun.wait()
        waiting = asyncio.create_task(desk.ask(second))
        await asyncio.wait([waiting], timeout=0.3)
        assert second.asked == 0
        stopped.cancel()
        assert await waiting == REPLAY
        assert (first.asked, second.asked, len(await desk.rows())) == (1, 1, 1)

    run(settings, told)


def test_who_looked_just_before_it_was_kept_looks_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def told(desk: Desk) -> None:
        source, look, looks = Slow(), fetching._kept, []
        source.may.set()

        async def kept_meanwhile(connection: AsyncConnection, raw: RawReplays, link: Link) -> bytes | None:
            found = await look(connection, raw, link)
            looks.append(found)
            if len(looks) == 1:
                await desk.ask(source)
            return found

        monkeypatch.setattr(fetching, "_kept", kept_meanwhile)
        assert await desk.ask(source) == REPLAY
        assert (source.asked, looks[0]) == (1, None)

    run(settings, told)


@pytest.mark.parametrize("left", [None, b"<html>"], ids=["gone", "damaged"])
def test_what_is_no_longer_readable_is_fetched_anew(settings: Settings, left: bytes | None) -> None:
    async def told(desk: Desk) -> None:
        source = Slow([REPLAY, REPLAY + b" "])
        source.may.set()
        assert [await desk.ask(source), await desk.ask(source)] == [REPLAY] * 2
        [before] = await desk.rows()
        kept = UPath(desk.raw.url(LINK))
        kept.unlink() if left is None else kept.write_bytes(left)
        assert [await desk.ask(source), await desk.ask(source)] == [REPLAY + b" "] * 2
        [after] = await desk.rows()
        assert (source.asked, after.id) == (2, before.id)
        assert after.updated_at > before.updated_at

    run(settings, told)


def test_a_failure_is_not_remembered_and_each_who_waits_has_a_try(settings: Settings) -> None:
    async def told(desk: Desk) -> None:
        source = Slow([NotThereError("gone"), BrokenOffError("away"), REPLAY])
        tasks = [asyncio.create_task(desk.ask(source)) for _ in range(4)]
        await source.begun.wait()
        assert await desk.rows() == []
        source.may.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert sorted(map(str, found)) == sorted(["gone", "away", str(REPLAY), str(REPLAY)])
        assert (source.asked, len(await desk.rows())) == (3, 1)

    run(settings, told)


def test_nothing_is_known_that_could_not_be_stored(settings: Settings) -> None:
    async def told(desk: Desk) -> None:
        source = Slow()
        source.may.set()
        folder = Path(settings.home) / "artifacts" / "replays"
        folder.parent.mkdir(parents=True)
        folder.write_bytes(b"no folder")
        with pytest.raises(TransientError, match="could not be stored"):
            await desk.ask(source)
        assert await desk.rows() == []
        folder.unlink()
        assert await desk.ask(source) == REPLAY

    run(settings, told)


def test_a_connection_lost_while_fetching_is_a_passing_failure(settings: Settings, engine: sa.Engine) -> None:
    async def told(desk: Desk) -> None:
        source = Slow([NotThereError("gone"), REPLAY])
        for _ in range(2):
            source.begun.clear()
            source.may.clear()
            asking = asyncio.create_task(desk.ask(source))
            await source.begun.wait()
            with engine.begin() as connection:
                ended = f"SELECT pg_terminate_backend(pid, 9999) FROM ({HOLDERS}) AS holders"
                assert list(connection.scalars(sa.text(ended))) == [True]
            source.may.set()
            with pytest.raises(TransientError):
                await asking
        assert await desk.ask(source) == REPLAY
        assert (source.asked, len(await desk.rows())) == (3, 1)

    run(settings, told)


def test_nobody_waits_for_ever_for_others(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def told(desk: Desk) -> None:
        source = Slow()
        first = asyncio.create_task(desk.ask(source))
        await source.begun.wait()
        monkeypatch.setattr(fetching, "PATIENCE", 0.3)
        with pytest.raises(TransientError, match=r"replay 7 is being fetched by others for 0\.3 s"):
            await desk.ask(source)
        source.may.set()
        assert await first == REPLAY

    run(settings, told)


def test_no_transaction_is_open_while_something_is_fetched(settings: Settings, engine: sa.Engine) -> None:
    async def told(desk: Desk) -> None:
        source = Slow()
        first = asyncio.create_task(desk.ask(source))
        await source.begun.wait()
        with engine.connect() as connection:
            assert list(connection.execute(sa.text(HOLDERS)).mappings()) == [{"pid": ANY, "state": "idle"}]
        source.may.set()
        await first
        with engine.connect() as connection:
            assert connection.execute(sa.text(HOLDERS)).all() == []

    run(settings, told)
