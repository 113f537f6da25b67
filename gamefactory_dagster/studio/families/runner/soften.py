"""A runner level made as hard as asked, by taking away some of what people stumble over in it.

What belongs here: the choice of what goes. What does not: the games that are counted (``bot.js``), levels
that are too easy (``repair.py``, ``generate.py``).
"""

import copy
from collections.abc import Collection, Sequence

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
    games = [
        None if game is None or game["time"] > clock else [_blamed(level, x) for x in game["lost"]]
        for game in mishaps
    ]
    hearts = level["hearts"]
    if hearts > 1:
        hearts = min(HEARTS, key=lambda many: abs(_share(games, many, ()) - target))
    gone: set[Thing] = set()
    share = _share(games, hearts, gone)
    left = {thing for game in games if game for thing in game} & _removable(level)
    while left and share < target:
        hits = {thing: sum(game.count(thing) for game in games if game) for thing in left}
        after = {thing: _share(games, hearts, gone | {thing}) for thing in left}
        best = min(left, key=lambda thing: (abs(after[thing] - target), -hits[thing], thing))
        if after[best] > target and after[best] - target > target - share:
            break
        gone.add(best)
        left.remove(best)
        share = after[best]
    return _without(level, gone) | {"hearts": hearts, "clock": clock}, round(share, 4)


def _clock(level: Level, mishaps: Mishaps, target: float) -> int:
    """Time to begin with, such that it runs out in ``BY_TIME`` of the games that are to be lost."""
    if not level["clock"]:
        return 0
    times = sorted(game["time"] for game in mishaps if game)
    late = round((1 - target) * BY_TIME * len(times))
    most = round(MOST_TIME * level["length"] * UNIT / level["speed"])
    return int(min(most, times[-1 - late])) if times else int(level["clock"])


def _share(games: Sequence[Sequence[Thing] | None], hearts: int, gone: Collection[Thing]) -> float:
    won = sum(game is not None and sum(thing not in gone for thing in game) < hearts for game in games)
    return won / len(games)


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
