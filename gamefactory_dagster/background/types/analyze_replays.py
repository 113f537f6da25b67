"""Analysing replays of card-game matches, as one job without a person in between."""

import asyncio
import logging
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, field_validator

from gamefactory_dagster.background.kinds import Kind, Parameters, Work
from gamefactory_dagster.errors import InputError

if TYPE_CHECKING:
    from gamefactory_dagster.ledger.recording import Made
    from gamefactory_dagster.replays.results import Report

log = logging.getLogger(__name__)

_Name = Annotated[str, Field(min_length=1, max_length=100)]


class AnalyzeReplays(Parameters):
    """Which matches, and whom the report is about."""

    links: tuple[str, ...] = Field(min_length=1, max_length=100)
    """Such as https://www.duelingbook.com/replay?id=123456."""
    players: tuple[_Name, ...] = Field(default=(), max_length=20)
    """Default: whoever is in most of them."""
    team: _Name | None = None
    """What these players are called together."""

    @field_validator("links")
    @classmethod
    def _canonical(cls, links: tuple[str, ...]) -> tuple[str, ...]:
        from gamefactory_dagster.replays.links import canonical

        try:
            return tuple(dict.fromkeys(map(canonical, links)))
        except InputError as error:
            raise ValueError(error.expected) from None


def run(work: Work, given: AnalyzeReplays) -> dict[str, Any]:
    """Fetch what was not, and put the report into the artifact store; same matches, same file."""
    report, made = asyncio.run(_report(work, given))
    work.made.append(made)
    for one in report.unread:
        log.warning("%s: %s", one.source, one.text)
    return {
        "url": made.url,
        "sha256": made.sha256,
        "size": made.size,
        "replays": report.replays,
        "unread": len(report.unread),
        "players": [player.name for player in report.players],
    }


async def _report(work: Work, given: AnalyzeReplays) -> "tuple[Report, Made]":
    from gamefactory_dagster.database.engine import connected
    from gamefactory_dagster.replays.desk import Desk
    from gamefactory_dagster.replays.reporting import report_of

    async with connected(work.settings) as engine:
        desk = Desk.of(engine, work.settings)
        report = await report_of(desk, given.links, given.players, team=given.team)
        return report, desk.keep(report)


KIND = Kind(
    "analyze_replays",
    AnalyzeReplays,
    run,
    "Analyses recorded card-game matches; the report goes into the artifact store.",
    example={"links": ["https://www.duelingbook.com/replay?id=915111432"]},
    timeout=900,
    memory_mb=1024,
)
