"""Tuned instruments: what a lead, a plucked string, a chord or a bass is played on.

What belongs here: one function a sound, from frequency and length to a wave. What does not: drums
(``drums.py``), or which style has which (``bands.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .synthesis import RATE, additive, band, envelope, noise, oscillator, seconds

if TYPE_CHECKING:
    from .synthesis import Wave

_Maker = Callable[[float, float], "Wave"]
"""From frequency and length to a wave."""

_Loudness = Callable[[int], float]
"""Of each harmonic, from the first."""

LOOP_SECONDS = 1.0
"""How long a held sound is before it goes round: all its frequencies are whole, so there is no seam."""

LOOP_EDGE = 0.02
"""Seconds kept before and after that part, for whoever reads between two samples."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How an instrument sounds, and how long it rings on after its note (milliseconds)."""

    make: _Maker
    length: float
    attack: int = 2
    release: int = 120
    held: bool = False
    """Whether it sounds as long as its note, going round."""


def _string(place: float, dull: float, ring: float, damping: float) -> _Maker:
    """A plucked string: ``place`` is where it is plucked, higher harmonics are softer and shorter."""
    import math

    def make(frequency: float, length: float) -> Wave:
        partials = [
            (k, abs(math.sin(math.pi * k * place)) / k**dull, ring / (1 + damping * (k - 1)))
            for k in range(1, 22)
        ]
        return additive(frequency, length, partials) * envelope(length, 0.002, length)

    return make


def _bar(*partials: tuple[float, float, float]) -> _Maker:
    """A struck bar or bell, with the touch of the mallet."""

    def make(frequency: float, length: float) -> Wave:
        touch = 0.12 * band(noise(length, 7), 900, 4000) * envelope(length, 0.001, 0.008)
        return (additive(frequency, length, partials) + touch) * envelope(length, 0.001, length)

    return make


def _blown(*loudness: float, breath: float = 0.0, vibrato: float = 0.004) -> _Maker:
    """A held tone with a vibrato that sets in late, and breath."""

    def make(frequency: float, length: float) -> Wave:
        import numpy as np

        time = seconds(length)
        bend = vibrato * np.minimum(1.0, time / 0.4) * np.sin(2 * np.pi * 5.3 * time)
        phase = 2 * np.pi * frequency * np.cumsum(1 + bend) / RATE
        wave = np.zeros_like(time)
        for k, loud in enumerate(loudness, start=1):
            if loud and k * frequency < RATE * 0.45:
                wave += loud * np.sin(k * phase)
        if breath:
            wave += breath * band(noise(length, 13), frequency, frequency * 6) * (0.4 + np.exp(-time / 0.06))
        return wave * envelope(length, 0.03, length * 1.2)

    return make


def _fm(ratio: float, depth: float, fall: float, ring: float, tine: float = 0.0) -> _Maker:
    """Two sines, one bending the other, ever less."""

    def make(frequency: float, length: float) -> Wave:
        import numpy as np

        time = seconds(length)
        phase = 2 * np.pi * frequency * time
        wave = np.sin(phase + depth * np.exp(-time / fall) * np.sin(ratio * phase))
        wave += tine * np.sin(14 * phase) * np.exp(-time / 0.04)
        return wave * envelope(length, 0.002, ring)

    return make


def _bass(loudness: _Loudness, ring: float, damping: float, drive: float = 1.0) -> _Maker:
    """A low string or synthesizer; ``drive`` over 1 makes it rough enough for small speakers."""

    def make(frequency: float, length: float) -> Wave:
        import numpy as np

        partials = [(k, loudness(k), ring / (1 + damping * (k - 1))) for k in range(1, 14)]
        wave = additive(frequency, length, partials)
        wave = np.tanh(drive * wave / np.abs(wave).max())
        shaped: Wave = wave * envelope(length, 0.004, length * 1.4)
        return shaped

    return make


def _held(loudness: _Loudness, most: int = 24) -> _Maker:
    """Three players a hertz apart; ``loudness`` of a harmonic by its frequency over the first's.

    Whole frequencies only, so that ``LOOP_SECONDS`` of it follow themselves without a seam.
    """

    def make(frequency: float, length: float) -> Wave:
        import numpy as np

        time = seconds(LOOP_SECONDS)
        once = np.zeros_like(time)
        for player in (-1, 0, 1):
            base = round(frequency) + player
            for k in range(1, most + 1):
                if k * base < RATE * 0.45:
                    turn = (k * k * 0.37 + player * 1.9) % 6.28
                    once += loudness(k) * np.sin(2 * np.pi * k * base * time + turn)
        edge = round(LOOP_EDGE * RATE)
        return np.concatenate([once[-edge:], once, once[:edge]])

    return make


def _vowel(frequency: float) -> _Loudness:
    """Loudness of the harmonics of a voice singing "ah" at about this frequency."""

    def loudness(k: int) -> float:
        peaks = ((700, 130, 1.0), (1150, 160, 0.5), (2600, 260, 0.14))
        at = k * frequency
        mouth = sum(loud / (1 + ((at - centre) / width) ** 2) for centre, width, loud in peaks)
        return float(mouth / k**0.5 + 0.4 / k**2)

    return loudness


def _pulse(width: float) -> _Maker:
    """The square-ish tone of an early game console, with a late vibrato."""
    import math

    return _blown(*(math.sin(math.pi * k * width) / k for k in range(1, 16)), vibrato=0.005)


