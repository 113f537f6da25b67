"""A runner's levels, daily levels and endless sections, drafted: which pieces, in which order, how close.

What belongs here: composing pieces by a game's grammar along its difficulty curve. What does not: the pieces
themselves (``pieces.py``, ``heights.py``), what a game favours (``grammar.py``), easing and hardening
(``repair.py``), or the proof that a level can be won (``levels.py`` of the families).
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.families.base import Level

from . import pieces
from .grammar import BASE, CONTENT, LESSONS, SPECIAL, Grammar, grammar, open_at
from .pieces import Piece, Sheet

SLOWEST, FASTEST = 80, 132
"""Sixteenths of a pixel a frame: 300 to 495 pixels a second."""

SHORTEST, LONGEST = 27 * 60, 36 * 60
"""Frames from start to flag, before what the last pieces add."""

LEAD_IN = 100
"""Frames of empty ground before the first piece."""

FINALE = 220
"""Frames before the end at which the finale begins."""

HEARTS = 3

ALONE = 4
"""Up to this level what is new stays alone with plain running; in later ones it only comes first."""

DAILY_FRAMES = 18 * 60
DAILY_DIFFICULTY = (25, 60)

PACES = (88, 98, 108, 118, 128, 136)
"""Speeds of an endless run, one after the other; a section is played at two of them."""

TIERS = (6, 22, 38, 52, 66)
"""Difficulties of an endless run's sections; the first is played at the first two paces, and so on."""

SECTIONS_A_TIER = 4
SECTION_FRAMES = 150
"""Frames after which no further piece begins."""

ENTRY = 30
"""Frames of bare ground that begin a section: a jump over what comes first may start in them."""

SETTLE = 64
"""Frames of bare ground that end a section: whoever is in the air lands on them."""

LISTS = ("gaps", "crates", "ledges", "springs", "breakables", "rides")
"""Parts of a level that are sheet and level alike, by their x."""


def generate(gdd: GDD, number: int, rng: random.Random) -> Level:
    """Draft level ``number`` (1..10) of the design."""
    # Whoever plays the first level has never jumped before.
    difficulty = gdd.difficulty_curve[number - 1] // (2 if number == 1 else 1)
    mood = grammar(gdd)
    known, fresh = mood.known(number), mood.fresh(number)
    sheet = _sheet(gdd, mood, known, difficulty, rng)
    frames = round(SHORTEST + (LONGEST - SHORTEST) * difficulty / 100)
    clocks = 4 + sheet.difficulty // 30 if "timer_countdown" in known else 0
    used = (fresh,) if fresh and number <= ALONE else known
    _fill(sheet, mood, _sequence(sheet, mood, used, fresh), used, frames, clocks)
    lessons = ["jump"] if number == 1 else [LESSONS[fresh]] if fresh else []
    return _level(sheet, gdd, known) | {"number": number, "teaches": lessons}


def daily(gdd: GDD, number: int, rng: random.Random) -> Level:
    """Draft daily level ``number`` (0..29): short, of all the game has, after the day's own grammar."""
    mood = grammar(gdd, f"daily {number}")
    known = tuple(name for name in mood.order if name not in ("score_system", "timer_countdown"))
    low, high = DAILY_DIFFICULTY
    sheet = _sheet(gdd, mood, known, low + number * 11 % (high - low), rng)
    _fill(sheet, mood, _stretches(sheet, mood, known), known, DAILY_FRAMES, 0)
    return _level(sheet, gdd, known) | {"number": 0, "teaches": []}


def sections(gdd: GDD, rng: random.Random) -> list[dict[str, Any]]:
    """Draft the sections of the endless mode, from the gentlest on."""
    mood = grammar(gdd)
    return [
        _section(gdd, mood, tier, difficulty, rng)
        for tier, difficulty in enumerate(TIERS)
        for _ in range(SECTIONS_A_TIER)
    ]


