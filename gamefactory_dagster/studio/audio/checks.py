"""What may be wrong with a game's sounds, found from the finished files alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import PermanentError

from .loudness import of_frames, power
from .mixing import LOUDNESS, render, seconds_of
from .ogg import decode
from .packing import cut
from .score import FILES, Sound
from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

BUDGET = 220_000
"""Bytes of all sound of a game."""

SHORTEST_MUSIC = 45.0
"""Seconds before it may come again."""

LONGEST_EFFECT = 2.0
LEAST_LOUDNESS = 0.02
"""Root mean square under which a sound counts as silent."""

MUSIC_WITHIN = 1.5
"""LUFS by which the music may miss what all styles should have."""

CALMER = (2.0, 9.0)
"""LUFS by which the calm version is softer than the full one."""

LONGEST_HOLE = 1.5
"""Seconds that music may be silent."""

SEAM_RATIO = 3.0
"""The step from the last sample of a loop to its first may be this many times the usual largest step."""


def problems(sounds: Sequence[Sound]) -> list[str]:
    """Every problem of the sounds, a sentence each; empty when they may be shipped."""
    files = {sound.filename: sound for sound in sounds}
    missing = [f"{name} is missing" for name in FILES if name not in files]
    if missing:
        return missing
    size = sum(len(sound.content) for sound in sounds)
    found = [f"all sound takes {size} bytes, more than {BUDGET}"] if size > BUDGET else []
    try:
        score = json.loads(files["score.json"].content)
        effects, notes = _wave(files["effects.ogg"]), _wave(files["music.ogg"])
    except (PermanentError, ValueError) as error:
        return [*found, str(error)]
    for name, (start, length, *_) in score["effects"].items():
        found += [f"{name}: {fault}" for fault in _effect_faults(cut(effects, start, length), length)]
    return found + [f"music: {fault}" for fault in _music_faults(score["music"], notes)]


def _wave(sound: Sound) -> Wave:
    """The samples of a file; raises PermanentError when it is not as it says."""
    try:
        wave, rate = decode(sound.content)
    except PermanentError as error:
        raise PermanentError(f"{sound.name}: {error}") from error
    if rate != RATE or wave.ndim != 1:
        raise PermanentError(f"{sound.name}: is {rate} Hz and {wave.ndim} dimensions, not mono at {RATE}")
    if abs(len(wave) / rate - sound.seconds) > 0.002:
        raise PermanentError(f"{sound.name}: lasts {len(wave) / rate:.3f} s, not {sound.seconds} s")
    return wave


def _effect_faults(wave: Wave, length: int) -> Iterator[str]:
    import numpy as np

    if length > LONGEST_EFFECT * 1000:
        yield f"lasts {length} ms, longer than {LONGEST_EFFECT} s"
    if len(wave) < length * RATE // 1000:
        yield "reaches over the end of its file"
        return
    peak, loudness = float(np.abs(wave).max()), float(np.sqrt((wave**2).mean()))
    if peak >= 1.0:
        yield f"clips: its peak is {peak:.3f}"
    if loudness < LEAST_LOUDNESS * _softness(length):
        yield f"is silent: its loudness is {loudness:.4f}"


def _softness(length: int) -> float:
    """What little a very short sound needs less to be heard."""
    return min(1.0, length / 300)


def _music_faults(music: dict[str, Any], notes: Wave) -> Iterator[str]:

    seconds = seconds_of(music)
    if seconds < SHORTEST_MUSIC:
        yield f"comes again after {seconds:.1f} s, sooner than {SHORTEST_MUSIC} s"
    loudness = []
    for name, wave in zip(("calm", "full"), render(music, notes), strict=True):
        frames = power(wave)
        loudness.append(of_frames(frames))
        peak = float(max(wave.max(), -wave.min()))
        if peak >= 1.0:
            yield f"{name}: clips: its peak is {peak:.3f}"
        if (hole := _longest_hole(frames)) > LONGEST_HOLE:
            yield f"{name}: is silent for {hole:.1f} s"
        if (ratio := seam_ratio(wave)) > SEAM_RATIO:
            yield f"{name}: its seam clicks: the step there is {ratio:.1f} times the usual"
    soft, loud = loudness
    if abs(loud - LOUDNESS) > MUSIC_WITHIN:
        yield f"is {loud:.1f} LUFS loud, not about {LOUDNESS}"
    if not CALMER[0] <= loud - soft <= CALMER[1]:
        yield f"its calm version is {loud - soft:.1f} LUFS softer, not {CALMER[0]} to {CALMER[1]}"
    for track in music["tracks"]:
        if track["loop"] and (ratio := _loop_ratio(track, notes)) > SEAM_RATIO:
            yield f"the held note of the {track['role']} clicks: the step is {ratio:.1f} times the usual"


def _longest_hole(frames: Wave) -> float:
    """Seconds of the longest stretch more than 40 dB under the mean."""
    longest = run = 0
    for silent in frames < frames.mean() / 10_000:
        run = run + 1 if silent else 0
        longest = max(longest, run)
    return longest / 10


def _loop_ratio(track: dict[str, Any], notes: Wave) -> float:
    """``seam_ratio`` of what of a held note goes round."""
    _, start, _ = track["samples"][0]
    low, high = track["loop"]
    return seam_ratio(cut(notes, start + low, high - low))


def seam_ratio(wave: Wave) -> float:
    """The step from last sample to first, over the 99.5th percentile of all steps within the loop."""
    import numpy as np

    some = max(1, len(wave) // 200_000)
    usual = float(np.quantile(np.abs(wave[1::some] - wave[:-1:some]), 0.995))
    return float(abs(wave[0] - wave[-1])) / max(usual, 1e-6)
