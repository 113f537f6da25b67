"""Replays, each fetched once, whoever asks for it and however many at the same time.

What belongs here: ``scraped_data``, the one place that knows what was fetched. What does not: where replays
come from (``sources/``), where they are kept (``raw.py``), and which of them a job asks for.
"""

import asyncio

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gamefactory_dagster.database import locks
from gamefactory_dagster.database.engine import alone_standing
from gamefactory_dagster.database.tables.replays import ScrapedData

from .links import Link
from .raw import RawReplays
from .sources.errors import BusyError, NotAReplayError, NotThereError, TooLargeError
from .sources.source import Source

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 1.0
"""Seconds before somebody who waits looks again; each pause is half as long again as the last one."""

PATIENCE = 300.0
"""Seconds to wait for others who fetch the same replay: some try in vain, one after the other."""


async def content(engine: AsyncEngine, raw: RawReplays, source: Source, link: Link) -> bytes:
    """Give a replay file: as it was kept, or from ``source``, and then it is kept.

    One at a time fetches a replay, over all processes; others look again from time to time, without a
    connection, and find it, or have their own try where that one failed or died. A failure is not remembered.
    One connection of ``engine`` is held while fetching, and no transaction.

    Raises what a source may (``sources/errors.py``), and TransientError for the database and the store.
    """
    until = asyncio.get_running_loop().time() + PATIENCE
    pause = FIRST_PAUSE
    while True:
        async with alone_standing(engine) as connection:
            if (kept := await _kept(connection, raw, link)) is not None:
                return kept
            async with locks.alone(connection, f"replay {link.url}") as mine:
                if mine:
                    return await _fetch(connection, raw, source, link)
        if asyncio.get_running_loop().time() + pause > until:
            raise BusyError(f"replay {link.id} is being fetched by others for {PATIENCE:g} s")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


async def _fetch(connection: AsyncConnection, raw: RawReplays, source: Source, link: Link) -> bytes:
    """Fetch and keep it, unless somebody did just before; the row is last, so that it never promises."""
    if (kept := await _kept(connection, raw, link)) is not None:
        return kept
    fetched = await source.fetch(link)
    await raw.put(link, fetched)
    row = insert(ScrapedData).values(url=link.url, s3_key=raw.key(link))
    again = {"s3_key": row.excluded.s3_key, "updated_at": sa.func.clock_timestamp()}
    await connection.execute(row.on_conflict_do_update(index_elements=[ScrapedData.url], set_=again))
    return fetched


async def _kept(connection: AsyncConnection, raw: RawReplays, link: Link) -> bytes | None:
    """What is kept; None for one never fetched, gone or damaged. Uses scraped_data_url_idx."""
    known = sa.select(sa.true()).where(ScrapedData.url == link.url)
    if await connection.scalar(known) is None:
        return None
    try:
        return await raw.get(link)
    except (NotThereError, NotAReplayError, TooLargeError):
        return None
