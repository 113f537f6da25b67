"""``gamefactory weights``: what was learned, on the command line."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.terminal import AsJson, choice, percent, say, say_json, show, table

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.table import Table

    from gamefactory_dagster.settings import Settings

    from .weights import Learned, Recomputed


def weights(
    genre: Annotated[str | None, typer.Option(help="Only this genre. [default: all]")] = None,
    anew: Annotated[
        bool, typer.Option("--recompute", help="First learn them anew from the daily metrics.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how well each mechanic does in each genre, the best first; 1.0 is average for the genre.

    New games choose their mechanics by these weights; genres that no family makes are left out. Rates are
    means over the games that have the mechanic.

    A game counts from 100 installs on, once the seventh day of its first players is over.

    Example: gamefactory weights --genre runner --recompute
    """
    from gamefactory_dagster.studio.families import genres

    choice("--genre", genre, genres())

    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    from .frozen import frozen, told
    from .weights import stored

    settings = get_settings()
    engine = ready_engine(settings)
    done = _recomputed(engine, settings) if anew else None
    with transaction(engine) as connection:
        rows = [row for row in stored(connection, genre) if row.genre in genres()]
        standing = frozen(connection)
    if as_json:
        say_json([_as_json(row) for row in rows])
        return
    show(weights_table(rows), "The library has no mechanic for it.")
    for game in standing:
        say(told(game))
    if done is not None:
        say(summary(done))


def _recomputed(engine: "sa.Engine", settings: "Settings") -> "Recomputed":
    from gamefactory_dagster.ledger.accounts import command

    from .weights import recompute

    with command(engine, settings.user, "learning", "weights", recompute=True) as account:
        done = recompute(engine, settings)
        account.numbers |= {"games": done.games, "rows_written": len(done.moves)}
    return done


def weights_table(rows: "list[Learned]") -> "Table":
    """Mechanic and genre with weight, games and their mean rates."""
    numbers = ("weight", "games", "D7", "completion", "ad opt-in")
    untold = not any(row.sample_count for row in rows)
    return table(
        ("mechanic", "genre", *numbers),
        [
            (
                row.mechanic,
                row.genre,
                None if row.weight is None else f"{row.weight:.4f}",
                row.sample_count or 0,
                percent(row.avg_retention_d7),
                percent(row.avg_completion_rate),
                percent(row.avg_ad_opt_in_rate),
            )
            for row in rows
        ],
        numbers=numbers,
        caption="No game has told anything yet: weights are neutral." if untold else None,
    )


def summary(done: "Recomputed") -> str:
    """One line on a recomputation."""
    moved = sum(move.distance > 0 for move in done.moves)
    return f"Games learned from: {done.games}; weights moved: {moved}; rows written: {len(done.moves)}."


def _as_json(row: "Learned") -> dict[str, Any]:
    return {
        "mechanic": row.mechanic,
        "genre": row.genre,
        "weight": row.weight,
        "sample_count": row.sample_count or 0,
        "avg_retention_d7": row.avg_retention_d7,
        "avg_completion_rate": row.avg_completion_rate,
        "avg_ad_opt_in_rate": row.avg_ad_opt_in_rate,
    }
