"""``gamefactory batch`` and ``gamefactory game``: the command line of production.

What belongs here: reading options, showing batches and games. What does not: doing anything to them
(``batches.py``).
"""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.ids import parse_user
from gamefactory_dagster.terminal import (
    AsJson,
    User,
    bar,
    choice,
    console,
    counted,
    harmless,
    parse_values,
    say,
    say_json,
    show,
    table,
)

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.table import Table
    from rich.text import Text

batch_app = typer.Typer(no_args_is_help=True, help="Order games in batches and watch them being made.")
game_app = typer.Typer(no_args_is_help=True, help="Look at games and try failed ones again.")

WhichBatch = Annotated[str, typer.Argument(help="A batch id, its first characters, or 'latest'.")]
WhichGame = Annotated[str, typer.Argument(help="A game's slug or id.")]

ENDED_BATCH = {"completed", "failed", "cancelled"}

GONE_SECONDS = 60
"""How long who watches waits for a database that went away."""

_COLOURS = {"published": "green", "failed": "red", "cancelled": "yellow", "created": "dim"}


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
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Order a batch. The running factory (gamefactory dev) picks it up within seconds.

    Example: gamefactory batch submit --name summer --count 10 --genre runner=6 --genre puzzle=4
    """
    from gamefactory_dagster.settings import get_settings

    from .planning import check_order, check_seed

    check_seed(seed)
    settings = get_settings()
    owner = parse_user(user, settings.user)
    constraints = parse_values("--constraint", constraint or [], "free_levels=2")
    order = check_order(name, count, parse_genres(genre or []), constraints, settings.max_batch_games)

    from gamefactory_dagster.database.migrations import ready_engine

    from . import batches

    batch_id = batches.submit(ready_engine(settings), order, seed, owner)
    if as_json:
        say_json({"id": batch_id, "status": "pending"})
    else:
        say(f"Batch {batch_id} of {counted(order.count, 'game')} is pending.")
        say(f"Watch it: gamefactory batch status {str(batch_id)[:8]} --watch")


def parse_genres(given: list[str]) -> list[dict[str, Any]]:
    """``["runner=6", "puzzle"]`` as a genre mix; raises InputError."""
    mix: list[dict[str, Any]] = []
    for entry in given:
        genre, equals, count = entry.partition("=")
        if equals and not (count.isdecimal() and len(count) < 10):
            raise InputError("--genre", entry, "GENRE=COUNT such as runner=6, or GENRE")
        mix.append({"genre": genre, **({"count": int(count)} if equals else {})})
    return mix


@batch_app.command("status")
def status(
    batch: WhichBatch = "latest",
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep showing it until the batch has ended.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a batch and its games. With --watch, exits with 1 when the batch failed or was cancelled."""
    from . import batches

    engine = _engine()
    batch_id = batches.find_batch(engine, batch)
    look = partial(watch_batch, aside=as_json) if watch else batches.status
    state = with_links(look(engine, batch_id))
    if as_json:
        say_json(state)
    else:
        why = state["error_message"] or "it has no games so far"
        show(games_table(state), f"{state['name']}: {state['status']}; {why}.")
    if watch and state["status"] != "completed":
        raise typer.Exit(1)


