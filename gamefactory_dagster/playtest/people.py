"""Who the players are: the people of a playtest, and which games each of them finds. Pure and seeded.

The model, person by person:
- ``skill``: normal, mean 55, deviation 17, from 5 to 95 of 100; 50 is the casual player of
``studio/families/*/casual.js``.
- ``patience``: failed tries in a row until a visit ends, 3 to 10, most people near the low end.
- ``leisure``: minutes for a visit, log-normal around 6, from 2 to 30.
- ``openness``: how readily an ad is accepted, Beta(1.3, 1.8): four in ten on average, many refuse nearly all.
- ``keen``: how much playing is a habit, Beta(2, 1.3): this spread is what bends a retention curve.

A game is found by between 26 % and 46 % of the people, a share of its own, so that 500 people give every
game about the 100 to 250 installs that learning asks for. The day is the earlier of two even draws: most
come early, some on every day. How much somebody likes one game more than another moves ``keen`` by up to
0.15.
"""

import random
from dataclasses import dataclass

SHARE = (0.26, 0.46)
"""Least and greatest share of the people who find a game."""

TASTE = 0.15
"""How far liking one game more than another moves ``keen``."""


@dataclass(frozen=True, slots=True)
class Player:
    """One person as the player of one game."""

    key: str
    """Names the person, the game and the playtest; whatever else is drawn for this player starts from it."""
    skill: int
    """0 to 100."""
    patience: int
    """Failed tries in a row until a visit ends."""
    leisure: float
    """Minutes for a visit."""
    openness: float
    """0 to 1: how readily an ad is accepted."""
    keen: float
    """0 to 1: how much playing this game becomes a habit."""
    installed: int
    """Day of the first visit, 0 for the first of the playtest."""


def find_players(playtest: str, slug: str, people: int, days: int) -> list[Player]:
    """Those of ``people`` who find game ``slug`` within ``days`` days, by number of the person.

    ``playtest`` names the playtest; equal arguments give equal players, and more people only add some.
    """
    low, high = SHARE
    share = random.Random(f"{playtest}:{slug}").uniform(low, high)
    found = (_find(playtest, slug, number, share, days) for number in range(people))
    return [player for player in found if player is not None]


def _find(playtest: str, slug: str, number: int, share: float, days: int) -> Player | None:
    key = f"{playtest}:{slug}:{number}"
    here = random.Random(key)
    if here.random() >= share:
        return None
    person = random.Random(f"{playtest}:{number}")
    return Player(
        key=key,
        skill=_within(round(person.gauss(55, 17)), 5, 95),
        patience=_within(3 + int(person.expovariate(1 / 2)), 3, 10),
        leisure=min(max(person.lognormvariate(1.8, 0.6), 2.0), 30.0),
        openness=person.betavariate(1.3, 1.8),
        keen=min(max(person.betavariate(2, 1.3) + here.uniform(-TASTE, TASTE), 0.0), 1.0),
        installed=min(here.randrange(days), here.randrange(days)),
    )


def _within(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
