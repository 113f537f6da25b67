"""A runner level made as hard as asked, by taking away some of what people stumble over in it.

What belongs here: the choice of what goes. What does not: the games that are counted (``bot.js``), levels
that are too easy (``repair.py``, ``generate.py``).
"""

import copy
from collections import Counter
from collections.abc import Collection
from functools import cache

from gamefactory_dagster.studio.families.base import Level, Mishaps

from .pieces import UNIT
from .repair import REACH, nearest

Thing = tuple[str, int]
"""Part of a level: the name of its list, and its x."""

ELSEWHERE: Thing = ("", 0)
"""What nothing near can be blamed for."""

HEARTS = (3, 2)
"""Of a level that has some: two where three would forgive too much."""

BY_TIME, MOST_TIME = 0.3, 0.8
"""Share of the lost games that time is lost in, and of a level's length that its clock may show at first;
clocks on the way give the rest."""

TAKEN = ("gaps", "crates", "hazards", "breakables")
"""What may go. Rides stay, and so does a gap that something leads across."""


def soften(level: Level, mishaps: Mishaps, target: float) -> tuple[Level, float]:
    """Take things away, each time the one that brings the share of games won nearest to ``target``.

    What happens in a game after a mishap does not depend on whether it was forgiven, and what happens
    elsewhere hardly on what was taken away: so one measurement tells the share for every choice.
    """
    clock = _clock(level, mishaps, target)
    blamed = cache(lambda x: _blamed(level, x))
    in_time = [game["lost"] for game in mishaps if game is not None and game["time"] <= clock]
    tally = Tally([Counter(map(blamed, lost)) for lost in in_time], len(mishaps))
    hearts = level["hearts"]
    if hearts > 1:
        hearts = min(HEARTS, key=lambda many: abs(tally.share(many) - target))
    gone: set[Thing] = set()
    share = tally.share(hearts)
    left = set(tally.hits) & _removable(level)
    while left and share < target:
        after = {thing: tally.share(hearts, without=thing) for thing in left}
        best = min(left, key=lambda thing: (abs(after[thing] - target), -tally.hits[thing], thing))
        if after[best] > target and after[best] - target > target - share:
            break
        tally.take(best)
        gone.add(best)
        left.remove(best)
        share = after[best]
    return _without(level, gone) | {"hearts": hearts, "clock": clock}, round(share, 4)


class Tally:
    """What went wrong in every game, by thing: a choice looks only at the games that its thing is in."""

    def __init__(self, games: list[Counter[Thing]], played: int) -> None:
        """``games`` that were not lost anyway, of those that were ``played``."""
        self._played = played
        self._games = games
        self._mishaps = [game.total() for game in games]
        self.hits: Counter[Thing] = sum(games, Counter())
        """Mishaps in all games, by thing."""
        self._where: dict[Thing, list[int]] = {thing: [] for thing in self.hits}
        for i, game in enumerate(games):
            for thing in game:
                self._where[thing].append(i)

    def share(self, hearts: int, without: Thing | None = None) -> float:
        """Share of games won with so many hearts, were it not for one thing more."""
        won = sum(mishaps < hearts for mishaps in self._mishaps)
        if without is not None:
            won += sum(
                self._mishaps[i] >= hearts > self._mishaps[i] - self._games[i][without]
                for i in self._where[without]
            )
        return won / self._played

    def take(self, thing: Thing) -> None:
        """Take it out of the level."""
        for i in self._where[thing]:
            self._mishaps[i] -= self._games[i][thing]


def _clock(level: Level, mishaps: Mishaps, target: float) -> int:
    """Time to begin with, such that it runs out in ``BY_TIME`` of the games that are to be lost."""
    if not level["clock"]:
        return 0
    times = sorted(game["time"] for game in mishaps if game)
    late = round((1 - target) * BY_TIME * len(times))
    most = round(MOST_TIME * level["length"] * UNIT / level["speed"])
    return int(min(most, times[-1 - late])) if times else int(level["clock"])


def _blamed(level: Level, x: int) -> Thing:
    found = nearest(level, x)
    return (found[0], level[found[0]][found[1]][_left(found[0])]) if found else ELSEWHERE


def _left(name: str) -> int:
    return 1 if name == "hazards" else 0


def _removable(level: Level) -> set[Thing]:
    led = [*level["rides"], *level["ledges"], *([x, REACH] for x, *_ in level["springs"])]
    return {
        (name, thing[_left(name)])
        for name in TAKEN
        for thing in level[name]
        if name != "gaps"
        or not any(other[0] < thing[0] + thing[1] and other[0] + other[1] > thing[0] for other in led)
    }


def _without(level: Level, gone: Collection[Thing]) -> Level:
    softer: Level = copy.deepcopy(level)
    for name in TAKEN:
        softer[name] = [thing for thing in softer[name] if (name, thing[_left(name)]) not in gone]
    return softer