def _section(gdd: GDD, mood: Grammar, tier: int, difficulty: int, rng: random.Random) -> dict[str, Any]:
    slow, fast = PACES[tier : tier + 2]
    known = tuple(name for name in mood.order if name not in ("score_system", "timer_countdown"))
    sheet = _sheet(gdd, mood, known, difficulty, rng, slow)
    sheet.go(ENTRY)
    picks = _picks(sheet, mood, known)
    while sheet.x < sheet.run(SECTION_FRAMES):
        next(picks)(sheet)
        sheet.rest()
    pieces.breather(sheet)
    sheet.x += SETTLE * fast // pieces.UNIT
    whole = _level(sheet, gdd, known)
    shared = ("length", "hearts", "hold", "duck", "value", "hazards", "items", *LISTS)
    return {"speeds": [slow, fast]} | {name: whole[name] for name in shared}


def beat_frames(tempo: int) -> int:
    """Frames of one beat of the music, doubled until a beat is at least 24 frames."""
    beat = 3600 // tempo
    while beat < 24:
        beat *= 2
    return beat


def _sheet(
    gdd: GDD, mood: Grammar, known: Sequence[str], difficulty: int, rng: random.Random, speed: int = 0
) -> Sheet:
    hold = "physics_gravity" in gdd.mechanics
    tall = not hold or "physics_gravity" in known
    return Sheet(
        speed=speed or round(SLOWEST + (FASTEST - SLOWEST) * difficulty / 100),
        difficulty=difficulty,
        hold=hold,
        hearts=HEARTS if "health_system" in gdd.mechanics else 1,
        rng=rng,
        beat=beat_frames(gdd.style_guide.tempo),
        motif=mood.motif,
        voice=tuple(voice if tall else voice.replace("tall", "low") for voice in mood.voice),
        pace=mood.pace,
    )


def _fill(
    sheet: Sheet, mood: Grammar, sequence: Iterator[Piece], known: tuple[str, ...], frames: int, clocks: int
) -> None:
    """Place pieces and clocks until it is time for the finale, then that."""
    end = sheet.run(frames - FINALE)
    hung = 0
    sheet.go(LEAD_IN)
    for piece in sequence:
        if hung < clocks and sheet.x >= end * (hung + 1) // (clocks + 1):
            pieces.clock(sheet)
            hung += 1
            sheet.rest()
        if sheet.x >= end:
            break
        piece(sheet)
        sheet.rest()
    for piece in mood.finale(known):
        piece(sheet)
        sheet.rest()
    sheet.go(50)


def _sequence(sheet: Sheet, mood: Grammar, known: tuple[str, ...], fresh: str) -> Iterator[Piece]:
    """What is new by itself, then each thing the level may use, then stretches of them."""
    rng, difficulty = sheet.rng, sheet.difficulty
    if not known:
        yield from (pieces.hop, pieces.hop, pieces.breather, pieces.gap)
    if fresh:
        yield from _shown(fresh, difficulty)
        yield pieces.breather
    yield from (rng.choice(_open(name, difficulty)) for name in known if name != fresh and _has(name))
    yield from _stretches(sheet, mood, known)


def _has(name: str) -> bool:
    return bool(SPECIAL.get(name) or CONTENT.get(name))


def _open(name: str, difficulty: int) -> list[Piece]:
    return open_at(SPECIAL.get(name) or CONTENT[name], difficulty)


def _shown(name: str, difficulty: int) -> list[Piece]:
    """Its first piece twice and then the next; of what is no piece, the plain jump that it is about."""
    choices = _open(name, difficulty) if _has(name) else [pieces.hop]
    return [choices[0], choices[0], choices[min(1, len(choices) - 1)]]


def _stretches(sheet: Sheet, mood: Grammar, known: tuple[str, ...]) -> Iterator[Piece]:
    """Stretches of a few pieces with a breather after each; never the same piece twice running."""
    picks = _picks(sheet, mood, known)
    while True:
        for _ in range(sheet.rng.randint(*mood.stretch)):
            yield next(picks)
        for _ in range(mood.waves):
            yield pieces.breather


