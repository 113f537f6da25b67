"""Learning the weights of mechanics anew, as the nightly asset does."""

from typing import Any

from gamefactory_dagster.background.kinds import Kind, Nothing, Work


def run(work: Work, given: Nothing) -> dict[str, Any]:
    """Learn them from ``game_metrics``; how many games that was from, and how many rows changed."""
    from gamefactory_dagster.learning.weights import recompute

    done = recompute(work.engine, work.settings)
    for move in done.moves:
        print(f"{move.after.mechanic} in {move.after.genre}: {move.before.weight} -> {move.after.weight}")  # noqa: T201
    return {"games": done.games, "rows_written": len(done.moves), "rows_removed": done.removed}


KIND = Kind(
    "recompute_weights",
    Nothing,
    run,
    "Learns the weights of mechanics anew from the games' metrics.",
    timeout=600,
    memory_mb=1024,
)
