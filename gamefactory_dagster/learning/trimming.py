"""How much of what one address brought counts in what is learned, so that nobody moves it alone.

What belongs here: the cap and what is over it. What does not: metrics, which are exact and know of no
address; which events are taken at all (``analytics/plausible.py``).

Files and playtests have no address: their players are never trimmed. Everybody who sends events without a
``user_id`` counts as one address.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

Kind = Literal["installs", "d7", "levels", "ads"]
"""Installs alone; and the trials and successes of the three rates."""


@dataclass(frozen=True, slots=True)
class Over:
    """What is to be taken off a game's successes and trials of one kind."""

    successes: float = 0.0
    trials: float = 0.0


@dataclass(frozen=True, slots=True)
class Everybody:
    """All that was brought to a game of one kind, and by how many addresses and players without one."""

    total: float
    number: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What one address brought to a game of one kind."""

    successes: float
    trials: float


@dataclass(slots=True)
class _Kind:
    """Of one game: those addresses that brought most, and everybody."""

    successes: Everybody
    trials: Everybody
    sources: int
    """Addresses and players without one that brought anything of any kind."""
    by_addresses: Brought
    """All that has an address."""
    without: float
    """Successes of addresses without a trial: ads nobody was asked about, returns of players of others."""
    addresses: list[Brought] = field(default_factory=list)


def excess(connection: sa.Connection, share: float) -> dict[tuple[UUID, Kind], Over]:
    """What addresses brought over their ``share`` (0 to 1), by game and kind; nothing is over: not in it."""
    if share >= 1:
        return {}
    parameters = {"most": math.ceil(1 / share)}
    rows = connection.execute(sa.text(load("learning/brought")), parameters).all()
    found = {}
    for key, group in groupby(rows, key=lambda row: (row.game_id, row.kind)):
        over = _over(_kind(list(group)), share)
        if over != Over():
            found[key] = over
    return found


def _kind(rows: Sequence[sa.Row[Any]]) -> _Kind:
    first = rows[0]
    return _Kind(
        Everybody(float(first.all_successes), first.with_successes),
        Everybody(float(first.all_trials), first.with_trials),
        first.sources,
        Brought(float(first.address_successes), float(first.address_trials)),
        float(first.address_without),
        [Brought(float(row.successes), float(row.trials)) for row in rows],
    )


def _over(kind: _Kind, share: float) -> Over:
    """An address that brought too many trials or successes counts less as a whole: its own rate stays.

    Where few of the sources have trials at all, those of addresses do not count: somebody alone would speak
    for the game.
    """
    if kind.trials.number < min(kind.sources, 1 / share) / 2:
        return Over(kind.by_addresses.successes + kind.without, kind.by_addresses.trials)
    most_trials = cap([one.trials for one in kind.addresses], kind.trials, share)
    most_successes = cap([one.successes for one in kind.addresses], kind.successes, share)
    successes, trials = [kind.without], []
    for one in kind.addresses:
        counts = min(1.0, _part(most_trials, one.trials), _part(most_successes, one.successes))
        successes.append(one.successes * (1 - counts))
        trials.append(one.trials * (1 - counts))
    return Over(math.fsum(successes), math.fsum(trials))


def _part(most: float, brought: float) -> float:
    return most / brought if brought > 0 else 1.0


def cap(brought: Iterable[float], everybody: Everybody, share: float) -> float:
    """The most that one address may bring: ``share`` of what counts when nobody brings more than that.

    Or twice what one brings on average, where that is more: of fifty addresses none can be held to 1 %.
    ``brought``: by the addresses that brought most, ``1 / share`` of them or all.

    With the first k of them at the cap c, ``c = share * (total - theirs + k * c)``. The right k is the one
    that gives the least c, because capping others than the largest takes less away.
    """
    if everybody.number == 0:
        return math.inf
    share = max(share, 2 / everybody.number)
    if share >= 1:
        return math.inf
    least, theirs = share * everybody.total, 0.0
    for number, one in enumerate(sorted(brought, reverse=True), 1):
        theirs += one
        if number * share >= 1:
            break
        least = min(least, share * (everybody.total - theirs) / (1 - number * share))
    return least
