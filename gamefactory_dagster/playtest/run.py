"""A whole playtest: everybody who finds a published game plays it, and what they did is stored.

What belongs here: the order of work. What does not: any rule of the model.
"""

from collections.abc import Callable, Sequence
from datetime import date

import sqlalchemy as sa

from gamefactory_dagster.analytics.ingest import store_events
from gamefactory_dagster.analytics.late import EARLIEST_DAY
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import first_of, yesterday
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.shipping.published import games_here

from .crowd import live_together
from .games import PublishedGame, Skipped, published_games
from .lives import Life
from .people import Player, find_players
from .summary import Outcome, Summary

GROUP = 100
"""Players whose tries go to V8 together, and whose events are stored together."""

MOST_PLAYERS = 100_000
MOST_DAYS = 400

SOURCE = "playtest"
"""Where a playtest's events say they come from, should one be quarantined."""

OnProgress = Callable[[str, int, int], None]
"""Told the slug of the game being played, and how many players of all games are done, of how many."""


def play(
    settings: Settings,
    engine: sa.Engine,
    *,
    players: int,
    days: int,
    seed: int,
    until: date | None = None,
    games: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Summary:
    """Let ``players`` people find and play the published games over ``days`` UTC days, up to ``until``.

    ``until`` is yesterday unless given; ``games`` are slugs, none meaning all. Each group of players is
    stored in a transaction of its own, so whatever interrupts a playtest, running it again completes it.

    Raises InputError for numbers, days or slugs that cannot be, PermanentError when no game can be played.
    """
    first, last = window(players, days, until)
    with transaction(engine) as connection:
        found, skipped = published_games(connection, games_here(settings), games)
    playtest = f"{seed}:{first}:{last}"
    crowds = [(game, find_players(playtest, game.slug, players, days)) for game in found]
    total, done = sum(len(crowd) for _, crowd in crowds), 0
    outcomes = []
    for game, crowd in crowds:
        try:
            hands, shell = game.open()
        except PermanentError as error:
            skipped.append(Skipped(game.slug, str(error)))
            continue
        outcome = Outcome(game.slug, game.name)
        with hands:
            for group in _groups(crowd):
                lives = [Life(player, shell, game.spec, first, days) for player in group]
                live_together(lives, hands)
                _store(engine, game, lives, outcome, days)
                done += len(group)
                if on_progress:
                    on_progress(game.slug, done, total)
        outcomes.append(outcome)
    if not outcomes:
        raise PermanentError(_nothing_to_play(skipped))
    return Summary(players, seed, first, last, outcomes, skipped)


def _groups(crowd: Sequence[Player]) -> list[Sequence[Player]]:
    return [crowd[start : start + GROUP] for start in range(0, len(crowd), GROUP)]


def _store(
    engine: sa.Engine, game: PublishedGame, lives: Sequence[Life], outcome: Outcome, days: int
) -> None:
    """Store what a group's clients reported, for good or not at all."""
    for life in lives:
        outcome.count(life, days)
    events = (event for life in lives for event in life.client.events)
    with transaction(engine) as connection:
        outcome.stored += store_events(connection, events, game_id=game.id, source=SOURCE)


def window(players: int, days: int, until: date | None) -> tuple[date, date]:
    """First and last day. The last one must be over, or its metrics would be computed from half of it.

    Raises InputError for numbers and days that cannot be.
    """
    latest = yesterday()
    until = until or latest
    if not 1 <= players <= MOST_PLAYERS:
        raise InputError("players", players, f"a whole number from 1 to {MOST_PLAYERS}")
    if not 1 <= days <= MOST_DAYS:
        raise InputError("days", days, f"a whole number from 1 to {MOST_DAYS}")
    if until > latest:
        raise InputError("until", until.isoformat(), f"a day that is over in UTC, {latest} at the latest")
    first = first_of(days, until)
    if first < EARLIEST_DAY:
        raise InputError("until", until.isoformat(), f"a playtest that begins on {EARLIEST_DAY} or later")
    return first, until


def _nothing_to_play(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return "no game is published yet: order some with `gamefactory batch submit`, then play again"
    return "no published game can be played: " + "; ".join(f"{one.slug}: {one.reason}" for one in skipped)
