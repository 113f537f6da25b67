"""Which set pieces a runner level has, in which order and how close: the level generator and its repair.

What belongs here: composing pieces along the difficulty curve, and easing what the solver could not pass.
What does not: the pieces themselves (``pieces.py``) or the proof that a level can be won (``levels.py``).
"""

import copy
import random
from collections.abc import Iterator
from typing import Any

from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Level

from . import pieces
from .pieces import Piece, Sheet

SLOWEST, FASTEST = 80, 132
"""Sixteenths of a pixel a frame: 300 to 495 pixels a second."""

SHORTEST, LONGEST = 12 * 60, 18 * 60
"""Frames from start to flag."""

LEAD_IN = 100
"""Frames of empty ground before the first piece."""

HEARTS = 3

PLAIN: tuple[tuple[int, Piece], ...] = (
    (0, pieces.hop),
    (0, pieces.gap),
    (8, pieces.tall),
    (15, pieces.wide),
    (22, pieces.rhythm),
    (35, pieces.leap),
)
"""Difficulty from which a piece may appear, and the piece."""

SPECIAL: dict[str, tuple[tuple[int, Piece], ...]] = {
    "collision_detection": ((0, pieces.wall), (5, pieces.stairs), (20, pieces.islands)),
    "multi_touch": ((0, pieces.tunnel), (18, pieces.over_and_under), (30, pieces.lookout)),
    "spawner": ((0, pieces.roller), (12, pieces.swoop), (30, pieces.volley)),
}
"""Pieces that only games with the mechanic have."""


def generate(gdd: GDD, number: int, rng: random.Random) -> Level:
    """Draft level ``number`` of the design."""
    difficulty = gdd.difficulty_curve[number - 1]
    speed = round(SLOWEST + (FASTEST - SLOWEST) * difficulty / 100)
    hold = "physics_gravity" in gdd.mechanics
    hearts = HEARTS if "health_system" in gdd.mechanics else 1
    sheet = Sheet(speed=speed, difficulty=difficulty, hold=hold, hearts=hearts, rng=rng)
    frames = round(SHORTEST + (LONGEST - SHORTEST) * difficulty / 100)
    beat = beat_frames(gdd.style_guide.tempo)
    _fill(sheet, gdd.mechanics, number, frames, beat)
    return _finish(sheet, gdd, number)


def beat_frames(tempo: int) -> int:
    """Frames of one beat of the music, doubled until a beat is at least 24 frames."""
    beat = 3600 // tempo
    while beat < 24:
        beat *= 2
    return beat


def _fill(sheet: Sheet, mechanics: tuple[str, ...], number: int, frames: int, beat: int) -> None:
    end = sheet.run(frames - 60)
    clocks = 3 + sheet.difficulty // 40 if "timer_countdown" in mechanics else 0
    hung = 0
    sheet.go(LEAD_IN)
    for piece in _sequence(sheet, mechanics, number):
        if hung < clocks and sheet.x >= end * (hung + 1) // (clocks + 1):
            pieces.clock(sheet)
            hung += 1
            _rest(sheet, beat)
        if sheet.x >= end:
            return
        piece(sheet)
        _rest(sheet, beat)