def watch_batch(
    engine: "sa.Engine",
    batch_id: UUID,
    *,
    aside: bool = False,
    still_going: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Show a batch's progress until it has ended; returns its last state.

    ``still_going()`` is called twice a second and may raise to stop. ``aside``: on standard error. A database
    that goes away meanwhile is waited for; TransientError when it does not come back.
    """
    from rich.console import Group
    from rich.live import Live

    from . import batches
    from .lifecycle import STEPS

    steps = bar(unit="steps")
    state = batches.status(engine, batch_id)
    task = steps.add_task(state["name"][:40], total=state["game_count"] * len(STEPS))
    screen = console(aside=aside)
    seen = time.monotonic()
    with Live(console=screen, refresh_per_second=4, transient=aside or screen.is_terminal) as live:
        while True:
            try:
                state = batches.status(engine, batch_id)
                seen = time.monotonic()
            except TransientError:  # the server may be starting again
                if time.monotonic() - seen > GONE_SECONDS:
                    raise
            done = sum(game["current_step"] for game in state["games"])
            steps.update(task, completed=done)
            live.update(Group(progress_table(state), steps.get_renderable()))
            if state["status"] in ENDED_BATCH:
                break
            if still_going is not None:
                still_going()
            time.sleep(0.5)
    if not (aside or screen.is_terminal):
        screen.line()  # where no terminal is, Live leaves its last line open
    return state


def with_links(state: dict[str, Any]) -> dict[str, Any]:
    """A batch's state with its games' links as the arcade that runs here has them."""
    return {**state, "games": [_linked(game) for game in state["games"]]}


def _linked(game: dict[str, Any]) -> dict[str, Any]:
    from gamefactory_dagster.home import link_here
    from gamefactory_dagster.settings import get_settings

    return {**game, "play_url": link_here(get_settings().home, game["play_url"])}


def progress_table(state: dict[str, Any]) -> "Table":
    """Games at work: state, step, tries."""
    made = table(
        ("game", "genre", "state", "step"),
        [
            (game["name"], game["genre"], _coloured(game["status"]), _step(game))
            for game in state["games"][-40:]
        ],
    )
    made.box, made.pad_edge = None, False
    return made


def _step(game: dict[str, Any]) -> str:
    from .lifecycle import STEPS

    working = game["status"] in {"in_progress", "completed"} and game["current_step"] < len(STEPS)
    name = STEPS[game["current_step"]] if working else ""
    return f"{game['current_step']:2}/{len(STEPS)} {name}"


def _coloured(status: str, more: str = "") -> "Text":
    from rich.text import Text

    return Text.assemble((status, _COLOURS.get(status, "cyan")), harmless(more))


def games_table(state: dict[str, Any]) -> "Table":
    """The finished table: name, genre, style, mechanics, levels certified, build size, seconds, URL."""
    return table(
        ("name", "genre", "style", "mechanics", "levels", "build", "seconds", "play at"),
        [
            (
                game["name"],
                game["genre"],
                game["style"],
                ", ".join(game["mechanics"] or []),
                game["levels"] or None,
                f"{game['build_bytes'] / 1000:.0f} kB" if game["build_bytes"] else None,
                f"{game['seconds']:.1f}" if game["seconds"] is not None else None,
                game["play_url"] or _coloured(game["status"], _because(game)),
            )
            for game in state["games"]
        ],
        numbers=("levels", "build", "seconds"),
        links=("play at",),
        title=f"{state['name']}: {state['status']}",
        caption=state["error_message"],
    )


def _because(game: dict[str, Any]) -> str:
    return f": {game['error_message']}" if game["error_message"] else ""


@batch_app.command("cancel")
def cancel(batch: WhichBatch, as_json: AsJson = False) -> None:
    """Cancel a batch and every game of it that has not ended. Published games stay."""
    from gamefactory_dagster.settings import get_settings
    from gamefactory_dagster.studio.providers import embedded

    from . import batches

    engine = _engine()
    batch_id = batches.find_batch(engine, batch)
    stopped = batches.cancel(engine, embedded(get_settings()).publisher, batch_id)
    if as_json:
        say_json({"id": batch_id, "status": "cancelled", "games_cancelled": stopped})
    else:
        say(f"Batch {batch_id} is cancelled, and {counted(stopped, 'game')} with it.")


@game_app.command("retry")
def retry(game: WhichGame, as_json: AsJson = False) -> None:
    """Try a failed game again, from its last finished step.

    A repository that is gone or damaged is made again from the design first, by the steps that were finished;
    where that cannot be, the game starts at step 1.
    """
    from gamefactory_dagster.settings import get_settings
    from gamefactory_dagster.studio.providers import embedded

    from . import batches, history

    engine = _engine()
    game_id = batches.find_game(engine, game)
    way, words = history.look(engine, embedded(get_settings()).repositories, game_id)
    attempt = batches.retry(engine, game_id)
    if as_json:
        say_json({"id": game_id, "status": "created", "attempt": attempt, "way": way.value})
    else:
        say(f"Game {game_id} will be tried again: attempt {attempt}. {words}")


@game_app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="Only games in this state.")] = None,
    genre: Annotated[str | None, typer.Option(help="Only games of this genre.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many, the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List games, newest first."""
    from . import batches
    from .lifecycle import GAME, STEPS

    choice("--status", status, GAME.legal)
    engine = _engine()
    choice("--genre", genre, _genres(engine))
    games = [_linked(game) for game in batches.list_games(engine, status=status, genre=genre, limit=limit)]
    if as_json:
        say_json(games)
        return
    shown = table(
        ("name", "slug", "genre", "style", "state", "step", "play at"),
        [
            (
                game["name"],
                game["slug"],
                game["genre"],
                game["style"],
                _coloured(game["status"]),
                f"{game['current_step']}/{len(STEPS)}",
                game["play_url"] or game["error_message"] or "",
            )
            for game in games
        ],
        links=("play at",),
    )
    show(shown, "There is no such game." if status or genre else "There is no game yet.")


@game_app.command("trust")
def trust(game: WhichGame, as_json: AsJson = False) -> None:
    """Learn from a game again that was flooded with implausible events: somebody looked, up to today.

    Until then it stands still: nothing that happened since the flood is learned from.

    Example: gamefactory game trust pearl-dash
    """
    from gamefactory_dagster.learning import frozen

    from . import batches

    engine = _engine()
    game_id = batches.find_game(engine, game)
    day = frozen.trust(engine, game_id)
    if as_json:
        say_json({"id": game_id, "trusted_until": day})
    else:
        say(f"Game {game_id} is learned from whatever was received up to {day}.")


def _engine() -> "sa.Engine":
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    return ready_engine(get_settings())


def _genres(engine: "sa.Engine") -> set[str]:
    """Genres that have a family, and those of games made elsewhere."""
    import sqlalchemy as sa

    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.tables.factory import Game
    from gamefactory_dagster.studio.families import genres

    with transaction(engine) as connection:
        return {*genres(), *connection.scalars(sa.select(Game.genre).distinct())}
