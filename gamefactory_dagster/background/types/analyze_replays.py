"""Analysing replays of card-game matches; the place is kept until there is an analysis to ask."""

from typing import Any

from gamefactory_dagster.background.kinds import Kind, Nothing, Work
from gamefactory_dagster.errors import PermanentError

CLOSED = "replay analysis is not part of this version; no such job is taken yet"


def run(work: Work, given: Nothing) -> dict[str, Any]:
    """Refuse."""
    raise PermanentError(CLOSED)


KIND = Kind(
    "analyze_replays",
    Nothing,
    run,
    "Analyses replays of card-game matches. Not in this version.",
    closed=CLOSED,
)
