"""What working at replays needs, put together; and reading one of them.

What belongs here: the database on its async side, what was fetched, where from, and where reports go. What
does not: which replays (``working.py``).
"""

import asyncio
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from gamefactory_dagster.ledger.recording import Made
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.artifacts import ArtifactStore

from .fetching import content
from .links import read_link
from .parsing import parse
from .raw import RawReplays
from .records import Replay
from .results import Report
from .sources.source import Source, chosen

KIND = "replay_reports"
"""Under which reports are in the artifact store."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What working at replays needs."""

    engine: AsyncEngine
    raw: RawReplays
    source: Source
    artifacts: ArtifactStore
    known: dict[str, Replay] = field(default_factory=dict, compare=False)
    """By link, what was read at this desk: of one job, some kB each."""

    async def read(self, url: str) -> Replay:
        """Fetch a replay, unless it was, and read it.

        Raises what ``content`` does, and ReplayError for one that is none.
        """
        if url not in self.known:
            found = await content(self.engine, self.raw, self.source, read_link(url))
            self.known[url] = await asyncio.to_thread(parse, found)
        return self.known[url]

    def keep(self, report: Report) -> Made:
        """Put a report into the artifact store; the same one twice is one file."""
        written = report.as_json()
        stored = self.artifacts.put(KIND, written, ".json")
        return Made.of(written, "report", stored.url, "application/json", replays=report.replays)

    @classmethod
    def of(cls, engine: AsyncEngine, settings: Settings, place: str | None = None) -> Self:
        """Choose source and stores; ``place`` as in ``chosen``, which says what is raised."""
        raw = RawReplays(settings.artifacts)
        return cls(engine, raw, chosen(settings, raw, place), ArtifactStore(settings.artifacts))
