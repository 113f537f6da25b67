"""The whole loop once, from an order to weights that players moved.

What belongs here: the order of the acts, and what is shown of each. What does not: any part of the work.
"""

import datetime as dt
import json
import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rich.table import Table

from gamefactory_dagster.database.engine import get_engine, transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.home import link_here
from gamefactory_dagster.learning.outcomes import LEAST_INSTALLS
from gamefactory_dagster.learning.weights import Learned, stored
from gamefactory_dagster.ledger.accounts import command
from gamefactory_dagster.playtest.run import play
from gamefactory_dagster.production import batches
from gamefactory_dagster.production.commands import games_table, watch_batch, with_links
from gamefactory_dagster.production.planning import SEED_BITS, check_order, check_seed
from gamefactory_dagster.report.facts import GameLine, Window
from gamefactory_dagster.report.reading import list_games
from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.terminal import console, counted, percent, progress, say, show, table, waiting

from .kept import Child
from .processes import makers, prepare, running

WEIGHTS_SHOWN = 8

NOTHING_MOVED = (
    f"What the factory learned: no weight moved; a game teaches from {counted(LEAST_INSTALLS, 'install')} on."
)


def show_all(settings: Settings, *, count: int, seed: int | None, players: int, days: int) -> bool:
    """Make a batch, let people play it, learn from them; whether every game was published and played.

    Raises InputError for a seed that cannot be, PermanentError when the metrics cannot be computed.
    """
    check_seed(seed)
    with waiting("Starting the database and bringing its schema up to date"):
        engine = ready_engine(settings)
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    state = with_links(make_games(settings, count, seed))
    slugs = [game["slug"] for game in state["games"] if game["status"] == "published"]
    console().print(games_table(state))
    say(f"{len(slugs)} of {counted(count, 'game')} published.")
    if len(slugs) != count:
        return False
    window = let_people_play(settings, slugs, players, days, seed)
    with transaction(engine) as connection:
        before = stored(connection)
    environment = prepare(settings)  # only now: its days begin where the events do
    with waiting("Computing the metrics of these days and the weights, as one run of Dagster"):
        compute(settings, environment, window)
    with transaction(engine) as connection:
        games, _ = list_games(connection, window)
        games = [replace(game, play_url=link_here(settings.home, game.play_url)) for game in games]
        after = stored(connection)
    show(played_table(games), "Nobody played.")
    show(moved_table(before, after), NOTHING_MOVED)
    say("Play them: gamefactory dev, or gamefactory arcade. Read on: gamefactory report")
    return True


def make_games(settings: Settings, count: int, seed: int) -> dict[str, Any]:
    """Order a batch and let the daemon make it; the batch's last state."""
    order = check_order(f"demo {time.strftime('%Y-%m-%d %H:%M')}", count, [], {}, settings.max_batch_games)
    engine = get_engine(settings)
    with running(settings, "gamefactory demo", *makers(settings)) as watched:
        batch_id = batches.submit(engine, order, seed, settings.user)
        say(f"Batch {batch_id} of {counted(count, 'game')} (seed {seed}) is in; the daemon takes it on.")

        def alive() -> None:
            for each in watched:
                each.check()

        state = watch_batch(engine, batch_id, still_going=alive)
        if watched:
            say("Stopping the daemon")
    return state


def let_people_play(settings: Settings, slugs: list[str], players: int, days: int, seed: int) -> Window:
    """Let simulated people play these games; the days they played on."""
    who = counted(players, "simulated player")
    say(f"Now {who} may find the games and play them over {counted(days, 'day')}.")
    engine = get_engine(settings)
    asked = {"players": players, "days": days, "seed": seed, "games": slugs}
    with (
        command(engine, settings.user, "playtest", "demo", **asked) as account,
        progress("finding games", unit="players") as move,
    ):
        done = play(
            settings,
            engine,
            players=players,
            days=days,
            seed=seed,
            games=slugs,
            on_progress=lambda slug, done, total: move(done, total, slug),
        )
        account.numbers |= {"games": len(done.games), "events_stored": done.stored}
    attempts = sum(outcome.attempts for outcome in done.games)
    say(f"Levels tried by the games' own rules: {attempts:,}. Stored: {counted(done.stored, 'event')}.")
    return Window(done.first, done.until)


def compute(settings: Settings, environment: Mapping[str, str], window: Window) -> None:
    """Run the nightly job, from the first day of the window's first month on, in a process of its own.

    Raises PermanentError when it fails.
    """
    first_partition = dt.date.fromisoformat(environment[variable("first_day")])
    # or the UI shows the month as half computed, where nobody had played yet
    first = max(window.first.replace(day=1), first_partition)
    tags = {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": window.last.isoformat(),
    }
    job = ["-m", "gamefactory_dagster.definitions", "-j", "daily_metrics", "--tags", json.dumps(tags)]
    Child("metrics", ["dagster", "job", "execute", *job], environment, settings.home / "logs").finish()


def played_table(games: list[GameLine]) -> Table:
    """How the games did, the best first."""
    numbers = ("installs", "D1", "D7", "completion", "ad opt-in", "score")
    return table(
        ("name", "genre", *numbers, "play at"),
        [
            (
                game.name,
                game.genre,
                game.installs,
                *map(percent, (game.retention_d1, game.retention_d7, game.completion, game.ad_opt_in)),
                None if game.score is None else f"{game.score:.1f}",
                game.play_url or "",
            )
            for game in sorted(games, key=lambda game: -(game.score or 0))
        ],
        numbers=numbers,
        links=("play at",),
        title="What people made of them",
    )


def moved_table(before: list[Learned], after: list[Learned]) -> Table:
    """The weights that moved in genres that were played, the farthest first; 1.0 is average for the genre."""
    old = {(row.mechanic, row.genre): float(row.weight or 1) for row in before}
    moves = [
        (old[row.mechanic, row.genre], float(row.weight or 1), row)
        for row in after
        if row.sample_count and row.weight is not None and float(row.weight) != old[row.mechanic, row.genre]
    ]
    moves.sort(key=lambda move: -abs(math.log(move[1] / move[0])))
    return table(
        ("mechanic", "genre", "weight before", "weight now", "games"),
        [
            (row.mechanic, row.genre, f"{was:.4f}", f"{now:.4f}", row.sample_count)
            for was, now, row in moves[:WEIGHTS_SHOWN]
        ],
        numbers=("weight before", "weight now", "games"),
        title=f"What the factory learned: {counted(len(moves), 'weight')} moved"
        + (", these most" if len(moves) > WEIGHTS_SHOWN else ""),
    )
