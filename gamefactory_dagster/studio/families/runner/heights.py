"""Set pieces with things to climb, bounce on, break and ride: the upper half of the picture.

What belongs here: one function a piece, as in ``pieces.py``, whose measures and sheet they use. What does
not: which of them a game has (``grammar.py``).

A spring throws 266 px high and 53 frames far, what bursts underfoot 80 px and 29 frames (``rules.js``).
Ledges are 72 px apart, which every jump reaches, a tapped one too; they are passed through from below.
"""

from .pieces import AIR, BODY, COIN, CRATE, LOW, UNIT, Sheet

STOREY = 72
"""Height of a ledge, and from one to the next."""

SPRUNG = 53
"""Frames a spring keeps the hero in the air."""

LAUNCH, POPPED = 320, 176
"""Speed upwards off a spring and off what bursts, in sixteenths a frame: SPRING and POP of ``rules.js``."""

POP_FRAMES = 29

BOARDED = 60
"""Frames from running onto a ferry to its far end."""


def flight(speed: int, frames: int) -> int:
    """Pixels above where it began that a flight is after so many frames."""
    return (speed * frames - 6 * frames * (frames + 1)) // UNIT


def _trail(sheet: Sheet, x: int, y: int, speed: int, frames: range) -> None:
    """Place coins along the flight of a hero whose left edge left ``x`` at height ``y``."""
    for frame in frames:
        height = y + flight(speed, frame) + 14
        sheet.items.append([COIN, x + sheet.run(frame) + BODY // 2 - 16, max(4, height)])


def _row(sheet: Sheet, x: int, width: int, y: int) -> None:
    """Place coins along a floor of that width at height ``y``."""
    count = max(2, min(7, width // 64))
    sheet.coins(x + width // 2, [y + 14] * count, 52)


def storey(sheet: Sheet) -> None:
    """Hang a ledge full of coins over hazards on the ground."""
    width = sheet.run(sheet.ease(84, 116))
    sheet.ledges.append([sheet.x, width, STOREY])
    _row(sheet, sheet.x + 40, width - 40, STOREY)
    at = sheet.run(34)
    while at < width - sheet.run(10):
        sheet.hazard(LOW, sheet.x + at)
        at += sheet.run(sheet.ease(78, 58))
    if sheet.difficulty >= 45:
        sheet.hazard(LOW, sheet.x + width // 2 + sheet.run(14), STOREY)
    sheet.x += width
    sheet.go(24)


def climb(sheet: Sheet) -> None:
    """Lead up over two or three ledges, each with more coins, and down again in a long fall."""
    steps = 2 if sheet.difficulty < 35 else 3
    length = sheet.run(sheet.ease(54, 44))
    for i in range(steps):
        top = STOREY * (i + 1)
        sheet.ledges.append([sheet.x, length, top])
        _row(sheet, sheet.x, length, top)
        if i:
            sheet.hazard(LOW, sheet.x + sheet.run(12))
        sheet.x += length + sheet.run(sheet.ease(2, 9))
    _trail(sheet, sheet.x - sheet.run(6), STOREY * steps, 0, range(8, 24, 7))
    sheet.go(30)


def bridge(sheet: Sheet) -> None:
    """Lead over a gap no jump can cross by a ledge that starts before it."""
    early, wide = sheet.run(sheet.ease(46, 34)), sheet.run(sheet.ease(40, 62))
    sheet.ledges.append([sheet.x, early + wide + sheet.run(8), STOREY])
    sheet.gaps.append([sheet.x + early, wide])
    _row(sheet, sheet.x + 30, early + wide - 30, STOREY)
    sheet.x += early + wide
    sheet.go(30)


def vault(sheet: Sheet) -> None:
    """Place a spring before a gap; the coins hang in its high arc."""
    sheet.springs.append([sheet.x, 0])
    start = sheet.x - 23
    sheet.gaps.append([sheet.x + 64, max(60, sheet.run(45) - 90)])
    _trail(sheet, start, 0, LAUNCH, range(6, 49, 7))
    sheet.x = start + sheet.run(SPRUNG)
    sheet.go(12)


def loft(sheet: Sheet) -> None:
    """Throw the hero up to a ledge high above; who misses the spring runs among hazards."""
    top, width = 3 * STOREY - 12, sheet.run(sheet.ease(74, 96))
    sheet.springs.append([sheet.x, 0])
    left = sheet.x + sheet.run(24)
    sheet.ledges.append([left, width, top])
    _trail(sheet, sheet.x - 23, 0, LAUNCH, range(6, 28, 7))
    _row(sheet, left + sheet.run(14), width - sheet.run(14), top)
    for frames in range(58, 24 + int(sheet.ease(74, 96)), 62):
        sheet.hazard(LOW, sheet.x + sheet.run(frames))
    sheet.x = left + width
    _trail(sheet, sheet.x, top, 0, range(8, 24, 7))
    sheet.go(34)


def trampolines(sheet: Sheet) -> None:
    """Place springs one flight apart over a wide gap: three bounds without a press."""
    count = 2 if sheet.difficulty < 45 else 3
    for i in range(count):
        sheet.springs.append([sheet.x, 0])
        _trail(sheet, sheet.x - 23 + (20 if i else 0), 0, LAUNCH, range(8, 48, 9))
        landing = sheet.x + sheet.run(SPRUNG) - (20 if i == 0 else 0)
        sheet.gaps.append([sheet.x + 64, max(48, landing - sheet.x - 64 - sheet.run(8))])
        sheet.x = landing
    sheet.go(14)


def smash(sheet: Sheet) -> None:
    """Stand a crate that bursts underfoot in the way, with coins where it throws the hero."""
    sheet.breakables.append([sheet.x, 0])
    _trail(sheet, sheet.x + 10, CRATE, POPPED, range(8, 27, 9))
    sheet.go(POP_FRAMES + 20)


def chain(sheet: Sheet) -> None:
    """Lay a row of them: whoever lands on it is thrown along it, and bursts some at each bound."""
    bounds = 2 if sheet.difficulty < 30 else 3
    count = sheet.run(POP_FRAMES * bounds) // CRATE + 1
    for i in range(count):
        sheet.breakables.append([sheet.x + i * CRATE, 0])
    for i in range(bounds):
        _trail(sheet, sheet.x + 30 + i * sheet.run(POP_FRAMES), CRATE, POPPED, range(10, 20, 9))
    sheet.x += count * CRATE
    sheet.go(34)


def barricade(sheet: Sheet) -> None:
    """Stack two of them: a wall for whoever jumps too late."""
    sheet.breakables += [[sheet.x, 0], [sheet.x, CRATE]]
    _trail(sheet, sheet.x + 10, 2 * CRATE, POPPED, range(8, 27, 9))
    sheet.go(POP_FRAMES + 24)


def ferry(sheet: Sheet) -> None:
    """Carry the hero over a gap no jump can cross, but for its end: there it must jump off."""
    jump = 28 if sheet.hold else AIR
    width = sheet.run(BOARDED + 4 + jump - sheet.window())
    sheet.gaps.append([sheet.x, width])
    sheet.rides.append([sheet.x, sheet.run(26), 0, sheet.run(34), 0, 280])
    for frames in (20, 30, 40):
        sheet.items.append([COIN, sheet.x + sheet.run(frames), 14])
    sheet.arc(sheet.x + sheet.run(BOARDED + jump / 2))
    sheet.x += width
    sheet.go(26)


def elevator(sheet: Sheet) -> None:
    """Let it be lifted to a ledge of coins over a gap."""
    aboard = sheet.run(34)
    sheet.rides.append([sheet.x, aboard, 0, 0, STOREY + 34, 140])
    wide, over = sheet.run(sheet.ease(26, 44)), sheet.run(sheet.ease(40, 30))
    sheet.gaps.append([sheet.x, aboard + wide])
    left = sheet.x + aboard - 8
    sheet.ledges.append([left, wide + over, STOREY + 24])
    _row(sheet, left + 20, wide + over - 20, STOREY + 24)
    if sheet.difficulty >= 50:
        sheet.hazard(LOW, left + wide + sheet.run(4), STOREY + 24)
    sheet.x += aboard + wide + over
    sheet.go(24)


def floats(sheet: Sheet) -> None:
    """Cross a long gap over platforms that go up and down."""
    between = sheet.run(sheet.ease(12, 22))
    start = sheet.x
    for i in range(2 if sheet.difficulty < 50 else 3):
        sheet.x += between
        width, swing = sheet.run(sheet.ease(48, 36)), round(sheet.ease(20, 44))
        sheet.rides.append([sheet.x, width, 24, 0, swing if i % 2 else -swing // 2, 150])
        sheet.coins(sheet.x + width // 2, [44, 44], 52)
        sheet.x += width
    sheet.x += between
    sheet.gaps.append([start, sheet.x - start])
    sheet.go(24)
