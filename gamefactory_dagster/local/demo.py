"""``gamefactory demo``: the whole loop once, from an order to weights that players moved.

What belongs here: the order of the acts, and what is shown of each. What does not: any part of the work.
"""

import json
import math
import secrets
import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from gamefactory_dagster.database.engine import get_engine, transaction
from gamefactory_dagster.learning.weights import Learned, stored
from gamefactory_dagster.playtest.commands import progress_bar
from gamefactory_dagster.playtest.run import play
from gamefactory_dagster.production import batches
from gamefactory_dagster.production.commands import add_url_column, console, games_table, watch_batch
from gamefactory_dagster.production.planning import SEED_BITS, check_order
from gamefactory_dagster.report.facts import GameLine, Window
from gamefactory_dagster.report.reading import list_games
from gamefactory_dagster.settings import Settings, get_settings

from .processes import DAEMON, Child, prepare, running

WEIGHTS_SHOWN = 8


def demo(
    count: Annotated[int, typer.Option(min=1, max=100, help="How many games to make.")] = 10,
    seed: Annotated[int | None, typer.Option(help="Same seed, same games. Default: a random one.")] = None,
    players: Annotated[int, typer.Option(min=1, help="How many simulated people there are.")] = 500,
    days: Annotated[int, typer.Option(min=8, max=60, help="Over how many days they play.")] = 14,
) -> None:
    """Make a batch of games from nothing, let simulated people play them, and learn from how they did.

    Exit code 0 when every game is published and what was played is in the metrics.
    """
    settings = get_settings()
    with console.status("Starting the database and bringing its schema up to date"):
        environment = prepare(settings)
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    state = make_games(settings, count, seed)
    slugs = [game["slug"] for game in state["games"] if game["status"] == "published"]
    console.print(games_table(state))
    console.print(f"{len(slugs)} of {count} games are published.")
    if len(slugs) != count:
        raise typer.Exit(1)
    window = let_people_play(settings, slugs, players, days, seed)
    engine = get_engine(settings)
    with transaction(engine) as connection:
        before = stored(connection)
    with console.status("Computing the metrics of these days and the weights, as one run of Dagster"):
        compute(settings, environment, window)
    with transaction(engine) as connection:
        games, _ = list_games(connection, window)
        after = stored(connection)
    console.print(played_table(games))
    console.print(moved_table(before, after))
    console.print("Play them: make dev, or gamefactory arcade. Read on: gamefactory report")


def make_games(settings: Settings, count: int, seed: int) -> dict[str, Any]:
    """Order a batch and let the daemon make it; the batch's last state."""
    order = check_order(f"demo {time.strftime('%Y-%m-%d %H:%M')}", count, [], {}, settings.max_batch_games)
    engine = get_engine(settings)
    with running(settings, DAEMON) as children:
        batch_id = batches.submit(engine, order, seed)
        console.print(
            f"Batch {batch_id} of {count} games (seed {seed}) is in; the daemon takes it from here."
        )

        def alive() -> None:
            for child in children:
                child.check()

        state = watch_batch(engine, str(batch_id), still_going=alive)
        if children:
            console.print("[dim]Stopping the daemon[/]")
    return state


def let_people_play(settings: Settings, slugs: list[str], players: int, days: int, seed: int) -> Window:
    """Let simulated people play these games; the days they played on."""
    console.print(f"{players} simulated people find the games and play them over {days} days.")
    with progress_bar(console) as on_progress:
        done = play(
            settings,
            get_engine(settings),
            players=players,
            days=days,
            seed=seed,
            games=slugs,
            on_progress=on_progress,
        )
    events = sum(outcome.stored.stored for outcome in done.games)
    attempts = sum(outcome.attempts for outcome in done.games)
    console.print(f"They tried levels {attempts} times, by the games' own rules: {events} events.")
    return Window(done.first, done.until)


def compute(settings: Settings, environment: Mapping[str, str], window: Window) -> None:
    """Run the nightly job over the window's days, in a process of its own; PermanentError when it fails."""
    tags = {
        "dagster/asset_partition_range_start": window.first.isoformat(),
        "dagster/asset_partition_range_end": window.last.isoformat(),
    }
    job = ["-m", "gamefactory_dagster.definitions", "-j", "daily_metrics", "--tags", json.dumps(tags)]
    Child("metrics", ["dagster", "job", "execute", *job], environment, settings.home / "logs").finish()


def played_table(games: list[GameLine]) -> Table:
    """How the games did, the best first."""
    table = Table(title="What people made of them", title_justify="left")
    for column in ("name", "genre"):
        table.add_column(column, overflow="fold")
    for column in ("installs", "D1", "D7", "completion", "ad opt-in", "score"):
        table.add_column(column, justify="right")
    add_url_column(table, [{"play_url": game.play_url} for game in games])
    for game in sorted(games, key=lambda game: -(game.score or 0)):
        rates = (game.retention_d1, game.retention_d7, game.completion, game.ad_opt_in)
        table.add_row(
            escape(game.name),
            game.genre,
            str(game.installs),
            *("-" if rate is None else f"{rate:.1%}" for rate in rates),
            "-" if game.score is None else f"{game.score:.1f}",
            game.play_url or "",
        )
    return table


def moved_table(before: list[Learned], after: list[Learned]) -> Table:
    """The weights that moved in genres that were played, the farthest first; 1.0 is average for the genre."""
    old = {(row.mechanic, row.genre): float(row.weight or 1) for row in before}
    moves = [
        (old[row.mechanic, row.genre], float(row.weight or 1), row)
        for row in after
        if row.sample_count and row.weight is not None and float(row.weight) != old[row.mechanic, row.genre]
    ]
    moves.sort(key=lambda move: -abs(math.log(move[1] / move[0])))
    shown = moves[:WEIGHTS_SHOWN]
    table = Table(
        title=f"What the factory learned: {len(moves)} weights moved, these most", title_justify="left"
    )
    for column in ("mechanic", "genre"):
        table.add_column(column)
    for column in ("weight before", "weight now", "games"):
        table.add_column(column, justify="right")
    for was, now, row in shown:
        table.add_row(row.mechanic, row.genre, f"{was:.4f}", f"{now:.4f}", str(row.sample_count))
    return table
