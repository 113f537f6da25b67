"""Bands: what each style and theme is played on, and how each instrument stands in the mix.

What belongs here: choices, as tables. What does not: how an instrument sounds (``voices.py``, ``drums.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """The instruments of a style; where there are several, a game's seed chooses."""

    leads: tuple[str, ...]
    pad: str
    bass: str
    kit: str
    grooves: tuple[str, ...]


BANDS: Mapping[str, Band] = {
    "colorful_cartoon": Band(
        ("whistle", "marimba", "ocarina"), "organ", "upright", "pop", ("bounce", "shuffle", "pop")
    ),
    "neon_futuristic": Band(("supersaw", "square"), "saws", "growl", "electro", ("floor", "half")),
    "clean_minimal": Band(("epiano", "vibes"), "warm", "round", "soft", ("soft", "pop")),
    "pixel_retro": Band(("pulse", "square"), "pulses", "triangle", "chip", ("chip", "floor")),
    "soft_pastel": Band(("flute", "vibes", "bell"), "strings", "round", "soft", ("soft", "bounce")),
    "dark_gothic": Band(("organ", "bell"), "choir", "bowed", "hall", ("half", "march")),
    "hand_drawn": Band(
        ("clarinet", "reed", "whistle"), "accordion", "upright", "brush", ("shuffle", "march", "bounce")
    ),
    "flat_modern": Band(("square", "epiano", "marimba"), "warm", "synth", "pop", ("pop", "floor", "bounce")),
    "watercolor": Band(("piano", "flute"), "strings", "round", "brush", ("soft", "shuffle")),
    "low_poly": Band(("bell", "ocarina", "epiano"), "warm", "synth", "electro", ("pop", "half", "floor")),
}  # fmt: skip

PLUCKED: Mapping[str, str] = {
    "reef": "steelpan", "desert": "guitar", "orchard": "ukulele", "space": "synth", "castle": "harpsichord",
    "candy": "musicbox", "arctic": "glass", "volcano": "guitar", "city": "epiano", "garden": "harp",
    "clockwork": "musicbox", "jungle": "kalimba",
}  # fmt: skip
"""What each theme's chords are plucked on, whatever the style."""

KEYS: Mapping[str, int] = {
    "reef": 2, "desert": 4, "orchard": 7, "space": 9, "castle": 2, "candy": 0,
    "arctic": 5, "volcano": 4, "city": 9, "garden": 0, "clockwork": 7, "jungle": 5,
}  # fmt: skip
"""Key of each theme, semitones above C."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands: its loudness in decibels when calm and when all play; None is silent."""

    calm: float | None
    full: float | None
    aside: int = 0
    """To the side, from -100, left, to 100."""
    echo: int = 0
    """Percent of it that comes back a dotted eighth later."""


MIX: Mapping[str, Place] = {
    "lead": Place(-7, -1, 8, 22),
    "second": Place(None, -8, -24, 14),
    "pluck": Place(-8, -9, -32, 18),
    "pad": Place(-18, -19),
    "bass": Place(-6, -3),
    "kick": Place(-15, -3),
    "snare": Place(None, -6, 6),
    "hat": Place(-21, -13, 26),
    "open": Place(None, -13, 26),
    "perc": Place(-21, -9, -40),
    "crash": Place(None, -8, 14),
}
