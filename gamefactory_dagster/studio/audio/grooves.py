"""Grooves: what drums, bass and plucked chords do in a bar.

What belongs here: the patterns, and turning them into bars over a chord. What does not: which game has which
groove (``bands.py``), the order of parts (``music.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .harmony import Chord, Ground, nearest
from .notation import BAR, Bar, Note, hits

_Line = tuple[tuple[int, int, str], ...]
"""Of a bass: tick, length, and R root, 3 third, 5 fifth, 8 octave, A a step towards the next chord's root."""


@dataclass(frozen=True, slots=True)
class Groove:
    """A bar of each drum as a grid, and the basses and plucked figures that go with it."""

    kick: str
    driving: str
    """The kick where there is most going on."""
    snare: str
    hat: str
    open: str
    perc: str
    basses: tuple[_Line, ...]
    figures: tuple[str, ...]
    triplets: bool = False


_LONG: _Line = ((0, 84, "R"),)
_HALVES: _Line = ((0, 40, "R"), (48, 40, "5"))
_WALK: _Line = ((0, 20, "R"), (24, 20, "3"), (48, 20, "5"), (72, 20, "A"))

GROOVES: Mapping[str, Groove] = {
    "pop": Groove(
        "x.......x.x.....", "x..x....x.x...x.", "....x.......x...", "x.o.x.o.x.o.x.o.", "..............x.",
        "......x.......x.",
        (((0, 30, "R"), (36, 10, "R"), (48, 20, "5"), (72, 20, "8")),
         ((0, 20, "R"), (24, 10, "R"), (36, 10, "R"), (60, 10, "5"), (72, 10, "R"), (84, 10, "A"))),
        ("arp", "broken", "offbeats"),
    ),
    "floor": Groove(
        "x...x...x...x...", "x...x...x...x.x.", "....x.......x...", "o.x.o.x.o.x.o.x.", "..x...x...x...x.",
        "...x..x....x..x.",
        (((12, 10, "R"), (36, 10, "R"), (60, 10, "R"), (84, 10, "8")),
         ((0, 10, "R"), (12, 10, "8"), (24, 10, "R"), (36, 10, "8"), (48, 10, "R"), (60, 10, "8"),
          (72, 10, "5"), (84, 10, "A"))),
        ("sixteenths", "arp"),
    ),
    "march": Groove(
        "x.......x.......", "x.....x.x.......", "....x..o....x.oo", "x...x...x...x...", "................",
        "..x...x...x...x.",
        (_HALVES, ((0, 20, "R"), (48, 20, "5"), (72, 20, "A"))),
        ("broken", "arp"),
    ),
    "half": Groove(
        "x.....x.........", "x.....x..x......", "........x.......", "x.o.x.o.x.o.x.ox", "............x...",
        "..........x...x.",
        (((0, 60, "R"), (72, 20, "5")), ((0, 44, "R"), (60, 10, "8"), (72, 20, "A"))),
        ("arp", "broken"),
    ),
    "chip": Groove(
        "x.....x.x.......", "x..x..x.x..x..x.", "....x.......x..o", "xoxoxoxoxoxoxoxo", "..............x.",
        "................",
        (((0, 10, "R"), (12, 10, "R"), (24, 10, "8"), (36, 10, "R"), (48, 10, "R"), (60, 10, "R"),
          (72, 10, "8"), (84, 10, "5")),),
        ("sixteenths", "arp"),
    ),
    "bounce": Groove(
        "x.....x.....x...", "x.....x.x...x.x.", "....x.......x...", "xoxoxoxoxoxoxoxo", "..............x.",
        "..x..x.x..x..x.x",
        (((0, 30, "R"), (36, 30, "5"), (72, 20, "8")),
         ((0, 30, "R"), (36, 30, "R"), (72, 10, "5"), (84, 10, "A"))),
        ("offbeats", "broken"),
    ),
    "soft": Groove(
        "x.........x.....", "x.......x.x.....", "....o.......o...", "x.o.x.o.x.o.x.o.", "................",
        "..............o.",
        (_LONG, _HALVES),
        ("arp", "harp", "broken"),
    ),
    "shuffle": Groove(
        "x.....x..x..", "x..x..x..x..", "...x.....x.o", "x..x.xx..x.x", "...........x", "..o..o..o..o",
        (_WALK, ((0, 20, "R"), (24, 20, "5"), (48, 20, "8"), (72, 20, "A"))),
        ("offbeats", "arp"),
        triplets=True,
    ),
}  # fmt: skip

FILLS = {
    "small": "............oxxX",
    "big": "........o.xxxxxX",
    "small3": ".........oxX",
    "big3": "......oxxxxX",
}
"""What a snare and a tom do before something new begins."""

_FIGURES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "arp": tuple((12 * i, (0, 1, 2, 3, 4, 3, 2, 1)[i]) for i in range(8)),
    "sixteenths": tuple((6 * i, (0, 1, 2, 3)[i % 4]) for i in range(16) if i % 8 != 7),
    "broken": ((0, 0), (24, 2), (36, 1), (60, 3), (72, 2), (84, 1)),
    "harp": ((0, 0), (12, 1), (24, 2), (36, 3), (48, 4)),
}
"""Tick, and which tone of the chord from below."""


def fill(groove: Groove, size: str) -> Bar:
    """The strokes of a fill in this groove's division of the beat."""
    return hits(FILLS[size + "3" if groove.triplets else size])


def bass(line: _Line, chord: Chord, following: Chord, ground: Ground) -> Bar:
    """A bar of bass on ``chord``, leading to the one that follows."""
    root = ground.low + (ground.key + chord.root - ground.low) % 12
    after = ground.low + (ground.key + following.root - ground.low) % 12
    third, fifth = chord.tones[1], chord.tones[2]
    up = fifth if root + fifth <= ground.high else fifth - 12
    pitch = {
        "R": root,
        "3": root + third,
        "5": root + up,
        "8": root + 12,
        "A": _approach(after, chord, ground),
    }
    return tuple((tick, pitch[what], length, 96 if tick == 0 else 82) for tick, length, what in line)


def _approach(root: int, chord: Chord, ground: Ground) -> int:
    """A step from ``root``, among what goes with the chord that still sounds."""
    wide = Ground(ground.key, ground.scale, ground.low - 4, ground.high + 4)
    return nearest([pitch for pitch in wide.pool(chord) if pitch != root], root)


def figure(name: str, chord: Chord, ground: Ground) -> Bar:
    """A bar of a plucked figure on ``chord``."""
    tones = ground.tones(chord)
    if name == "offbeats":
        low = tones[:3]
        return tuple((tick, pitch, 8, 84) for tick in (12, 36, 60, 84) for pitch in low)
    notes: list[Note] = []
    figure = _FIGURES[name]
    for index, (tick, tone) in enumerate(figure):
        until = figure[index + 1][0] if index + 1 < len(figure) else BAR
        notes.append((tick, tones[min(tone, len(tones) - 1)], until - tick, 92 if tick % 24 == 0 else 76))
    return tuple(notes)
