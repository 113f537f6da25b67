"""``gamefactory playtest``: the command line of playtests."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.learning.outcomes import LEAST_INSTALLS
from gamefactory_dagster.settings import get_settings

from .run import OnProgress, play
from .summary import Summary

PLAIN_WIDTH = 120
"""Columns when the output is no terminal: tables must not fold in a log."""


def playtest(
    players: Annotated[
        int, typer.Option(help="How many people there are; each finds about a third of the games.")
    ] = 500,
    days: Annotated[int, typer.Option(help="Over how many UTC days they come, and come back.")] = 14,
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 1,
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Last day, which must be over; yesterday (UTC) unless given."
        ),
    ] = None,
    game: Annotated[
        list[str] | None,
        typer.Option(help="Slug of a game to play; may be repeated. All that are published unless given."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")
    ] = False,
) -> None:
    """Let simulated players play the published games' real rules, and store what they report.

    Their events say "traffic": "playtest" in device_info. The same command again adds nothing; another seed
    or other days bring other people.

    Example: gamefactory playtest --players 500 --days 14 --seed 2
    """
    settings = get_settings()
    engine = ready_engine(settings)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console = Console(stderr=as_json, width=PLAIN_WIDTH)
    with progress_bar(console) as on_progress:
        summary = play(
            settings,
            engine,
            players=players,
            days=days,
            seed=seed,
            until=until.date() if until else None,
            games=game or (),
            on_progress=on_progress,
        )
    if as_json:
        typer.echo(json.dumps(summary.as_json(), indent=2))
    else:
        show(console, summary)


@contextmanager
def progress_bar(console: Console) -> Iterator[OnProgress]:
    """Show how far a playtest is, on a terminal; gives what ``play`` reports its progress to."""
    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("players"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("finding games", total=None)

        def on_progress(slug: str, done: int, total: int) -> None:
            bar.update(task, description=escape(slug[:40]), completed=done, total=total)

        yield on_progress


def show(console: Console, summary: Summary) -> None:
    """Print what a playtest came to, and what to do next."""
    console.print(outcome_table(summary))
    for skipped in summary.skipped:
        console.print(f"{skipped.slug} was left out: {skipped.reason}", markup=False, soft_wrap=True)
    few = sum(outcome.installs < LEAST_INSTALLS for outcome in summary.games)
    if few:
        of_all = f"{few} of {len(summary.games)} games"
        console.print(f"{of_all} have under {LEAST_INSTALLS} installs: too few to learn from.")
    stored = sum(outcome.stored.stored for outcome in summary.games)
    duplicate = sum(outcome.stored.duplicate for outcome in summary.games)
    quarantined = sum(outcome.stored.quarantined for outcome in summary.games)
    console.print(
        f"{stored} events stored, {duplicate} known before, {quarantined} refused.", highlight=False
    )
    command = f"gamefactory metrics refresh --from {summary.first} --to {summary.until}"
    console.print(f"Next: {command}", highlight=False)


def outcome_table(summary: Summary) -> Table:
    """The games of a playtest, a row each."""
    table = Table(
        title=f"Playtest, {summary.first} to {summary.until}, seed {summary.seed}", title_justify="left"
    )
    table.add_column("game")
    for name in ("installs", "sessions", "attempts", "completion", "D1", "ad opt-in"):
        table.add_column(name, justify="right")
    for outcome in summary.games:
        counts = (outcome.installs, outcome.sessions, outcome.attempts)
        rates = (outcome.completion, outcome.retention_d1, outcome.ad_opt_in)
        table.add_row(
            escape(outcome.slug),
            *(str(count) for count in counts),
            *("-" if rate is None else f"{rate:.1%}" for rate in rates),
        )
    return table
