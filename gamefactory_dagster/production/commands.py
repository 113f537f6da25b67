"""``gamefactory batch`` and ``gamefactory game``: the command line of production."""

import json
import time
from collections.abc import Callable
from typing import Annotated, Any

import sqlalchemy as sa
import typer
from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio.providers import embedded

from . import batches
from .lifecycle import STEPS
from .planning import check_order

batch_app = typer.Typer(no_args_is_help=True, help="Order games in batches and watch them being made.")
game_app = typer.Typer(no_args_is_help=True, help="Look at games and try failed ones again.")

PLAIN_WIDTH = 160
"""Columns when the output is no terminal: tables must not fold in a log."""

console = Console()
if not console.is_terminal:
    console = Console(width=PLAIN_WIDTH)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")]
WhichBatch = Annotated[str, typer.Argument(help="A batch id, its first characters, or 'latest'.")]
WhichGame = Annotated[str, typer.Argument(help="A game's slug or id.")]

ENDED_BATCH = {"completed", "failed", "cancelled"}


@batch_app.command("submit")
def submit(
    name: Annotated[str, typer.Option(help="What to call the batch; 1 to 255 characters.")],
    count: Annotated[int, typer.Option(help="How many games.")] = 10,
    genre: Annotated[
        list[str] | None,
        typer.Option(
            help="GENRE=COUNT or GENRE; may be repeated. Default: every genre that has a family, evenly."
        ),
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(help='KEY=VALUE, e.g. styles=["pixel_retro"] or free_levels=2; may be repeated.'),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same games. Default: a random one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Order a batch. The running factory (gamefactory dev) picks it up within seconds.

    Example: gamefactory batch submit --name summer --count 10 --genre runner=6 --genre puzzle=4
    """
    settings = get_settings()
    order = check_order(
        name, count, parse_genres(genre or []), parse_constraints(constraint or []), settings.max_batch_games
    )
    batch_id = batches.submit(ready_engine(settings), order, seed)
    if as_json:
        typer.echo(json.dumps({"id": str(batch_id), "status": "pending"}))
    else:
        console.print(f"Batch [bold]{batch_id}[/] of {order.count} games is pending.")
        console.print(f"Watch it: gamefactory batch status {str(batch_id)[:8]} --watch", highlight=False)


def parse_genres(given: list[str]) -> list[dict[str, Any]]:
    """``["runner=6", "puzzle"]`` as a genre mix; raises InputError."""
    mix: list[dict[str, Any]] = []
    for entry in given:
        genre, equals, count = entry.partition("=")
        if equals and not count.isdecimal():
            raise InputError("--genre", entry, "GENRE=COUNT such as runner=6, or GENRE")
        mix.append({"genre": genre, **({"count": int(count)} if equals else {})})
    return mix


def parse_constraints(given: list[str]) -> dict[str, Any]:
    """``["free_levels=2", 'styles=["pixel_retro"]']`` as an object; a value that is not JSON is a string."""
    constraints: dict[str, Any] = {}
    for entry in given:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise InputError("--constraint", entry, "KEY=VALUE such as free_levels=2")
        try:
            constraints[key] = json.loads(value)
        except json.JSONDecodeError:
            constraints[key] = value
    return constraints


@batch_app.command("status")
def status(
    batch: WhichBatch = "latest",
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep showing it until the batch has ended.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a batch and its games. With --watch, exits with 1 when the batch failed or was cancelled."""
    engine = ready_engine(get_settings())
    batch_id = batches.find_batch(engine, batch)
    state = watch_batch(engine, str(batch_id)) if watch and not as_json else batches.status(engine, batch_id)
    while watch and as_json and state["status"] not in ENDED_BATCH:
        time.sleep(1)
        state = batches.status(engine, batch_id)
    if as_json:
        typer.echo(json.dumps(state, indent=2))
    else:
        console.print(games_table(state))
    if watch and state["status"] != "completed":
        raise typer.Exit(1)


def watch_batch(
    engine: sa.Engine, batch: str, *, still_going: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Show a batch's progress until it has ended; returns its last state.

    ``still_going()`` is called twice a second and may raise to stop.
    """
    batch_id = batches.find_batch(engine, batch)
    bar = Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("steps"),
        TimeElapsedColumn(),
    )
    state = batches.status(engine, batch_id)
    task = bar.add_task(escape(state["name"][:40]), total=state["game_count"] * len(STEPS))
    with Live(console=console, refresh_per_second=4, transient=console.is_terminal) as live:
        while True:
            state = batches.status(engine, batch_id)
            done = sum(game["current_step"] for game in state["games"])
            bar.update(task, completed=done)
            live.update(Group(progress_table(state), bar))
            if state["status"] in ENDED_BATCH:
                return state
            if still_going is not None:
                still_going()
            time.sleep(0.5)


def progress_table(state: dict[str, Any]) -> Table:
    """Games at work: state, step, tries."""
    table = Table(box=None, pad_edge=False)
    for column in ("game", "genre", "state", "step"):
        table.add_column(column)
    for game in state["games"][-40:]:
        step = f"{game['current_step']:2}/12 {_step_name(game)}"
        table.add_row(game["name"], game["genre"], _coloured(game["status"]), step)
    return table


def _step_name(game: dict[str, Any]) -> str:
    working = game["status"] in {"in_progress", "completed"} and game["current_step"] < len(STEPS)
    return STEPS[game["current_step"]] if working else ""


def _coloured(status: str) -> str:
    colour = {"published": "green", "failed": "red", "cancelled": "yellow", "created": "dim"}.get(
        status, "cyan"
    )
    return f"[{colour}]{status}[/]"


def games_table(state: dict[str, Any]) -> Table:
    """The finished table: name, genre, style, mechanics, levels certified, build size, seconds, URL."""
    table = Table(
        title=escape(f"{state['name']}: {state['status']}"), caption=escape(state["error_message"] or "")
    )
    for column, justify in (
        ("name", "left"), ("genre", "left"), ("style", "left"), ("mechanics", "left"),
        ("levels", "right"), ("build", "right"), ("seconds", "right"),
    ):  # fmt: skip
        table.add_column(column, justify="right" if justify == "right" else "left", overflow="fold")
    add_url_column(table, state["games"])
    for game in state["games"]:
        table.add_row(
            game["name"],
            game["genre"],
            game["style"],
            ", ".join(game["mechanics"] or []),
            str(game["levels"] or "-"),
            f"{game['build_bytes'] / 1000:.0f} kB" if game["build_bytes"] else "-",
            f"{game['seconds']:.1f}" if game["seconds"] is not None else "-",
            game["play_url"]
            or _coloured(game["status"])
            + (f": {escape(game['error_message'])}" if game["error_message"] else ""),
        )
    return table


def add_url_column(table: Table, games: list[dict[str, Any]]) -> None:
    """Add a column that shows each URL on one line, to click on or copy, however narrow the others become."""
    width = max((len(game["play_url"]) for game in games if game["play_url"]), default=None)
    table.add_column("play at", width=width, overflow="fold")


@batch_app.command("cancel")
def cancel(batch: WhichBatch, as_json: AsJson = False) -> None:
    """Cancel a batch and every game of it that has not ended. Published games stay."""
    settings = get_settings()
    engine = ready_engine(settings)
    batch_id = batches.find_batch(engine, batch)
    stopped = batches.cancel(engine, embedded(settings).publisher, batch_id)
    if as_json:
        typer.echo(json.dumps({"id": str(batch_id), "status": "cancelled", "games_cancelled": stopped}))
    else:
        console.print(f"Batch {batch_id} is cancelled, and {stopped} games with it.")


@game_app.command("retry")
def retry(game: WhichGame, as_json: AsJson = False) -> None:
    """Try a failed game again, from its last finished step."""
    engine = ready_engine(get_settings())
    game_id = batches.find_game(engine, game)
    attempt = batches.retry(engine, game_id)
    if as_json:
        typer.echo(json.dumps({"id": str(game_id), "status": "created", "attempt": attempt}))
    else:
        console.print(f"Game {game_id} will be tried again: attempt {attempt}.")


@game_app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="Only games in this state.")] = None,
    genre: Annotated[str | None, typer.Option(help="Only games of this genre.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many, the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List games, newest first."""
    games = batches.list_games(ready_engine(get_settings()), status=status, genre=genre, limit=limit)
    if as_json:
        typer.echo(json.dumps(games, indent=2))
        return
    table = Table()
    for column in ("name", "slug", "genre", "style", "state", "step"):
        table.add_column(column, overflow="fold")
    add_url_column(table, games)
    for game in games:
        table.add_row(
            game["name"],
            game["slug"],
            game["genre"],
            game["style"],
            _coloured(game["status"]),
            f"{game['current_step']}/12",
            escape(game["play_url"] or game["error_message"] or ""),
        )
    console.print(table)
