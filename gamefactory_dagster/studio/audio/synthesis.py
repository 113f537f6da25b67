"""Waves, envelopes and filters: the instruments everything is played on.

What belongs here: functions from numbers to float arrays (mono, about -1..1, ``RATE`` samples a second).
What does not: notes, tunes, or which game wants which sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Wave = NDArray[np.float64]

RATE = 32_000
"""Samples a second: cymbals keep their air, a millisecond is a whole number, fewer bytes than 44.1 kHz."""


def seconds(length: float) -> Wave:
    """Time of each sample of ``length`` seconds."""
    import numpy as np

    return np.arange(round(length * RATE)) / RATE


def oscillator(shape: str, frequency: Wave | float, length: float) -> Wave:
    """A ``sine``, ``triangle``, ``square`` or ``saw`` of constant or per-sample frequency (Hz).

    Square and saw are sums of their first harmonics below half the sample rate, so that nothing folds back.
    """
    import numpy as np

    time = seconds(length)
    steps = np.broadcast_to(np.asarray(frequency, dtype=float), time.shape)
    phase = 2 * np.pi * (np.cumsum(steps) - steps) / RATE
    if shape == "sine":
        sine: Wave = np.sin(phase)
        return sine
    highest = float(steps.max()) if len(steps) else 1.0
    most = max(1, min(11, int(RATE * 0.45 / max(1.0, highest))))
    wave = np.zeros_like(time)
    for harmonic in range(1, most + 1):
        if shape == "saw":
            wave += np.sin(harmonic * phase) / harmonic * 0.6
        elif harmonic % 2 and shape == "square":
            wave += np.sin(harmonic * phase) / harmonic
        elif harmonic % 2:
            wave += (-1) ** (harmonic // 2) * np.sin(harmonic * phase) / harmonic**2
    return wave


def additive(frequency: float, length: float, partials: Sequence[tuple[float, float, float]]) -> Wave:
    """Sines that die away: of each its multiple of ``frequency``, its loudness, the seconds to a third of it.

    What is too high to be kept is left out.
    """
    import numpy as np

    time = seconds(length)
    total = np.zeros_like(time)
    for multiple, loudness, decay in partials:
        if frequency * multiple < RATE * 0.45:
            total += loudness * np.sin(2 * np.pi * frequency * multiple * time) * np.exp(-time / decay)
    return total


def band(wave: Wave, low: float, high: float) -> Wave:
    """What of the wave lies between two frequencies; the edges fall over half an octave."""
    import numpy as np

    spectrum = np.fft.rfft(wave)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(wave), 1 / RATE), 1.0))
    outside = np.maximum(np.log2(low) - octaves, octaves - np.log2(high))
    kept: Wave = np.fft.irfft(spectrum * np.clip(1 - 2 * outside, 0.0, 1.0), len(wave))
    return kept


def glide(start: float, end: float, length: float) -> Wave:
    """Frequency from ``start`` to ``end`` Hz, even to the ear."""
    import numpy as np

    ramp: Wave = np.geomspace(start, end, round(length * RATE))
    return ramp


def envelope(length: float, attack: float, decay: float) -> Wave:
    """Rises for ``attack`` seconds, then dies away with time constant ``decay``; ends at exactly 0."""
    import numpy as np

    time = seconds(length)
    shape = np.minimum(1.0, time / max(attack, 1e-4)) * np.exp(-np.maximum(0.0, time - attack) / decay)
    fade = min(len(time), round(0.012 * RATE))
    shape[len(time) - fade :] *= np.linspace(1.0, 0.0, fade)
    return shape


def noise(length: float, seed: int, colour: float = 0.0) -> Wave:
    """Noise; ``colour`` 0 is white, towards 1 ever duller (a one-pole low pass)."""
    import numpy as np

    raw = np.random.Generator(np.random.PCG64(seed)).uniform(-1.0, 1.0, round(length * RATE))
    return low_pass(raw, colour) if colour else raw


def low_pass(wave: Wave, colour: float) -> Wave:
    """A smoother wave: convolved with the decaying response of a one-pole filter."""
    import numpy as np

    taps = colour ** np.arange(min(64, len(wave)))
    return np.convolve(wave, taps / taps.sum())[: len(wave)]


def mixed(parts: Sequence[tuple[float, Wave]], length: float) -> Wave:
    """Waves added up, each starting at its own second; what reaches beyond ``length`` is cut."""
    import numpy as np

    total = np.zeros(round(length * RATE))
    for start, wave in parts:
        first = round(start * RATE)
        piece = wave[: max(0, len(total) - first)]
        total[first : first + len(piece)] += piece
    return total


def normalised(wave: Wave, peak: float) -> Wave:
    """The wave with its largest sample at ``peak``."""
    import numpy as np

    largest = float(np.abs(wave).max())
    return wave * (peak / largest) if largest else wave
