"""Learning the weights of mechanics anew, as the nightly asset does."""

import logging
from typing import Any

from gamefactory_dagster.background.kinds import Kind, Nothing, Work

log = logging.getLogger(__name__)


def run(work: Work, given: Nothing) -> dict[str, Any]:
    """Learn them from ``game_metrics``; how many games that was from, and how many rows changed."""
    from gamefactory_dagster.learning.weights import recompute

    done = recompute(work.engine, work.settings)
    for move in done.moves:
        log.info(
            "%s in %s: %s -> %s", move.after.mechanic, move.after.genre, move.before.weight, move.after.weight
        )
    return {"games": done.games, "rows_written": len(done.moves), "rows_removed": done.removed}


KIND = Kind(
    "recompute_weights",
    Nothing,
    run,
    "Learns the weights of mechanics anew from the games' metrics.",
    timeout=600,
    memory_mb=1024,
)