def _rest(sheet: Sheet, beat: int) -> None:
    """Leave room to read what comes, and start the next piece on a half beat of the music."""
    sheet.go(sheet.ease(46, 6))
    half = max(1, sheet.run(beat / 2))
    sheet.x = -(-sheet.x // half) * half


def _sequence(sheet: Sheet, mechanics: tuple[str, ...], number: int) -> Iterator[Piece]:
    """Stretches of two to four pieces with a breather after each; never the same piece twice running.

    Every mechanic shows itself early in every level; the first two levels show one new piece at a time.
    """
    rng, difficulty = sheet.rng, sheet.difficulty
    groups = [_open(SPECIAL[name], difficulty) for name in mechanics if name in SPECIAL]
    special = [piece for group in groups for piece in group]
    plain = _open(PLAIN, difficulty)
    if number <= 2:
        yield from (pieces.hop, pieces.gap, *special)
    else:
        yield rng.choice(plain)
        yield from (rng.choice(group) for group in rng.sample(groups, len(groups)))
    last: Piece | None = None
    while True:
        for _ in range(rng.randint(2, 3 if difficulty < 50 else 4)):
            pool = special if special and rng.random() < 0.55 else plain
            last = rng.choice([piece for piece in pool if piece is not last] or plain)
            yield last
        yield pieces.breather


def _open(choices: tuple[tuple[int, Piece], ...], difficulty: int) -> list[Piece]:
    return [piece for low, piece in choices if low <= difficulty]


def _finish(sheet: Sheet, gdd: GDD, number: int) -> Level:
    mechanics = gdd.mechanics
    sheet.go(50)
    total = sheet.x * pieces.UNIT // sheet.speed
    items = sorted(_clear(sheet))
    coins = sum(1 for item in items if item[1] == pieces.COIN)
    clocks = len(items) - coins
    economy = gdd.economy
    best = coins * economy.pickup_value + economy.win_bonus
    return {
        "number": number,
        "seed": sheet.rng.randrange(2**31),
        "speed": sheet.speed,
        "length": sheet.x,
        "hearts": sheet.hearts,
        "hold": int(sheet.hold),
        "duck": int("multi_touch" in mechanics),
        "need": int(coins * sheet.ease(0.3, 0.6)) if "score_system" in mechanics else 0,
        "clock": int(total * 0.55) if clocks else 0,
        "bonus": -(-int(total * 0.45 + 90) // (clocks - 1)) if clocks else 0,
        "value": economy.pickup_value,
        "win": economy.win_bonus,
        "stars": [best * 50 // 100, max(best * 50 // 100, min(economy.par, best * 85 // 100))],
        "gaps": sorted(sheet.gaps),
        "crates": sorted(sheet.crates),
        "hazards": sorted(sheet.hazards, key=lambda hazard: (hazard[1], hazard[2])),
        "items": [[kind, x, y] for x, kind, y in items],
    }


def _clear(sheet: Sheet) -> list[tuple[int, int, int]]:
    """Items as ``(x, kind, y)``, without those that stand in a hazard or a crate, or too near another."""
    kept: list[tuple[int, int, int]] = []
    for kind, x, y in sorted(sheet.items, key=lambda item: (item[1], -item[0])):
        in_crate = any(left - 32 < x < left + width and y < top for left, width, top in sheet.crates)
        in_hazard = any(abs(left - x) < 48 and abs(y - bottom) < 36 for _, left, bottom, _ in sheet.hazards)
        crowded = bool(kept) and x - kept[-1][0] < 40 and kind == pieces.COIN
        if x > 0 and not in_crate and not in_hazard and not crowded:
            kept.append((x, kind, y))
    return kept


def repair(level: Level, report: dict[str, Any]) -> Level | None:
    """Ease what stopped the solver; None when another draft is better."""
    eased: Level = copy.deepcopy(level)
    if report["cause"] == "short":
        eased["need"] = max(1, level["need"] - max(1, level["need"] // 6))
        return eased if eased["need"] < level["need"] else None
    if report["cause"] == "time":
        eased["clock"] += 60
        return eased
    if report["cause"] == "idle":
        return None
    at = report["blocked_at"] * level["speed"] // pieces.UNIT
    return eased if _ease_nearest(eased, at) else None


def _ease_nearest(level: Level, at: int) -> bool:
    """Narrow the gap or take away the hazard or crate nearest to ``at`` pixels; False if none is near."""
    reach = 200
    near: list[tuple[int, str, int]] = []
    for name, left in (("gaps", 0), ("crates", 0), ("hazards", 1)):
        for i, element in enumerate(level[name]):
            width = 48 if name == "hazards" else element[1]
            distance = max(element[left] - at, at - element[left] - width, 0)
            if distance <= reach:
                near.append((distance, name, i))
    if not near:
        return False
    _, name, i = min(near)
    element = level[name][i]
    if name == "gaps" and element[1] > 90:
        element[0] += element[1] // 8
        element[1] -= element[1] // 4
    elif name == "hazards" and element[0] == pieces.TALL:
        element[0] = pieces.LOW
    else:
        level[name] = [other for other in level[name] if _column(name, other) != _column(name, element)]
    return True


def _column(name: str, element: list[int]) -> int:
    return element[1] if name == "hazards" else element[0]
