"""The table ``learning_weights``: read for a choice or for people, and recomputed from scratch.

What belongs here: that table and nobody else's. What does not: drawing from the weights (``choice.py``),
which games count (``outcomes.py``), or the regression (``model.py``).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.factory import LearningWeight, Mechanic
from gamefactory_dagster.score import Shares
from gamefactory_dagster.settings import Settings, get_settings
from gamefactory_dagster.studio.design.library import PRESENTATION

from .choice import Weighted
from .model import LEAST, Sample, learn
from .outcomes import Played, Tally, outcomes, read


@dataclass(frozen=True, slots=True)
class Learned:
    """One row: how a mechanic does in a genre. Rates are plain means over its games, None without any."""

    mechanic_id: UUID
    mechanic: str
    genre: str
    weight: Decimal | None
    """1.0 is average for the genre; None where there is no row yet."""
    sample_count: int | None
    """Games of the genre that have the mechanic."""
    avg_retention_d7: Decimal | None
    avg_completion_rate: Decimal | None
    avg_ad_opt_in_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Move:
    """A row that changed."""

    before: Learned
    after: Learned

    @property
    def distance(self) -> float:
        """How far the weight went, as a logarithm: doubling and halving are equally far."""
        return abs(_log(self.after.weight) - _log(self.before.weight))


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a recomputation found and wrote."""

    games: int
    """Games learned from."""
    moves: tuple[Move, ...]
    """The rows written, those whose weight moved most first."""
    removed: int
    """Rows of pairs the library no longer allows."""


def candidates(connection: sa.Connection, genre: str) -> list[Weighted]:
    """Every active mechanic the library allows in ``genre`` and a game may do without.

    One nothing is known of yet weighs 1.0.
    """
    learned = sa.and_(LearningWeight.mechanic_id == Mechanic.id, LearningWeight.genre == genre)
    rows = connection.execute(
        sa.select(
            Mechanic.name,
            sa.func.coalesce(LearningWeight.weight, 1),
            sa.func.coalesce(LearningWeight.sample_count, 0),
        )
        .outerjoin(LearningWeight, learned)
        .where(
            Mechanic.is_active.is_(True),
            Mechanic.genre_tags.contains([genre]),
            Mechanic.name.not_in(sorted(PRESENTATION)),
        )
        .order_by(Mechanic.name)
    )
    return [Weighted(name, float(weight), int(count)) for name, weight, count in rows]


def stored(connection: sa.Connection, genre: str | None = None) -> list[Learned]:
    """One entry for each (mechanic, genre) the library allows, the best first; of all genres or of one."""
    rows = connection.execute(sa.text(load("learning/weights")), {"genre": genre})
    return [Learned(**row) for row in rows.mappings()]


def recompute(engine: sa.Engine, settings: Settings | None = None) -> Recomputed:
    """Learn all weights anew from ``game_metrics``, and write the rows that differ, in one transaction.

    Idempotent: a second time writes nothing and moves no ``last_updated``. Two at once go one after the
    other. A pair no game tells of gets a neutral row; that of a pair the library no longer allows is removed.
    ``settings`` say what an outcome is made of; default this process's. Raises TransientError, and InputError
    where they say it is made of nothing.
    """
    settings = settings or get_settings()
    with transaction(engine) as connection:
        take(connection, Lock.WEIGHTS)
        games, moves = pending(connection, settings)
        if moves:
            rows = [asdict(move.after) for move in moves]
            connection.execute(sa.text(load("learning/store_weight")), rows)
        removed = connection.execute(sa.text(load("learning/forget_weights"))).rowcount
    return Recomputed(games, tuple(sorted(moves, key=lambda move: -move.distance)), removed)


def pending(connection: sa.Connection, settings: Settings) -> tuple[int, list[Move]]:
    """How many games there are to learn from, and the rows that what they say would change."""
    games, rows = read(connection, settings.address_share), stored(connection)
    new_rows = learned(rows, games, Shares.of(settings))
    moves = [Move(old, new) for old, new in zip(rows, new_rows, strict=True)]
    return len(games), [move for move in moves if move.before != move.after]


def learned(rows: Sequence[Learned], games: Sequence[Played], shares: Shares) -> list[Learned]:
    """What the games say of the pair of each row. Pure; the order of games does not matter."""
    results = zip(games, outcomes(games, shares), strict=True)
    effects = learn([Sample(game.genre, game.mechanics, outcome) for game, outcome in results])
    having: dict[tuple[str, str], list[Played]] = {}
    for game in games:
        for mechanic in game.mechanics:
            having.setdefault((mechanic, game.genre), []).append(game)
    found = []
    for row in rows:
        sample = having.get((row.mechanic, row.genre), [])
        found.append(
            replace(
                row,
                weight=effects.weight(row.mechanic, row.genre),
                sample_count=len(sample),
                avg_retention_d7=_mean(sample, lambda game: game.d7),
                avg_completion_rate=_mean(sample, lambda game: game.completion),
                avg_ad_opt_in_rate=_mean(sample, lambda game: game.ad_opt_in),
            )
        )
    return found


def _mean(games: Sequence[Played], tally: Callable[[Played], Tally]) -> Decimal | None:
    """Plain mean of the rates of the games that have one, four decimals."""
    rates = [rate for game in games if (rate := tally(game).rate) is not None]
    return Decimal(math.fsum(rates) / len(rates)).quantize(Decimal("0.0001")) if rates else None


def _log(weight: Decimal | None) -> float:
    """Logarithm of a weight; where there is no row it is neutral."""
    return 0.0 if weight is None else math.log(max(weight, LEAST))
