"""A runner level made a little easier or harder in place.

What belongs here: easing what stopped the solver or most players, and hardening what nobody loses. What does
not: drafting (``generate.py``), or judging which of the two a level needs (``levels.py`` of the families).
"""

import copy
import random
from typing import Any

from gamefactory_dagster.studio.families.base import Level

from . import pieces

REACH = 200
"""Pixels from where it was lost within which the reason is looked for."""

CHANGES, WITH_HEARTS = 3, 7
"""Things that one hardening makes harder; hearts forgive more of them."""

EMPTY = 260
"""Pixels behind a hazard that must be free for another one beside it."""

PLACES = (("gaps", 0), ("crates", 0), ("hazards", 1), ("breakables", 0), ("rides", 0))
"""What can be in the way, and which of its numbers is its x."""


def repair(level: Level, report: dict[str, Any]) -> Level | None:
    """Ease what stopped the solver or the players; None when another draft is better."""
    eased: Level = copy.deepcopy(level)
    if report["cause"] == "short":
        eased["need"] = max(1, level["need"] - max(1, level["need"] // 6))
        return eased if eased["need"] < level["need"] else None
    if report["cause"] == "time":
        eased["clock"] += 60
        return eased
    if report["cause"] == "idle":  # who only runs is hit less often than there are hearts
        eased["hearts"] -= 1
        return eased if eased["hearts"] else None
    at = report["blocked_at"] * level["speed"] // pieces.UNIT
    if _ease_nearest(eased, at):
        return eased
    if not level["clock"]:
        return None
    eased["clock"] += 60  # where nothing stands in the way, time ran out
    return eased


def nearest(level: Level, at: int) -> tuple[str, int] | None:
    """What is nearest to ``at`` pixels, as its list's name and its place in it; None if nothing is near."""
    near: list[tuple[int, str, int]] = []
    for name, left in PLACES:
        for i, element in enumerate(level[name]):
            distance = max(element[left] - at, at - element[left] - _width(name, element), 0)
            if distance <= REACH:
                near.append((distance, name, i))
    return min(near)[1:] if near else None


def _ease_nearest(level: Level, at: int) -> bool:
    """Ease what is nearest to ``at`` pixels; False if nothing is near."""
    found = nearest(level, at)
    if found is None:
        return False
    name, i = found
    element = level[name][i]
    if name == "gaps" and element[1] > 90:
        _narrow(level, element)
    elif name == "rides":
        element[1] += element[1] // 6
    elif name == "hazards" and element[0] == pieces.TALL:
        element[0] = pieces.LOW
    else:
        level[name] = [other for other in level[name] if _column(name, other) != _column(name, element)]
    return True


def _narrow(level: Level, gap: list[int]) -> None:
    """Narrow a gap: at its far end where something leads into it, else at both."""
    x, width = gap
    led = [*level["rides"], *level["ledges"], *([left, pieces.CRATE] for left, _ in level["springs"])]
    if any(thing[0] < x + width and thing[0] + thing[1] > x - pieces.CRATE for thing in led):
        gap[1] -= width // 8
    else:
        gap[0] += width // 8
        gap[1] -= width // 4


def _width(name: str, element: list[int]) -> int:
    return pieces.CRATE if name in ("hazards", "breakables", "springs") else element[1]


def _column(name: str, element: list[int]) -> int:
    return element[1] if name == "hazards" else element[0]


def harden(level: Level, rng: random.Random) -> Level | None:
    """Widen gaps, put hazards beside lone ones or make them tall; None when nothing can be made harder."""
    harder: Level = copy.deepcopy(level)
    ways = [("gaps", i) for i in range(len(level["gaps"]))] + [
        ("hazards", i) for i in range(len(level["hazards"]))
    ]
    rng.shuffle(ways)
    changed = 0
    for name, i in ways:
        changed += _widen(harder, i) if name == "gaps" else _grow(harder, harder["hazards"][i], rng)
        if changed == (WITH_HEARTS if level["hearts"] > 1 else CHANGES):
            break
    if not changed:
        return None
    harder["hazards"].sort(key=lambda hazard: (hazard[1], hazard[2]))
    harder["items"] = [item for item in harder["items"] if not _buried(harder, item)]
    return harder


def _widen(level: Level, i: int) -> bool:
    """Widen a gap at its far end by a twelfth, as long as a jump crosses it."""
    x, width = level["gaps"][i]
    frames = (width + width // 12) * pieces.UNIT // level["speed"]
    if frames > (27 if level["hold"] else 38) or not _free(level, x + width, skip=-1):
        return False
    level["gaps"][i][1] += width // 12
    return True


def _grow(level: Level, hazard: list[int], rng: random.Random) -> bool:
    """Put another low hazard behind a lone one on the ground; where there is no room for it, make it tall."""
    kind, x, y, drift, _ = hazard
    if kind != pieces.LOW or y or drift:
        return False
    if _free(level, x + 1, skip=x):
        level["hazards"].append([pieces.LOW, x + 40, 0, 0, rng.randrange(3)])
        return True
    if level["hold"] or any(other[1] != x and abs(other[1] - x) < 60 for other in level["hazards"]):
        return False
    hazard[0] = pieces.TALL
    return True


def _free(level: Level, x: int, skip: int) -> bool:
    """Whether nothing begins or goes on in the pixels after ``x``, but for what stands at ``skip``."""
    return not any(
        element[left] != skip and element[left] < x + EMPTY and element[left] + _width(name, element) > x
        for name, left in (*PLACES, ("springs", 0), ("ledges", 0))
        for element in level[name]
    )


def _buried(level: Level, item: list[int]) -> bool:
    _, x, y = item
    return any(abs(hazard[1] - x) < 48 and abs(y - hazard[2]) < 36 for hazard in level["hazards"])
