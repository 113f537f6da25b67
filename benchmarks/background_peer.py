"""The same jobs by procrastinate or pgqueuer, each as its documentation has it. Run by the peer's own Python.

What belongs here: nothing that needs more than the standard library and the peer. Usage: the file, the peer's
name, the database's address; then lines on standard input: "enter COUNT BATCH" and "complete CONCURRENCY".
Each is answered by a line of JSON with seconds on the clock and of this process' processors.
"""

import asyncio
import hashlib
import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable


def digest(text: str) -> str:
    """The work."""
    return hashlib.sha256(text.encode()).hexdigest()


async def procrastinate_at(address: str, listen: "Listen") -> None:
    """A task, deferred one by one or in batches; a worker that ends when it has caught up."""
    import procrastinate  # noqa: PLC0415

    logging.getLogger("procrastinate").setLevel(logging.ERROR)  # where the app stands is no matter here

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @app.task(name="digest")
    async def task(text: str) -> str:
        return digest(text)

    async def enter(texts: list[str]) -> None:
        if len(texts) == 1:
            await task.defer_async(text=texts[0])
        else:
            await task.batch_defer_async(*({"text": text} for text in texts))

    async def complete(concurrency: int) -> None:
        await app.run_worker_async(wait=False, concurrency=concurrency, install_signal_handlers=False)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await listen(enter, complete)


async def pgqueuer_at(address: str, listen: "Listen") -> None:
    """An entrypoint; a worker that ends when the queue is empty. Its documentation prefers asyncpg."""
    import asyncpg  # noqa: PLC0415
    from pgqueuer import PgQueuer  # noqa: PLC0415
    from pgqueuer.db import AsyncpgPoolDriver  # noqa: PLC0415
    from pgqueuer.queries import Queries  # noqa: PLC0415
    from pgqueuer.types import QueueExecutionMode  # noqa: PLC0415

    async with asyncpg.create_pool(address, min_size=2, max_size=8) as pool:
        driver = AsyncpgPoolDriver(pool)
        queries = Queries(driver)
        await queries.install()

        async def enter(texts: list[str]) -> None:
            await queries.enqueue(
                ["digest"] * len(texts), [text.encode() for text in texts], [0] * len(texts)
            )

        async def complete(concurrency: int) -> None:
            worker = PgQueuer(driver)

            @worker.entrypoint("digest")
            async def task(job: object) -> None:
                digest(job.payload.decode())  # type: ignore[attr-defined]

            await worker.run(batch_size=concurrency, mode=QueueExecutionMode.drain)

        await listen(enter, complete)


Enter = Callable[[list[str]], Awaitable[None]]
Complete = Callable[[int], Awaitable[None]]
Listen = Callable[[Enter, Complete], Awaitable[None]]

PEERS = {"procrastinate": procrastinate_at, "pgqueuer": pgqueuer_at}


async def listen(enter: Enter, complete: Complete) -> None:
    """Do what standard input says, and answer with what it took."""
    for line in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        match line.split():
            case ["enter", count, batch]:
                texts = [f"text number {number}" for number in range(int(count))]
                for at in range(0, len(texts), int(batch)):
                    await enter(texts[at : at + int(batch)])
            case ["complete", concurrency]:
                await complete(int(concurrency))
        took = {"wall": time.perf_counter() - began, "cpu": time.process_time() - used}
        sys.stdout.write(json.dumps(took) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(PEERS[sys.argv[1]](sys.argv[2], listen))
