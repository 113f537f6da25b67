"""The sheet a runner level is drawn on, and the set pieces of running, jumping and ducking.

What belongs here: one function a piece, each placing a small, readable challenge and its reward on a sheet.
What does not: things to ride, bounce on, break and climb (``heights.py``), which pieces a level has and in
which order (``generate.py``).

Lengths along the ground are given in frames of running, so a piece plays the same at every speed; heights
are pixels above the ground. What a jump can do is in ``rules.js``: 150 px high and 40 frames long, or, where
holding counts, 104 to 205 px and 33 to 47 frames.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

LOW, TALL, FLY = 0, 1, 2
COIN, CLOCK = 0, 1
CRATE = 48
AIR = 40
"""Frames a plain jump lasts."""

OVER_LOW, OVER_TALL = 35, 28
"""Frames of it above a low and above a tall hazard."""

BODY = 28
"""Width of the hero that counts, pixels."""

UNIT = 16

WAVES = ([14] * 6, [14, 40, 60, 60, 40, 14], [60, 14, 60, 14, 60])
"""Heights of the coins of a breather."""


@dataclass
class Sheet:
    """A level being drawn from left to right; ``x`` is where the next piece starts, in pixels."""

    speed: int
    difficulty: int
    hold: bool
    hearts: int
    rng: random.Random
    beat: int = 30
    """Frames of a beat of the music, or of as many beats as take 24 frames."""
    motif: tuple[int, ...] = (0,)
    """Half beats that each jump of a rhythm is later than the one before, over and over."""
    voice: tuple[str, ...] = ("low",)
    """What those jumps go over, likewise: ``low``, ``gap`` or ``tall``."""
    pace: float = 1.0
    """Factor on the rests between pieces."""
    x: int = 0
    gaps: list[list[int]] = field(default_factory=list)
    crates: list[list[int]] = field(default_factory=list)
    hazards: list[list[int]] = field(default_factory=list)
    items: list[list[int]] = field(default_factory=list)
    ledges: list[list[int]] = field(default_factory=list)
    springs: list[list[int]] = field(default_factory=list)
    breakables: list[list[int]] = field(default_factory=list)
    rides: list[list[int]] = field(default_factory=list)

    def run(self, frames: float) -> int:
        """Pixels run in so many frames."""
        return int(frames * self.speed) // UNIT

    def ease(self, easy: float, hard: float) -> float:
        """A value between ``easy`` and ``hard``, by the level's difficulty."""
        return easy + (hard - easy) * self.difficulty / 100

    def window(self) -> float:
        """Frames within which the jump over a piece must start; noise of 5 frames either way needs eleven.

        Where jumps are held a hand errs twice, and hearts forgive.
        """
        least = (7 if self.hearts > 1 else 16) + (4 if self.hold else 0)
        easy = math.pow(1 - self.difficulty / 100, 1.4)
        return least + (27 - least) * easy + self.rng.uniform(-2, 2)

    def go(self, frames: float) -> None:
        """Leave the ground empty for so many frames."""
        self.x += self.run(frames)

    def rest(self) -> None:
        """Leave room to read what comes, less where hearts forgive; the next piece starts on half a beat."""
        self.go(self.ease(30, 5 if self.hearts == 1 else 0) * self.pace)
        half = max(1, self.run(self.beat / 2))
        self.x = -(-self.x // half) * half

    def hazard(self, kind: int, x: int, y: int = 0, drift: int = 0, variant: int = -1) -> None:
        """Place a hazard by its left edge; which of its pictures it has is ``variant``, or left to chance."""
        self.hazards.append([kind, x, y, drift, variant % 3 if variant >= 0 else self.rng.randrange(3)])

    def coins(self, centre: int, heights: list[int], spacing: int = 44) -> None:
        """Place a row of coins around ``centre``, one for each height."""
        left = centre - (len(heights) - 1) * spacing // 2 - 16
        self.items.extend([COIN, left + i * spacing, y] for i, y in enumerate(heights))

    def arc(self, centre: int) -> None:
        """Place coins along a jump whose highest point is over ``centre``."""
        spacing = max(44, self.run(9))
        top = 100 if self.hold else 140
        self.coins(centre, [top - 38, top, top, top - 38], spacing)


Piece = Callable[[Sheet], None]


def hop(sheet: Sheet) -> None:
    """Place one low hazard under an arc of coins."""
    sheet.hazard(LOW, sheet.x)
    sheet.arc(sheet.x + 20)
    sheet.go(AIR // 2 + 6)


def _row(sheet: Sheet, kind: int, above: int, most: int) -> None:
    """Place as many hazards side by side as leave the jump its window."""
    room = sheet.run(above - sheet.window()) - BODY
    count = min(max(1, room // 40), most)
    for i in range(count):
        sheet.hazard(kind, sheet.x + 40 * i)
    if kind == LOW:
        sheet.arc(sheet.x + 20 * count)
    sheet.x += 40 * (count - 1)
    sheet.go(AIR // 2 + 8)


def tall(sheet: Sheet) -> None:
    """Place one tall hazard, later two or three: the jump must be well timed, or held."""
    _row(sheet, TALL, OVER_TALL, 1 if sheet.hold and sheet.difficulty < 80 else 2 if sheet.hold else 3)


def wide(sheet: Sheet) -> None:
    """Place several low hazards side by side."""
    _row(sheet, LOW, OVER_LOW, 2 if sheet.hold else 5)


def rhythm(sheet: Sheet) -> None:
    """Place obstacles on the beat of the music, so that landing and jumping become one."""
    half = sheet.beat / 2
    pace = -(-sheet.ease(66, 50) // half) * half
    x = sheet.x
    for i in range(3 if sheet.difficulty < 45 else sheet.rng.choice((3, 4))):
        _note(sheet, sheet.voice[i % len(sheet.voice)])
        step = pace + half * sheet.motif[i % len(sheet.motif)]
        sheet.coins(x + 20 + sheet.run(step / 2), [14])
        x += sheet.run(step)
        sheet.x = x
    sheet.go(-pace / 2)


def _note(sheet: Sheet, voice: str) -> None:
    """Place one obstacle of a rhythm; what is too hard yet is a low hazard."""
    if voice == "gap":
        sheet.gaps.append([sheet.x - 8, sheet.run(12) + 16])
    elif voice == "tall" and sheet.difficulty >= 50:
        sheet.hazard(TALL, sheet.x)
    else:
        sheet.hazard(LOW, sheet.x)


def gap(sheet: Sheet) -> None:
    """Open the ground; the coins show the jump."""
    widest = 30 if sheet.hold else 44
    width = sheet.run(min(AIR + 9 - sheet.window(), widest))
    sheet.gaps.append([sheet.x, width])
    sheet.arc(sheet.x + width // 2)
    sheet.x += width
    sheet.go(16)


def leap(sheet: Sheet) -> None:
    """Open the ground and guard the far side."""
    width = sheet.run(sheet.ease(13, 25))
    sheet.gaps.append([sheet.x, width])
    sheet.arc(sheet.x + width // 2)
    sheet.x += width
    sheet.go(sheet.ease(52, 42))
    sheet.hazard(LOW, sheet.x)
    sheet.go(AIR // 2 + 6)


def stairs(sheet: Sheet) -> None:
    """Climb two or three steps of crates, then jump down over what waits below."""
    steps = 2 if sheet.difficulty < 40 else 3
    for i in range(steps):
        wide_enough = -(-sheet.run(sheet.ease(60, 46)) // CRATE) * CRATE
        sheet.crates.append([sheet.x, wide_enough, CRATE * (i + 1)])
        sheet.coins(sheet.x + wide_enough // 2, [CRATE * (i + 1) + 14] * 3)
        sheet.x += wide_enough
    sheet.go(sheet.ease(52, 40))


def islands(sheet: Sheet) -> None:
    """Cross a long gap over crates that stand in it."""
    between = sheet.run(sheet.ease(13, 22))
    start = sheet.x
    count = 2 if sheet.difficulty < 55 else 3
    for i in range(count):
        sheet.x += between
        width = -(-sheet.run(sheet.ease(42, 30)) // CRATE) * CRATE
        top = CRATE if i % 2 else 24
        sheet.crates.append([sheet.x, width, top])
        sheet.coins(sheet.x + width // 2, [top + 14, top + 14])
        sheet.x += width
    sheet.x += between
    sheet.gaps.append([start, sheet.x - start])
    sheet.go(22)


def wall(sheet: Sheet) -> None:
    """Run up against a block of crates that takes a good jump to get onto."""
    top = CRATE * (3 if sheet.hold and sheet.difficulty >= 60 else 2)
    width = CRATE * sheet.rng.choice((3, 4))
    sheet.crates.append([sheet.x, width, top])
    sheet.coins(sheet.x + width // 2, [top + 14] * 3)
    sheet.x += width
    sheet.go(34)


def tunnel(sheet: Sheet) -> None:
    """Fill the air with flyers down to head height: nothing for it but to duck."""
    columns = 1 + round(sheet.ease(0, 2))
    for column in range(columns):
        for row in range(6 if sheet.hold else 4):
            sheet.hazard(FLY, sheet.x + column * 60, 40 + row * 40, variant=column + row)
    sheet.coins(sheet.x + 30 * columns, [4] * (columns + 1))
    sheet.x += 60 * columns
    sheet.go(14)


def over_and_under(sheet: Sheet) -> None:
    """Jump one hazard, then duck under the flyers behind it."""
    sheet.hazard(LOW if sheet.difficulty < 40 else TALL, sheet.x)
    sheet.go(AIR // 2 + sheet.ease(26, 11) + (8 if sheet.hold else 0))
    tunnel(sheet)


def lookout(sheet: Sheet) -> None:
    """Hang flyers where a needless jump would end, over coins on the ground."""
    sheet.hazard(LOW, sheet.x)
    sheet.go(sheet.ease(40, 32) + (8 if sheet.hold else 0))
    for i in range(2):
        sheet.hazard(FLY, sheet.x + i * 64, 90)
    sheet.coins(sheet.x + 60, [14] * 4)
    sheet.x += 128
    sheet.go(10)


def roller(sheet: Sheet) -> None:
    """Send a hazard rolling towards the hero."""
    sheet.hazard(LOW, sheet.x, 0, round(sheet.ease(24, 64)))
    sheet.arc(sheet.x + 20)
    sheet.go(AIR // 2 + 10)


def volley(sheet: Sheet) -> None:
    """Send several, one jump apart."""
    drift = round(sheet.ease(20, 48))
    for _ in range(2 if sheet.difficulty < 55 else 3):
        sheet.hazard(LOW, sheet.x, 0, drift)
        sheet.coins(sheet.x + 20 + sheet.run(28), [14])
        sheet.go(sheet.ease(66, 54))
    sheet.go(-20)


def swoop(sheet: Sheet) -> None:
    """Send a low flyer; jump it."""
    sheet.hazard(FLY, sheet.x, 16, round(sheet.ease(32, 60)))
    sheet.arc(sheet.x + 20)
    sheet.go(AIR // 2 + 10)


def breather(sheet: Sheet) -> None:
    """Give a stretch of nothing but a wave of coins."""
    wave = sheet.rng.choice(WAVES)[: round(sheet.ease(6, 3))]
    spacing = max(44, sheet.run(8))
    sheet.coins(sheet.x + spacing * len(wave) // 2, list(wave), spacing)
    sheet.x += spacing * len(wave)
    sheet.go(8)


def clock(sheet: Sheet) -> None:
    """Hang a clock where only a jump gets it."""
    sheet.items.append([CLOCK, sheet.x, 100 if not sheet.hold else 84])
    sheet.go(AIR // 2 + 6)