def _picks(sheet: Sheet, mood: Grammar, known: tuple[str, ...]) -> Iterator[Piece]:
    """Pieces by the weights of a grammar."""
    rng, difficulty = sheet.rng, sheet.difficulty
    favour = {name: 3.0 / (1 + mood.content.index(name)) if name in mood.content else 2.0 for name in known}
    special = {name: weight for name, weight in favour.items() if _has(name)}
    plain = {kind: weight for kind, weight in mood.base.items() if _allowed(kind, sheet, known)}
    last: Piece | None = None
    from_special = False
    while True:
        # After something special there is mostly running again: who is thrown and carried presses little.
        relish = mood.relish * (0.4 if from_special else 1)
        from_special = bool(special) and rng.random() < relish
        weights = special if from_special else plain
        kind = rng.choices(list(weights), list(weights.values()))[0]
        choices = _open(kind, difficulty) if from_special else open_at(BASE[kind], difficulty)
        piece = rng.choice(choices)
        if piece is last:
            piece = pieces.hop if last is not pieces.hop else pieces.gap
        last = piece
        yield piece


def _allowed(kind: str, sheet: Sheet, known: Sequence[str]) -> bool:
    """Talls and beats wait for their difficulty, talls besides for the lesson where jumps are held."""
    if BASE[kind][0][0] > sheet.difficulty:
        return False
    return kind != "talls" or not sheet.hold or "physics_gravity" in known


def _level(sheet: Sheet, gdd: GDD, known: Sequence[str]) -> Level:
    """The sheet as a level, without its number and what it teaches."""
    total = sheet.x * pieces.UNIT // sheet.speed
    items = sorted(_clear(sheet))
    coins = sum(1 for item in items if item[1] == pieces.COIN)
    clocks = len(items) - coins
    economy = gdd.economy
    best = coins * economy.pickup_value + economy.win_bonus
    return {
        "seed": sheet.rng.randrange(2**31),
        "speed": sheet.speed,
        "length": sheet.x,
        "hearts": sheet.hearts,
        "hold": int(sheet.hold),
        "duck": int("multi_touch" in known),
        "need": int(coins * sheet.ease(0.3, 0.6)) if "score_system" in known else 0,
        "clock": int(total * 0.55) if clocks else 0,
        "bonus": -(-int(total * 0.45 + 90) // (clocks - 1)) if clocks else 0,
        "value": economy.pickup_value,
        "win": economy.win_bonus,
        "stars": [best * 50 // 100, max(best * 70 // 100, min(economy.par, best * 85 // 100))],
        "hazards": sorted(sheet.hazards, key=lambda hazard: (hazard[1], hazard[2])),
        "items": [[kind, x, y] for x, kind, y in items],
        **{name: sorted(getattr(sheet, name)) for name in LISTS},
    }


def _clear(sheet: Sheet) -> list[tuple[int, int, int]]:
    """Items as ``(x, kind, y)``, without those that stand in something, or too near another."""
    boxes = [(left, width, 0, top) for left, width, top in sheet.crates]
    boxes += [(left, pieces.CRATE, y, y + pieces.CRATE) for left, y in sheet.breakables]
    kept: list[tuple[int, int, int]] = []
    for kind, x, y in sorted(sheet.items, key=lambda item: (item[1], -item[0])):
        boxed = any(left - 32 < x < left + width and low - 32 < y < top for left, width, low, top in boxes)
        in_hazard = any(abs(hazard[1] - x) < 48 and abs(y - hazard[2]) < 36 for hazard in sheet.hazards)
        crowded = kind == pieces.COIN and any(
            x - other < 40 and abs(y - height) < 40 for other, _, height in kept[-4:]
        )
        if x > 0 and not boxed and not in_hazard and not crowded:
            kept.append((x, kind, y))
    return kept
