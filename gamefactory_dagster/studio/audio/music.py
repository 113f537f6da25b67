"""One loop of music: eight bars or so of chords, bass, drums and a tune, in a scale that fits the mood.

What belongs here: composing and playing. Every note that rings over the end is folded back to the
beginning, so the loop has no seam. What does not: effects, files.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .synthesis import RATE, envelope, glide, low_pass, noise, oscillator

if TYPE_CHECKING:
    from .synthesis import Wave

_MAJOR, _LYDIAN, _DORIAN, _MINOR = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 4, 6, 7, 9, 11),
    (0, 2, 3, 5, 7, 9, 10),
    (0, 2, 3, 5, 7, 8, 10),
)

_MOODS: Mapping[str, tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]] = {
    "bright": (_MAJOR, ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 0, 4))),
    "dreamy": (_LYDIAN, ((0, 1, 0, 4), (0, 4, 1, 5), (3, 0, 4, 5))),
    "cool": (_DORIAN, ((0, 3, 0, 6), (0, 2, 3, 4), (0, 6, 3, 0))),
    "dark": (_MINOR, ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 6))),
}
"""Scale in semitones, and chord roots as steps of the scale, a bar each."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "dark": (
        "dark",
        "tense",
        "spooky",
        "gothic",
        "mysterious",
        "eerie",
        "grim",
        "dangerous",
        "brooding",
        "ominous",
    ),
    "cool": (
        "cool",
        "adventurous",
        "heroic",
        "driving",
        "mechanical",
        "urban",
        "epic",
        "determined",
        "intense",
        "fiery",
    ),
    "dreamy": (
        "dreamy",
        "calm",
        "relaxed",
        "serene",
        "gentle",
        "magical",
        "wondrous",
        "peaceful",
        "cozy",
        "floating",
    ),
}
"""Words of a design that mean a mood; any other word is bright."""

_LEADS: Mapping[str, str] = {
    "reef": "sine", "desert": "saw", "orchard": "triangle", "space": "square", "castle": "triangle",
    "candy": "square", "arctic": "sine", "volcano": "saw", "city": "square", "garden": "triangle",
    "clockwork": "square", "jungle": "triangle",
}  # fmt: skip
_ROOTS: Mapping[str, int] = {
    "reef": 2, "desert": 4, "orchard": 7, "space": 9, "castle": 2, "candy": 0,
    "arctic": 5, "volcano": 4, "city": 9, "garden": 0, "clockwork": 7, "jungle": 5,
}  # fmt: skip
"""Key of each theme, semitones above C."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be played."""

    scale: tuple[int, ...]
    chords: tuple[int, ...]
    root: int
    beat: float
    """Seconds."""
    bars: int
    lead: str
    swing: bool


def mood_of(word: str) -> str:
    """One of bright, dreamy, cool, dark for any word a design may use."""
    for mood, words in _WORDS.items():
        if any(known in word for known in words):
            return mood
    return "bright"


def key_of(theme: str) -> float:
    """The theme's key note in the octave below middle C, in Hz (equal temperament, A = 440 Hz)."""
    return 130.8128 * 2 ** (_ROOTS[theme] / 12)


def plan_music(theme: str, mood: str, tempo: int, rng: random.Random) -> Plan:
    """Four or eight bars of four beats, 8 to 16 seconds long at any tempo from 60 to 180."""
    scale, progressions = _MOODS[mood_of(mood)]
    beat = 60 / tempo
    bars = 4 if 16 * beat >= 8 else 8
    chords = rng.choice(progressions)
    return Plan(scale, chords, _ROOTS[theme], beat, bars, _LEADS[theme], rng.random() < 0.35)


def play(plan: Plan, style: str, rng: random.Random) -> Wave:
    """The loop as samples."""
    import numpy as np

    length = round(plan.bars * 4 * plan.beat * RATE)
    loop = np.zeros(length)
    _chords(loop, plan)
    _bass(loop, plan, rng)
    _drums(loop, plan, style, rng)
    _tune(loop, plan, rng)
    return np.tanh(loop * 0.9)


def _add(loop: Wave, start: float, wave: Wave, loudness: float) -> None:
    """Add a note at ``start`` seconds; its tail goes on at the beginning of the loop."""
    import numpy as np

    places = (round(start * RATE) + np.arange(len(wave))) % len(loop)
    np.add.at(loop, places, wave * loudness)


def _pitch(plan: Plan, step: int, octave: int) -> float:
    """Hz of a step of the scale; steps run on into the next octave."""
    turns, place = divmod(step, len(plan.scale))
    return 65.4064 * 2 ** (octave + turns + (plan.root + plan.scale[place]) / 12)


