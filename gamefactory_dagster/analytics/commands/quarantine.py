"""``gamefactory events quarantine``: see what was refused and why, and try it again after a fix."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gamefactory_dagster.analytics import quarantine
from gamefactory_dagster.analytics.quarantine import Refused, Retried, Share
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import get_settings

from .show import AsJson, console, harmless, moment

quarantine_app = typer.Typer(no_args_is_help=True, help="Events a rule refused, kept whole with the reason.")

OfReason = Annotated[
    str | None, typer.Option("--reason", help="Only those refused for this, e.g. unknown_game.")
]
OfGame = Annotated[
    str | None,
    typer.Option("--game", help="Only those that name this game or were sent under it: id or slug."),
]


@quarantine_app.command("list")
def list_(
    reason: OfReason = None,
    game: OfGame = None,
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Show at most this many, the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show how many events were refused for which reason, then the newest of them.

    Example: gamefactory events quarantine list --reason unknown_game --limit 5
    """
    with transaction(ready_engine(get_settings())) as connection:
        which = quarantine.which_events(connection, reason, game)
        shares = quarantine.shares(connection, which)
        newest = quarantine.newest(connection, which, limit)
    if as_json:
        report = {"reasons": [asdict(one) for one in shares], "events": [asdict(one) for one in newest]}
        typer.echo(json.dumps(report, indent=2, default=str))
    elif shares:
        console.print(shares_table(shares))
        console.print(newest_table(newest))
    else:
        console.print("No such event is in quarantine.")


def shares_table(shares: list[Share]) -> Table:
    """Counts by reason."""
    table = Table("reason", title="Refused events", title_justify="left")
    table.add_column("events", justify="right")
    table.add_column("first (UTC)")
    table.add_column("last (UTC)")
    for share in shares:
        table.add_row(share.reason, f"{share.events:,}", moment(share.oldest), moment(share.newest))
    return table


def newest_table(newest: list[Refused]) -> Table:
    """Single events; all but the reason came from outside."""
    table = Table(
        "reason",
        "field",
        "game",
        "source",
        "received (UTC)",
        "event",
        title="The newest",
        title_justify="left",
    )
    for one in newest:
        outside = [harmless(text) for text in (one.field, one.game_id, one.source)]
        table.add_row(one.reason, *outside, moment(one.received_at), harmless(one.excerpt))
    return table


@quarantine_app.command("retry")
def retry(
    reason: OfReason = None,
    game: OfGame = None,
    everything: Annotated[bool, typer.Option("--all", help="Every refused event.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge refused events again, after a game was registered or a rule was changed, and store the good ones.

    An event keeps the time and the source it was received with. What is still refused stays, with its reason.
    May be stopped and run again at any time: nothing is lost and nothing is stored twice.

    Example: gamefactory events quarantine retry --reason unknown_game
    """
    if not (reason or game or everything):
        raise InputError("--reason", None, "--reason, --game or --all, to say which events")
    engine = ready_engine(get_settings())
    with transaction(engine) as connection:
        which = quarantine.which_events(connection, reason, game)
        left_alone = sum(share.events for share in quarantine.shares(connection, which))
        total = quarantine.retryable(connection, which)
    left_alone -= total
    columns = TextColumn("Trying again"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(
        *columns, console=console, transient=True, disable=as_json or not console.is_terminal
    ) as progress:
        task = progress.add_task("", total=total)
        done = quarantine.retry(
            engine, which, on_progress=lambda so_far: progress.update(task, completed=so_far.tried)
        )
    if as_json:
        typer.echo(json.dumps({"tried": done.tried, **asdict(done), "left_alone": left_alone}))
    else:
        console.print(summary(done, left_alone))


def summary(done: Retried, left_alone: int) -> str:
    """One or two sentences."""
    said = (
        f"Tried {done.tried:,}: {done.stored:,} stored, {done.duplicate:,} were stored already, "
        f"{done.refused:,} are still refused."
    )
    if left_alone:
        said += (
            f"\nLeft alone {left_alone:,}, which no fix makes acceptable: "
            "they came with another game's key, or are no text, or too long to be kept whole."
        )
    return said
