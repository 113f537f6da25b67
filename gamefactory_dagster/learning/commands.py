"""``gamefactory weights``: what was learned, on the command line."""

import json
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import get_settings

from .weights import Learned, Recomputed, recompute, stored

PLAIN_WIDTH = 100
"""Columns when the output is no terminal: the table must not fold in a log."""


def weights(
    genre: Annotated[str | None, typer.Option(help="Only this genre. [default: all]")] = None,
    anew: Annotated[
        bool, typer.Option("--recompute", help="First learn them anew from the daily metrics.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")
    ] = False,
) -> None:
    """Show how well each mechanic does in each genre, the best first; 1.0 is average for the genre.

    New games choose their mechanics by these weights. Rates are means over the games that have the mechanic.

    A game counts from 100 installs on, once the seventh day of its first players is over.

    Example: gamefactory weights --genre runner --recompute
    """
    settings = get_settings()
    engine = ready_engine(settings)
    with transaction(engine) as connection:
        genres = sorted({row.genre for row in stored(connection)})
    if genre is not None and genre not in genres:
        raise InputError("--genre", genre, f"one of {', '.join(genres)}")
    done = recompute(engine, settings) if anew else None
    with transaction(engine) as connection:
        rows = stored(connection, genre)
    if as_json:
        typer.echo(json.dumps([_as_json(row) for row in rows], indent=2))
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    console.print(weights_table(rows))
    if done is not None:
        console.print(summary(done))


def weights_table(rows: list[Learned]) -> Table:
    """Mechanic and genre with weight, games and their mean rates."""
    untold = not any(row.sample_count for row in rows)
    table = Table(caption="No game has told anything yet: weights are neutral." if untold else None)
    table.add_column("mechanic", overflow="fold")
    table.add_column("genre", overflow="fold")
    for column in ("weight", "games", "D7", "completion", "ad opt-in"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(
            row.mechanic,
            row.genre,
            "-" if row.weight is None else f"{row.weight:.4f}",
            str(row.sample_count or 0),
            _percent(row.avg_retention_d7),
            _percent(row.avg_completion_rate),
            _percent(row.avg_ad_opt_in_rate),
        )
    return table


def summary(done: Recomputed) -> str:
    """One line on a recomputation."""
    moved = sum(move.distance > 0 for move in done.moves)
    return f"Games learned from: {done.games}; weights moved: {moved}; rows written: {len(done.moves)}."


def _percent(rate: Decimal | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def _as_json(row: Learned) -> dict[str, Any]:
    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return {
        "mechanic": row.mechanic,
        "genre": row.genre,
        "weight": number(row.weight),
        "sample_count": row.sample_count or 0,
        "avg_retention_d7": number(row.avg_retention_d7),
        "avg_completion_rate": number(row.avg_completion_rate),
        "avg_ad_opt_in_rate": number(row.avg_ad_opt_in_rate),
    }
