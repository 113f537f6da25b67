"""Harmony: moods, their chords, and which notes go with a chord.

What belongs here: scales, progressions, and voicing. What does not: rhythm, tunes, instruments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_MAJOR, _DORIAN, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 9, 10), (0, 2, 3, 5, 7, 8, 10)

_ROMAN: Mapping[str, int] = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_ADDED: Mapping[str, tuple[int, ...]] = {"": (), "7": (10,), "M7": (11,), "9": (14,), "o": (), "s": ()}
_SIGN = re.compile(r"(b?)([iv]+|[IV]+)(.*)")


@dataclass(frozen=True, slots=True)
class Chord:
    """Semitones above the key: the root, and all tones from the root up."""

    root: int
    tones: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mood:
    """A scale, and for each part of a piece the progressions of eight bars that it may have."""

    scale: tuple[int, ...]
    verses: tuple[str, ...]
    choruses: tuple[str, ...]
    bridges: tuple[str, ...]


MOODS: Mapping[str, Mood] = {
    "bright": Mood(
        _MAJOR,
        ("I V vi IV I V IV V", "I IV I V vi IV ii V", "I vi IV V I vi ii V", "I iii IV V I iii IV I"),
        ("IV V iii vi IV V I I", "vi IV I V vi IV V V", "IV I V vi IV I V I"),
        ("ii V iii vi ii V Vs V", "bVII IV I I bVII IV Vs V", "vi vi iii iii IV IV Vs V"),
    ),
    "dreamy": Mood(
        _MAJOR,
        (
            "IM7 iii7 IVM7 V IM7 vi7 IVM7 V",
            "I9 I9 IVM7 IVM7 vi7 iii7 IVM7 V",
            "IM7 vi7 IM7 vi7 IVM7 V IM7 V",
        ),
        ("IVM7 V iii7 vi7 IVM7 V IM7 IM7", "vi7 iii7 IVM7 I9 vi7 iii7 IVM7 V"),
        ("ii7 iii7 IVM7 V ii7 iii7 IVM7 Vs", "bVII IVM7 I9 I9 bVII IVM7 Vs V"),
    ),
    "cool": Mood(
        _DORIAN,
        ("i7 IV i7 IV bIII bVII i7 IV", "i bVII IV IV i bVII IV bVII", "i i IV IV bVI bVII i bVII"),
        ("bIII bVII i IV bIII bVII IV IV", "bVI bVII i i bVI bVII bIII bVII", "i bIII bVII IV i bIII bVII i"),
        ("bVII bVII IV IV v v bVI bVII", "v bVII IV IV bVI bVI bVII V"),
    ),
    "dark": Mood(
        _MINOR,
        ("i bVI bIII bVII i bVI iv V", "i i iv i bVI iv V V", "i bVII bVI V i iv V i"),
        ("bVI bVII i i bVI bVII bIII V", "iv i V i iv bVI V V", "i bIII bVII iv i bIII bVI V"),
        ("bVI bVI iv iv bII bII V V", "iv bVII bIII bVI iio V i V"),
    ),
}

_WORDS: Mapping[str, tuple[str, ...]] = {
    "dark": (
        "dark", "tense", "spooky", "gothic", "mysterious", "eerie", "grim", "dangerous", "brooding",
        "ominous",
    ),
    "cool": (
        "cool", "adventurous", "heroic", "driving", "mechanical", "urban", "epic", "determined", "intense",
        "fiery",
    ),
    "dreamy": (
        "dreamy", "calm", "relaxed", "serene", "gentle", "magical", "wondrous", "peaceful", "cozy",
        "floating",
    ),
}  # fmt: skip
"""Words of a design that mean a mood; any other word is bright."""


def mood_of(word: str) -> str:
    """One of bright, dreamy, cool, dark for any word a design may use."""
    for mood, words in _WORDS.items():
        if any(known in word for known in words):
            return mood
    return "bright"


def chords(progression: str) -> tuple[Chord, ...]:
    """The chords of a row of signs such as ``I V vi IVM7 bVII Vs``."""
    return tuple(_chord(sign) for sign in progression.split())


def _chord(sign: str) -> Chord:
    found = _SIGN.fullmatch(sign)
    assert found, sign
    flat, roman, added = found.groups()
    third = 5 if added == "s" else 4 if roman.isupper() else 3
    fifth = 6 if added == "o" else 7
    root = (_ROMAN[roman.upper()] - len(flat)) % 12
    return Chord(root, (0, third, fifth, *_ADDED[added]))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a part moves: the key (as a pitch), the scale, and the lowest and highest pitch."""

    key: int
    scale: tuple[int, ...]
    low: int
    high: int

    def tones(self, chord: Chord) -> list[int]:
        """Every pitch in range that is of the chord."""
        return self._in_range({(chord.root + tone) % 12 for tone in chord.tones})

    def pool(self, chord: Chord) -> list[int]:
        """Every pitch in range that sounds well with the chord: of the scale, none that rubs against it."""
        own = {(chord.root + tone) % 12 for tone in chord.tones}
        free = {step for step in self.scale if not {(step + 1) % 12, (step - 1) % 12} & own}
        return self._in_range(own | free)

    def _in_range(self, steps: set[int]) -> list[int]:
        return [pitch for pitch in range(self.low, self.high + 1) if (pitch - self.key) % 12 in steps]


def nearest(pitches: list[int], to: int) -> int:
    """The pitch closest to ``to``, the lower of two."""
    return min(pitches, key=lambda pitch: (abs(pitch - to), pitch))


def voicing(chord: Chord, key: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """The chord in close position around middle C, with as little motion from ``before`` as can be."""
    steps = sorted({(key + chord.root + tone) % 12 for tone in chord.tones})
    choices = []
    for first in range(len(steps)):
        turned = steps[first:] + [step + 12 for step in steps[:first]]
        choices += [tuple(octave + step for step in turned) for octave in (36, 48, 60)]
    aim = before or (55, 60, 64)
    return min(choices, key=lambda notes: (_motion(notes, aim), notes))


def _motion(notes: tuple[int, ...], before: tuple[int, ...]) -> int:
    """Semitones the voices move in all, and how far the whole has drifted from middle C."""
    moved = sum(min(abs(note - old) for old in before) for note in notes)
    return moved * 2 + abs(sum(notes) // len(notes) - 60)
