"""How play feels, who comes back, who accepts an ad. Pure functions, and the only place with such numbers.

The model: ``joy``, from 0 to 1, is how somebody has lately enjoyed a game. It starts at 0.5, and each try
moves it a fifth of the way to how that try felt:
- a win at once is pleasant (0.60, and 0.05 more for each star after the first), a win after failures is
  what people play for (0.95), a win after more than four of them mostly a relief (0.70);
- a loss hurts less the nearer the goal was (0.15 to 0.50), and more each time it happens again (by 0.85).

So a game is enjoyed where its levels can be lost and then won: too hard a curve wears joy down, too easy a
one holds it at pleasant and is soon played through. A game's retention follows from how its own levels
play: nothing here knows its genre, mechanics or looks.

On each later day the player comes back with the chance ``keen * min(1, joy / 0.7)**4 * content *
0.76**away``: those who like playing, who enjoyed it, who have something left to do, and fewer with every
whole day stayed away. ``content`` is 1 with an open level to win, 0.6 when the next one is locked and its
ad was declined, 0.5 when everything is won. An ad is accepted with the chance ``openness * (joy / 0.65)**2``,
at most 0.97.
"""

START = 0.5
"""Joy of somebody who has not played yet."""

_PACE = 0.2
_FORGETTING = 0.76
_CONTENT = {"open": 1.0, "declined": 0.6, "finished": 0.5}


def feeling(won: bool, failed_before: int, progress: int, stars: int) -> float:
    """How a try felt, 0 to 1.

    ``failed_before`` counts the tries lost at the level since it was last won; ``progress`` is 0 to 1000.
    """
    if not won:
        return float((0.15 + 0.35 * progress / 1000) * 0.85**failed_before)
    if failed_before == 0:
        return 0.60 + 0.05 * max(0, stars - 1)
    return 0.95 if failed_before <= 4 else 0.70


def enjoyed(joy: float, felt: float) -> float:
    """Joy after a try that felt so."""
    return joy + _PACE * (felt - joy)


def chance_to_return(keen: float, joy: float, content: str, away: int) -> float:
    """Chance to come back today; ``away`` days were left out since the last visit, 0 after a visit yesterday.

    ``content`` is "open", "declined" or "finished".
    """
    pull: float = keen * min(1.0, joy / 0.7) ** 4
    return pull * _CONTENT[content] * _FORGETTING**away


def chance_to_accept(openness: float, joy: float) -> float:
    """Chance that an offered ad is accepted: who enjoys the game wants the level."""
    return min(0.97, openness * (joy / 0.65) ** 2)
