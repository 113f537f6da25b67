"""How play feels, who comes back, who accepts an ad. Pure functions, and the only place with such numbers.

The model: ``joy``, from 0 to 1, is how somebody has lately enjoyed a game. It starts at 0.5, and each try
moves it a fifth of the way to how that try felt:
- a win at once is pleasant (0.57, and 0.05 more for each star after the first), a win after failures is
  what people play for (0.92), a win after more than four of them mostly a relief (0.67);
- a loss hurts less the nearer the goal was (0.15 to 0.50), and more each time it happens again (by 0.85);
- each is better, by up to 0.28, the more happens in the level that did not in the first (``freshness``).

So a game is enjoyed where its levels can be lost and then won, and bring something: too hard a curve wears
joy down, too easy a one, or ten times the same, holds it at pleasant. A game's retention follows from how its
own levels play: nothing here knows its genre, mechanics or looks. What a mechanic is worth is what it makes
happen, as the rules tell by their sounds.

On each later day the player comes back with the chance ``min(1, keen * appeal) * content * fade * rest``:
- ``keen`` is the person (``people.py``); ``appeal`` is ``(joy / 0.67)**8``, at most 2: a game that is enjoyed
  a tenth more draws back twice as many, and the best those too who are no great players;
- ``content`` is what is left to do: 1 with an open level to win and nothing seen yet, a quarter less as the
  share of the levels won grows; half of that when the next level is locked and was declined, nine tenths when
  everything is won and there is a level of the day, a tenth when there is none;
- ``fade`` is habit wearing off: ``1 / (1 + 0.03 * (age - 1))``, ``age`` in days since the first visit;
- ``rest`` is ``1 / (1 + 1.5 * away)``, ``away`` the whole days stayed away: who missed two days hardly comes
  back, and yet some do after weeks.

An offer to open a level is accepted with the chance ``openness * (joy / 0.73)**2``, at most 0.97; one to go
on with a lost level with 0.35 of that at the goal, and with the square of the way less before: who was near
wants it.

Calibrated on the market (GameAnalytics 2026: a median game keeps 22 % on day 1, 4 % on day 7, 0.7 % on day
30, the best tenth 40 % on day 1; in a good game a third of the day's players take an ad). What the market
does not tell (0.57, 0.28, 0.67 and so on) was chosen so that games made here come out there: docs/metrics.md
has the figures, ``tests/playtest/test_calibration.py`` holds the model to them.
"""

import math
from collections.abc import Mapping, Sequence

START = 0.5
"""Joy of somebody who has not played yet."""

_PACE = 0.2
_FRESH = 0.28
_JOYFUL = 0.67
_STEEP = 8
_MOST = 2.0
_SEEN = 0.25
_CONTENT = {"open": 1.0, "declined": 0.5, "daily": 0.9, "finished": 0.1}
_FADE = 0.03
_AWAY = 1.5


def freshness(happenings: Sequence[Mapping[str, int]]) -> tuple[float, ...]:
    """How much more varied each level is than the first, 0 (no more) to 1 (twice as varied, or more).

    ``happenings`` are, level by level, what happens in it and how often. How varied that is, is the number of
    things that, equally frequent, would be as hard to foretell: the exponential of Shannon's entropy.
    """
    entropies = [_entropy(list(one.values())) for one in happenings]
    return tuple(min(1.0, max(0.0, (one - entropies[0]) / math.log(2))) for one in entropies)


def _entropy(counts: Sequence[int]) -> float:
    whole = sum(counts)
    return -sum(count / whole * math.log(count / whole) for count in counts)


def feeling(won: bool, failed_before: int, progress: int, stars: int, fresh: float) -> float:
    """How a try felt, 0 to 1.

    ``failed_before`` counts the tries lost at the level since it was last won; ``progress`` is 0 to 1000;
    ``fresh`` is the level's ``freshness``.
    """
    more = _FRESH * fresh
    if not won:
        return float((0.15 + 0.35 * progress / 1000) * 0.85**failed_before + more)
    if failed_before == 0:
        return 0.57 + 0.05 * max(0, stars - 1) + more
    return min(1.0, (0.92 if failed_before <= 4 else 0.67) + more)


def enjoyed(joy: float, felt: float) -> float:
    """Joy after a try that felt so."""
    return joy + _PACE * (felt - joy)


def appeal(joy: float) -> float:
    """How much a game that is enjoyed so draws back, 0 to 1: steep, so that games differ by how they play."""
    return float(min(_MOST, (joy / _JOYFUL) ** _STEEP))


def left_to_do(content: str, seen: float) -> float:
    """How much what is left draws back, 0 to 1.

    ``content`` is "open", "declined", "daily" (all is won, but there is a level of the day) or "finished";
    ``seen`` is the share of the levels won.
    """
    return _CONTENT[content] * (1 - _SEEN * seen)


def chance_to_return(keen: float, joy: float, content: str, seen: float, age: int, away: int) -> float:
    """Chance to come back today, ``age`` days after the first visit.

    ``away`` days were left out since the last visit, 0 after a visit yesterday; ``content`` and ``seen`` are
    those of ``left_to_do``.
    """
    habit = 1 / (1 + _AWAY * away) / (1 + _FADE * (age - 1))
    return float(min(1.0, keen * appeal(joy)) * left_to_do(content, seen) * habit)


def chance_to_accept(openness: float, joy: float) -> float:
    """Chance that an offered ad is accepted: who enjoys the game wants the level."""
    return min(0.97, openness * (joy / 0.73) ** 2)


def chance_to_go_on(openness: float, joy: float, progress: int) -> float:
    """Chance that a lost level goes on for an ad: most near the goal, none at the start."""
    return chance_to_accept(openness, joy) * 0.35 * (progress / 1000) ** 2
