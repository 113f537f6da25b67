"""Loudness as people hear it: K-weighted, after ITU-R BS.1770 (https://www.itu.int/rec/R-REC-BS.1770).

What belongs here: measures of a finished wave. What does not: limits (``checks.py``).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

FRAME = RATE // 10
"""Samples of a tenth of a second, in which loudness is measured."""

_ROWS = 32
"""Of these that are measured at once, few enough to stay in the processor's cache."""

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of the recommendation, for 48,000 samples a second."""


@functools.cache
def _weights() -> Wave:
    """The square of what the filters leave of each frequency of a frame."""
    import numpy as np

    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(FRAME, 1 / RATE) / 48_000)
    response = np.ones_like(turn)
    for above, below in (_SHELF, _PASS):
        response = response * np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    weights: Wave = np.abs(response) ** 2
    return weights


def power(wave: Wave) -> Wave:
    """Weighted mean square of each tenth of a second; the last one is filled up with silence.

    As exact as the wave is: of single precision in half the time.
    """
    import numpy as np

    frames = -(-len(wave) // FRAME)
    padded = np.zeros(max(1, frames) * FRAME, wave.dtype)
    padded[: len(wave)] = wave
    weights, rows = _weights(), padded.reshape(-1, FRAME)
    energies = [
        (np.abs(np.fft.rfft(rows[start : start + _ROWS], axis=1)) ** 2 * weights).sum(axis=1)
        for start in range(0, len(rows), _ROWS)
    ]
    energy: Wave = 2 * np.concatenate(energies) / FRAME**2
    return energy


def decibels(energy: float) -> float:
    """Loudness units of a weighted mean square."""
    import numpy as np

    return float(-0.691 + 10 * np.log10(max(energy, 1e-12)))


def integrated(wave: Wave) -> float:
    """Loudness of the whole in LUFS."""
    return of_frames(power(wave))


def of_frames(frames: Wave) -> float:
    """The same from ``power``: the mean over blocks of 0.4 s that are not much softer than the rest."""
    import numpy as np

    blocks = np.convolve(frames, np.full(4, 0.25), "valid") if len(frames) >= 4 else frames
    audible = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not len(audible):
        return -70.0
    gate = audible.mean() / 10
    return decibels(float(audible[audible > gate].mean()))


def loudest(wave: Wave) -> float:
    """Loudness of the loudest tenth of a second."""
    return decibels(float(power(wave).max()))
