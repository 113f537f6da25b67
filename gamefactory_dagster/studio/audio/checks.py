"""What may be wrong with a game's sounds, found from the finished files alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import PermanentError

from .ogg import decode
from .score import Sound
from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

MAX_MUSIC_BYTES = 120_000
MAX_EFFECT_BYTES = 5_000
"""For each effect, on average; 3,600 of them are the code books every Vorbis file must carry."""

MUSIC_SECONDS = (8.0, 16.0)
LONGEST_EFFECT = 2.0
LEAST_LOUDNESS = 0.02
"""Root mean square under which a sound counts as silent."""

SEAM_RATIO = 3.0
"""The step from the last sample of a loop to its first may be this many times the usual largest step."""


def problems(sounds: Sequence[Sound]) -> list[str]:
    """Every problem of the sounds, a sentence each; empty when they may be shipped."""
    found = []
    for sound in sounds:
        try:
            wave, rate = decode(sound.ogg)
        except PermanentError as error:
            found.append(f"{sound.name}: {error}")
            continue
        found += [f"{sound.name}: {fault}" for fault in _faults(sound, wave, rate)]
    effects = [len(sound.ogg) for sound in sounds if sound.asset_type == "sound_effect"]
    if sum(effects) > MAX_EFFECT_BYTES * len(effects):
        found.append(f"the effects take {sum(effects)} bytes, more than {MAX_EFFECT_BYTES} each")
    return found


def _faults(sound: Sound, wave: Wave, rate: int) -> list[str]:
    import numpy as np

    faults = []
    if rate != RATE or wave.ndim != 1:
        return [f"is {rate} samples a second and {wave.ndim} dimensions, not mono at {RATE}"]
    length = len(wave) / rate
    if abs(length - sound.seconds) > 0.002:
        faults.append(f"lasts {length:.3f} s, not {sound.seconds} s")
    peak, loudness = float(np.abs(wave).max()), float(np.sqrt((wave**2).mean()))
    if peak >= 1.0:
        faults.append(f"clips: its peak is {peak:.3f}")
    if loudness < LEAST_LOUDNESS:
        faults.append(f"is silent: its loudness is {loudness:.4f}")
    if sound.asset_type == "sound_effect":
        if length > LONGEST_EFFECT:
            faults.append(f"lasts {length:.2f} s, longer than {LONGEST_EFFECT} s")
        return faults
    if not MUSIC_SECONDS[0] <= length <= MUSIC_SECONDS[1]:
        faults.append(f"lasts {length:.2f} s, not {MUSIC_SECONDS[0]} to {MUSIC_SECONDS[1]} s")
    if len(sound.ogg) > MAX_MUSIC_BYTES:
        faults.append(f"takes {len(sound.ogg)} bytes, more than {MAX_MUSIC_BYTES}")
    ratio = seam_ratio(wave)
    if ratio > SEAM_RATIO:
        faults.append(f"its seam clicks: the step there is {ratio:.1f} times the usual")
    return faults


def seam_ratio(wave: Wave) -> float:
    """The step from last sample to first, over the 99.5th percentile of all steps within the loop."""
    import numpy as np

    usual = float(np.quantile(np.abs(np.diff(wave)), 0.995))
    return float(abs(wave[0] - wave[-1])) / max(usual, 1e-6)
