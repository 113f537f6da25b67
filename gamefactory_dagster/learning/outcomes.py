"""How each game did over its whole life: the rates it is judged by and one outcome a game.

What belongs here: which games count and what is made of their ``game_metrics``. What does not: a day's score
(``analytics/scoring.py``, which shrinks its rates; an outcome does not), what of it is too much for one
address (``trimming.py``), or what is learned from outcomes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.score import Shares
from gamefactory_dagster.studio.design.library import PRESENTATION

from .trimming import Kind, Over, excess

LEAST_INSTALLS = 100
"""A game counts from this many installs on, once day 7 of its first cohort is over (docs/metrics.md)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Successes out of trials."""

    successes: float
    trials: float

    def without(self, over: Over) -> "Tally":
        """What is left; metrics may not be as far as what is over yet, so nothing falls below 0."""
        return Tally(max(0, self.successes - over.successes), max(0, self.trials - over.trials))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.successes + other.successes, self.trials + other.trials)

    @property
    def rate(self) -> float | None:
        """The share that succeeded, at most 1 (an ad can start unprompted); None without trials."""
        return min(1.0, self.successes / self.trials) if self.trials else None


@dataclass(frozen=True, slots=True)
class Played:
    """What players did in one game over its whole life."""

    genre: str
    mechanics: frozenset[str]
    """Those that change play, the family's core too. What is only seen is in every game: it tells nothing."""
    d7: Tally
    """Players who were there on day 7, of those whose day 7 is over."""
    completion: Tally
    """Levels completed, of those completed or failed."""
    ad_opt_in: Tally
    """Rewarded ads started, of unlock prompts shown."""


def read(connection: sa.Connection, address_share: float) -> list[Played]:
    """Every game that counts: made here, with ``LEAST_INSTALLS`` installs and a day 7 behind it.

    What one address brought counts with ``address_share`` (0 to 1) of everything, and of a game that stands
    still (``frozen.py``) only what happened before.
    """
    rows = connection.execute(sa.text(load("learning/games_played")), {"least": LEAST_INSTALLS})
    over = excess(connection, address_share)
    enough = (
        row for row in rows if row.installs - over.get((row.id, "installs"), Over()).trials >= LEAST_INSTALLS
    )
    return [game for row in enough if (game := _played(row, over)).d7.trials > 0]


def _played(row: sa.Row[Any], over: Mapping[tuple[UUID, Kind], Over]) -> Played:
    d7 = Tally(int(row.retained_d7), int(row.cohort_d7))
    levels = Tally(int(row.levels_completed), int(row.levels_completed) + int(row.levels_failed))
    ads = Tally(int(row.ad_impressions), int(row.ad_prompts))
    return Played(
        genre=row.genre,
        mechanics=frozenset(row.mechanics) - PRESENTATION,
        d7=d7.without(over.get((row.id, "d7"), Over())),
        completion=levels.without(over.get((row.id, "levels"), Over())),
        ad_opt_in=ads.without(over.get((row.id, "ads"), Over())),
    )


def outcomes(games: Sequence[Played], shares: Shares) -> list[float]:
    """Each game's score without shrinkage, 0 to 100, in the order given.

    A rate without trials is its genre's pooled rate, and where the genre has none the factory's; 0 where
    nobody has any.
    """
    retention = _filled(games, lambda game: game.d7)
    completion = _filled(games, lambda game: game.completion)
    ad_opt_in = _filled(games, lambda game: game.ad_opt_in)
    return [shares.points(*rates) for rates in zip(retention, completion, ad_opt_in, strict=True)]


def _filled(games: Sequence[Played], tally: Callable[[Played], Tally]) -> list[float]:
    """Each game's rate, with the genre's and then the factory's where it has none."""
    factory, genres = Tally(0, 0), {game.genre: Tally(0, 0) for game in games}
    for game in games:
        if tally(game).trials:  # successes without a trial, such as unprompted ads, say nothing of a rate
            factory += tally(game)
            genres[game.genre] += tally(game)
    candidates = ((tally(game).rate, genres[game.genre].rate, factory.rate, 0.0) for game in games)
    return [next(rate for rate in rates if rate is not None) for rates in candidates]
