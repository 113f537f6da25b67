"""Learning in Dagster: the asset ``learning_weights`` and its checks.

What belongs here: turning Dagster's words into ours and back. What does not: any decision, or when it runs:
the nightly job of the metrics takes the group ``learning`` along.
"""

import dagster as dg

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.ledger.defs import told
from gamefactory_dagster.orchestration.defs import (
    RESOURCES,
    RETRIES,
    Factory,
    no_second_try,
    picture,
    table,
)

from .frozen import frozen
from .frozen import told as in_words
from .model import LEAST, MOST
from .plots import weights_chart
from .weights import Learned, Move, pending, recompute, stored

_MOVES_SHOWN = 20


@dg.asset(
    deps=[dg.AssetKey("game_metrics")],
    group_name="learning",
    kinds={"postgres", "numpy"},
    owners=["team:learning"],
    retry_policy=RETRIES,
)
def learning_weights(
    context: dg.AssetExecutionContext, factory: dg.ResourceParam[Factory]
) -> dg.MaterializeResult[None]:
    """How well each mechanic does in each genre: what the next games' mechanics are chosen by.

    One row for each (mechanic, genre) the library allows, from a ridge regression of how games did on their
    mechanics. Learned from scratch every time, so it can be run at any moment and as often as one likes:
    rows that do not change are not written. A game counts from 100 installs on, once the
    seventh day of its first players is over.
    """
    with no_second_try(context), told(context, factory, "learning", "learning_weights") as account:
        done = recompute(factory.engine, factory.settings)
        account.numbers |= {"games": done.games, "rows_written": len(done.moves)}
    with transaction(factory.engine) as connection:
        rows = stored(connection)
    return dg.MaterializeResult(
        metadata={
            "games": done.games,
            "rows": len(rows),
            "rows written": len(done.moves),
            "rows removed": done.removed,
            "moved most": table([_move(move) for move in done.moves[:_MOVES_SHOWN] if move.distance]),
            "weights": picture(weights_chart(rows)),
        }
    )


def _move(move: Move) -> dict[str, object]:
    return {
        "mechanic": move.after.mechanic,
        "genre": move.after.genre,
        "before": _number(move.before),
        "after": _number(move.after),
        "games": move.after.sample_count,
    }


def _number(row: Learned) -> float | None:
    return None if row.weight is None else float(row.weight)


@dg.asset_check(asset=learning_weights)
def a_weight_for_every_pair(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """Every (mechanic, genre) the library allows has a row, and its weight is from 0.1 to 9.9999."""
    with transaction(factory.engine) as connection:
        wrong = [row for row in stored(connection) if row.weight is None or not LEAST <= row.weight <= MOST]
    return dg.AssetCheckResult(
        passed=not wrong,
        description="; ".join(map(_told, wrong[:_MOVES_SHOWN])) or "all there and in range",
    )


def _told(row: Learned) -> str:
    return f"{row.mechanic} in {row.genre}: {'no row' if row.weight is None else row.weight}"


@dg.asset_check(asset=learning_weights)
def weights_follow_the_metrics(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """Learning from the metrics as they are changes nothing: no weight is stale or written by hand."""
    with transaction(factory.engine) as connection:
        games, moves = pending(connection, factory.settings)
    return dg.AssetCheckResult(
        passed=not moves,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"rows that differ from what games say: {len(moves)}; games learned from: {games}",
        metadata={"would change": table([_move(move) for move in moves[:_MOVES_SHOWN]])},
    )


@dg.asset_check(asset=learning_weights)
def no_game_stands_still(factory: dg.ResourceParam[Factory]) -> dg.AssetCheckResult:
    """No game was flooded with implausible events; one that was is learned from no further."""
    with transaction(factory.engine) as connection:
        games = frozen(connection)
    return dg.AssetCheckResult(
        passed=not games,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(map(in_words, games[:_MOVES_SHOWN])) or "all games are learned from",
    )


defs = dg.Definitions(
    assets=[learning_weights],
    asset_checks=[a_weight_for_every_pair, weights_follow_the_metrics, no_game_stands_still],
    resources=RESOURCES,
)
