"""A tune of eight bars: a motif, a response, the motif again and a question; then once more, with an answer.

What belongs here: making up a tune over given chords. What does not: chords, accompaniment, instruments.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from .harmony import Chord, Ground, nearest
from .notation import TICKS, Bar, Note

_Cell = tuple[tuple[int, int], ...]
"""A bar's rhythm: tick and length of each note."""

CELLS: Mapping[str, tuple[_Cell, ...]] = {
    "lively": (
        ((0, 12), (12, 12), (24, 24), (48, 12), (60, 12), (72, 24)),
        ((0, 24), (24, 12), (36, 12), (48, 24), (72, 12), (84, 12)),
        ((0, 36), (36, 12), (48, 24), (72, 24)),
        ((0, 18), (18, 18), (36, 12), (48, 24), (72, 12), (84, 12)),
        ((12, 12), (24, 12), (36, 12), (48, 36), (84, 12)),
        ((0, 12), (12, 24), (36, 36), (72, 12), (84, 12)),
    ),
    "easy": (
        ((0, 36), (36, 12), (48, 48)),
        ((0, 24), (24, 24), (48, 48)),
        ((0, 48), (48, 24), (72, 24)),
        ((12, 12), (24, 24), (48, 36), (84, 12)),
        ((0, 36), (36, 36), (72, 24)),
    ),
}
_QUESTION: _Cell = ((0, 24), (24, 48))
_ANSWER: _Cell = ((0, 60),)

_LEAP_SHARE = 0.13
_TURN_SHARE = 0.35
_LEAP = 4
"""Semitones beyond which the line does not go for the sake of a change."""


@dataclass(frozen=True, slots=True)
class _Motif:
    cell: _Cell
    moves: tuple[int, ...]
    """Steps from note to note; the first is from where the motif begins."""
    begin: int
    """Where in the range it begins, in quarters; -1: where the last one stopped."""


def tune(rng: random.Random, chords: tuple[Chord, ...], ground: Ground, pace: str) -> tuple[Bar, ...]:
    """Eight bars over eight chords; the fourth stays open, the last comes home to the key note."""
    first = _motif(rng, pace, rng.choice((1, 2, 2, 3)))
    second = _motif(rng, pace, -1)
    run = _motif(rng, pace, -1)
    motifs = (first, second, first, None, first, second, run, None)
    last = ground.key
    bars = []
    for bar, (motif, chord) in enumerate(zip(motifs, chords, strict=True)):
        notes = _sing(motif, chord, ground, last) if motif else _close(chord, ground, last, home=bar == 7)
        bars.append(notes)
        last = notes[-1][1]
    return tuple(bars)


def below(tune: tuple[Bar, ...], chords: tuple[Chord, ...], ground: Ground) -> tuple[Bar, ...]:
    """A second voice: under each long note the next tone of the chord that is at least a third lower."""
    bars = []
    for bar, chord in zip(tune, chords, strict=True):
        tones = ground.tones(chord)
        under: list[Note] = []
        for tick, pitch, length, loudness in bar:
            lower = [tone for tone in tones if pitch - 9 <= tone <= pitch - 3]
            if length >= TICKS - 4 and lower:
                under.append((tick, lower[-1], length, loudness))
        bars.append(tuple(under))
    return tuple(bars)


def _motif(rng: random.Random, pace: str, begin: int) -> _Motif:
    """Mostly steps; after a leap the line turns back."""
    cell = rng.choice(CELLS[pace])
    way = rng.choice((1, -1))
    moves = [0]
    for _ in cell[1:]:
        leap = rng.random() < _LEAP_SHARE
        moves.append(way * (2 if leap else 1))
        if leap or rng.random() < _TURN_SHARE:
            way = -way
    return _Motif(cell, tuple(moves), begin)


def _sing(motif: _Motif, chord: Chord, ground: Ground, last: int) -> Bar:
    """The motif on this chord: what is long or on the beat is a tone of it, the rest leads there."""
    pool, tones = ground.pool(chord), ground.tones(chord)
    begin = last if motif.begin < 0 else ground.low + (ground.high - ground.low) * motif.begin // 4
    place = nearest(tones, begin)
    notes = []
    for (tick, length), move in zip(motif.cell, motif.moves, strict=True):
        aim = _moved(pool, place, move) if move else place
        strong = tick % (2 * TICKS) == 0 or length >= TICKS
        place = _another(tones, aim, place) if strong and move and aim not in tones else aim
        notes.append((tick, place, length - 2, 100 if tick == 0 else 90 if tick % TICKS == 0 else 80))
    return tuple(notes)


def _another(tones: list[int], aim: int, before: int) -> int:
    """The tone nearest to ``aim``, but not the note before again where another is no leap away."""
    near = [tone for tone in tones if tone != before and abs(tone - before) <= _LEAP]
    return nearest(near or tones, aim)


def _moved(pool: list[int], place: int, move: int) -> int:
    """So many steps on in the pool; where that leaves the range, back instead."""
    index = pool.index(nearest(pool, place))
    if not 0 <= index + move < len(pool):
        move = -move
    return pool[max(0, min(len(pool) - 1, index + move))]


def _close(chord: Chord, ground: Ground, last: int, *, home: bool) -> Bar:
    """The end of a phrase: a question ends on any tone but the key note, the answer on it where it can."""
    tones = ground.tones(chord)
    key = [tone for tone in tones if (tone - ground.key) % 12 == 0]
    if home:
        (tick, length) = _ANSWER[0]
        return ((tick, nearest(key or tones, last), length, 96),)
    others = [tone for tone in tones if tone not in key]
    step = nearest(tones, last)
    (tick, length), (later, held) = _QUESTION
    return ((tick, step, length - 2, 90), (later, _another(others, step, step), held, 96))
