"""How music is written down: notes in ticks, bars of four beats, and tracks of bars.

What belongs here: the words every other file of the room uses for music. What does not: how it is made up
(``music.py``) or sounds (``voices.py``, ``drums.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TICKS = 24
"""Of a beat: eighths, sixteenths and triplets are whole."""

BEATS = 4
"""Of a bar."""

BAR = TICKS * BEATS

Note = tuple[int, int, int, int]
"""Tick within the bar, pitch (60 is middle C, a semitone each), length in ticks, loudness in percent."""

Bar = tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """What one instrument plays from beginning to end, a bar after the other."""

    role: str
    bars: tuple[Bar, ...]


def warped(bar: Iterable[Note], swing: int) -> Bar:
    """The bar with its off-beat eighths ``swing`` ticks late, and all between in proportion."""
    return tuple((_late(tick, swing), pitch, length, loudness) for tick, pitch, length, loudness in bar)


def _late(tick: int, swing: int) -> int:
    beat, within = divmod(tick, TICKS)
    half = TICKS // 2
    if within < half:
        return beat * TICKS + within * (half + swing) // half
    return beat * TICKS + half + swing + (within - half) * (half - swing) // half


def hits(grid: str, loudness: int = 88) -> Bar:
    """Strokes of a drum from a bar as a grid: ``X`` accent, ``x`` stroke, ``o`` ghost, ``.`` nothing."""
    step = BAR // len(grid)
    strength = {"X": 100, "x": loudness, "o": loudness // 2}
    return tuple((i * step, 0, step, strength[mark]) for i, mark in enumerate(grid) if mark != ".")