def _supersaw(frequency: float, length: float) -> Wave:
    import numpy as np

    wave = sum(oscillator("saw", frequency * bend, length) for bend in (0.994, 1.0, 1.0058))
    return np.asarray(wave) * envelope(length, 0.006, length * 0.8)


def _drawbars(k: int) -> float:
    return {1: 1.0, 2: 0.6, 3: 0.4, 4: 0.3, 6: 0.12, 8: 0.1}.get(k, 0.0)


def _few(*loudness: float) -> _Loudness:
    """Only the first harmonics, each as loud as said."""
    return lambda k: loudness[k - 1] if k <= len(loudness) else 0.0


def _falling(power: float, dull: float = 1e9) -> _Loudness:
    """Ever softer harmonics, and softer still beyond the one called ``dull``."""
    return lambda k: 1 / k**power / (1 + (k / dull) ** 2)


def _odd(power: float) -> _Loudness:
    """Every other harmonic."""
    return lambda k: (k % 2) / k**power


LEADS: Mapping[str, Voice] = {
    "flute": Voice(_blown(1, 0.32, 0.1, 0.04, breath=0.25), 1.5),
    "ocarina": Voice(_blown(1, 0.08, 0.14, 0.02, breath=0.12), 1.5),
    "clarinet": Voice(_blown(1, 0.05, 0.5, 0.06, 0.26, 0.04, 0.12, vibrato=0.002), 1.5),
    "reed": Voice(_blown(*(1 / k for k in range(1, 12)), vibrato=0.003), 1.5, release=90),
    "pulse": Voice(_pulse(0.25), 1.3, release=60),
    "square": Voice(_blown(1, 0, 0.3, 0, 0.16, 0, 0.09, 0, 0.05, vibrato=0.005), 1.4, release=80),
    "supersaw": Voice(_supersaw, 1.4, release=140),
    "vibes": Voice(_bar((1, 1, 0.9), (4, 0.3, 0.35), (10, 0.08, 0.06)), 1.4, release=250),
    "piano": Voice(_string(0.12, 1.35, 0.9, 0.22), 1.4, release=160),
    "epiano": Voice(_fm(1, 1.1, 0.28, 0.85, 0.12), 1.4, release=180),
    "bell": Voice(_fm(4, 1.3, 0.35, 0.8), 1.4, release=300),
    "organ": Voice(_blown(1, 0.6, 0.4, 0.3, 0, 0.14, 0, 0.1, vibrato=0.003), 1.4, release=90),
    "whistle": Voice(_blown(1, 0.05, 0.03, breath=0.2, vibrato=0.008), 1.4),
    "marimba": Voice(_bar((1, 1, 0.4), (3.95, 0.35, 0.1), (9.2, 0.1, 0.03)), 1.0, release=200),
}  # fmt: skip

PLUCKS: Mapping[str, Voice] = {
    "guitar": Voice(_string(0.18, 1.15, 0.7, 0.35), 1.1, release=150),
    "harp": Voice(_string(0.42, 1.5, 0.9, 0.5), 1.2, release=300),
    "ukulele": Voice(_string(0.3, 1.2, 0.4, 0.4), 0.8, release=120),
    "harpsichord": Voice(_string(0.08, 0.85, 0.55, 0.16), 1.0, release=120),
    "kalimba": Voice(_bar((1, 1, 0.5), (2.0, 0.12, 0.3), (5.8, 0.22, 0.07)), 1.0, release=250),
    "steelpan": Voice(_bar((1, 1, 0.45), (2, 0.6, 0.3), (3, 0.22, 0.2), (4.1, 0.14, 0.12)), 1.0, release=200),
    "musicbox": Voice(_bar((1, 1, 0.7), (2.76, 0.35, 0.35), (5.4, 0.2, 0.12)), 1.1, release=300),
    "glass": Voice(_fm(3, 0.9, 0.15, 0.6), 1.1, release=300),
    "synth": Voice(_string(0.5, 0.9, 0.35, 0.55), 0.8, release=120),
    "marimba": LEADS["marimba"],
    "epiano": LEADS["epiano"],
}


def _pad(make: _Maker, attack: int, release: int) -> Voice:
    return Voice(make, 0, attack, release, held=True)


PADS: Mapping[str, Voice] = {
    "warm": _pad(_held(_falling(2)), 140, 380),
    "strings": _pad(_held(_falling(1.25, 9)), 200, 380),
    "choir": _pad(_held(_vowel(262.0), most=14), 220, 420),
    "organ": _pad(_held(_drawbars, most=8), 60, 160),
    "saws": _pad(_held(_falling(1, 12)), 40, 220),
    "accordion": _pad(_held(_falling(1.1, 7), most=14), 70, 140),
    "pulses": _pad(_held(_odd(1), most=13), 12, 60),
}

BASSES: Mapping[str, Voice] = {
    "round": Voice(_bass(_few(1.0, 0.55, 0.25, 0.12, 0.06), 0.8, 0.35), 1.0),
    "upright": Voice(_bass(_falling(1.4), 0.55, 0.5), 0.9, release=90),
    "synth": Voice(_bass(_falling(1), 0.7, 0.6, drive=1.6), 0.9, release=60),
    "triangle": Voice(_bass(_odd(2), 1.6, 0.05), 1.0, release=40),
    "growl": Voice(_bass(_falling(0.9), 0.9, 0.25, drive=2.6), 0.9, release=60),
    "bowed": Voice(_bass(_falling(1.2), 1.4, 0.12), 1.1, attack=25, release=140),
}