def _chords(loop: Wave, plan: Plan) -> None:
    length = plan.beat * 4 * 1.06
    for bar in range(plan.bars):
        root = plan.chords[bar % len(plan.chords)]
        for third in (0, 2, 4):
            frequency = _pitch(plan, root + third, 1)
            pad = oscillator("triangle", frequency, length) + 0.5 * oscillator(
                "sine", frequency * 1.004, length
            )
            _add(loop, bar * 4 * plan.beat, pad * envelope(length, plan.beat * 0.4, length * 0.7), 0.075)


def _bass(loop: Wave, plan: Plan, rng: random.Random) -> None:
    pattern = rng.choice(((0, 1.5, 2, 3), (0, 1, 2, 3), (0, 0.5, 2, 2.5, 3.5), (0, 2, 3, 3.5)))
    for bar in range(plan.bars):
        root = plan.chords[bar % len(plan.chords)]
        for index, at in enumerate(pattern):
            length = plan.beat * 0.8
            step = root + (4 if index == len(pattern) - 1 and bar % 2 else 0)
            wave = oscillator("triangle", _pitch(plan, step, 0), length) * envelope(
                length, 0.008, length * 0.5
            )
            _add(loop, (bar * 4 + at) * plan.beat, wave, 0.34)


def _drums(loop: Wave, plan: Plan, style: str, rng: random.Random) -> None:
    soft = style in {"watercolor", "soft_pastel", "clean_minimal", "hand_drawn"}
    kick = oscillator("sine", glide(150, 46, 0.2), 0.2) * envelope(0.2, 0.002, 0.08)
    snare = (noise(0.16, 2, 0.2) + 0.5 * oscillator("triangle", 190, 0.16)) * envelope(0.16, 0.001, 0.045)
    shaker = (noise(0.05, 4) - low_pass(noise(0.05, 4), 0.7)) * envelope(0.05, 0.006, 0.014)
    swing = 0.1 if plan.swing else 0.0
    fill = rng.choice((0, 2, 3))
    for beat in range(plan.bars * 4):
        start = beat * plan.beat
        if beat % 2 == 0 or (not soft and plan.beat > 0.4):
            _add(loop, start, kick, 0.3 if soft else 0.5)
        if beat % 2 == 1:
            _add(loop, start, snare, 0.09 if soft else 0.2)
        for half in (0.0, 0.5 + swing):
            _add(loop, start + half * plan.beat, shaker, 0.05 if soft else 0.1)
        if fill and beat % 8 == 7:
            for part in range(fill):
                _add(loop, start + (0.25 + part * 0.25) * plan.beat, snare, 0.1)


def _tune(loop: Wave, plan: Plan, rng: random.Random) -> None:
    """A two-bar motif, answered, varied and brought home: the second half ends on the key note."""
    motif = _motif(rng)
    answer = _motif(rng)
    step = 7
    for pair in range(plan.bars // 2):
        phrase = motif if pair % 2 == 0 else answer
        for index, (at, length, move) in enumerate(phrase):
            bar = pair * 2 + int(at // 4)
            chord = plan.chords[bar % len(plan.chords)]
            step = max(4, min(13, step + move))
            if at % 2 == 0:
                step = _nearest(step, [chord + offset + turn for offset in (0, 2, 4) for turn in (0, 7, 14)])
            if pair == plan.bars // 2 - 1 and index == len(phrase) - 1:
                step = 7
            late = 0.1 if plan.swing and at % 1 == 0.5 else 0.0
            _add(loop, (pair * 8 + at + late) * plan.beat, _voice(plan, step, length), 0.2)


def _voice(plan: Plan, step: int, beats: float) -> Wave:
    import numpy as np

    length = beats * plan.beat * 1.15
    frequency = _pitch(plan, step, 2)
    wobble = 1 + 0.004 * np.sin(2 * np.pi * 5.5 * np.arange(round(length * RATE)) / RATE)
    wave = oscillator(plan.lead, frequency * wobble, length) + 0.3 * oscillator(
        "sine", frequency * 2 * wobble, length
    )
    if plan.lead in {"square", "saw"}:
        wave = 0.75 * low_pass(wave, 0.55)
    return wave * envelope(length, 0.012, length * 0.55)


def _motif(rng: random.Random) -> list[tuple[float, float, int]]:
    """Eight beats of (start, length, steps up or down)."""
    rhythm = rng.choice((
        (1, 0.5, 0.5, 1, 1, 1.5, 0.5, 2), (0.5, 0.5, 1, 1.5, 0.5, 1, 1, 2),
        (1.5, 0.5, 1, 1, 0.5, 0.5, 1, 2), (1, 1, 0.5, 0.5, 1, 0.5, 0.5, 1, 2),
    ))  # fmt: skip
    notes = []
    at = 0.0
    for length in rhythm:
        notes.append((at, float(length), rng.choice((-2, -1, -1, 1, 1, 2, 3, -3))))
        at += length
    return notes


def _nearest(step: int, choices: list[int]) -> int:
    return min(choices, key=lambda choice: (abs(choice - step), choice))
