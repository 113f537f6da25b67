"""The score as the player reads it, and the same music rendered here, to be measured as it will be heard.

What belongs here: writing a piece as data, and playing that data as ``player/music.js`` does: keep the two
alike. What does not: composing (``music.py``), limits (``checks.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .bands import MIX
from .ensemble import Instrument
from .loudness import integrated
from .music import BARS, PART_BARS, Piece
from .notation import BEATS, TICKS
from .packing import Places, cut
from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

LOUDNESS = -21.0
"""LUFS of the music with all that plays: a bed under the effects, the same in every style."""

UNIT = 10_000
"""A level of 1 as a whole number."""

_FIRST_GUESS = 0.05
ECHO_BEATS, ECHO_AGAIN = 0.75, 0.35
"""When what is sent to the echo comes back, and how much of that comes back once more."""

_ECHOES = 3
_PIECE = 1 << 16
"""Samples that are worked on at once, few enough to stay in the processor's cache."""

CALM, FULL = 0, 1
"""The versions of the music: where in ``levels`` each has its own."""

Music = dict[str, Any]


def written(piece: Piece, players: Mapping[str, Instrument], places: Places) -> Music:
    """The piece as data: patterns of a bar, and of each track which pattern in which bar."""
    patterns: dict[tuple[int, ...], int] = {}
    tracks = []
    for track in piece.tracks:
        role = "lead" if track.role == "second" else track.role
        player, stand = players[role], MIX[track.role]
        flat = [tuple(number for note in bar for number in note) for bar in track.bars]
        tracks.append(
            {
                "role": track.role,
                "bars": [patterns.setdefault(bar, len(patterns)) if bar else -1 for bar in flat],
                "samples": [[root, *places[f"{role}{root}"]] for root, _ in player.notes],
                "loop": list(player.loop or ()),
                "attack": player.attack,
                "release": player.release,
                "levels": [_level(stand.calm, player.gain), _level(stand.full, player.gain)],
                "pan": stand.aside,
                "echo": stand.echo,
            }
        )
    rows = [list(pattern) for pattern in patterns]
    return {"tempo": piece.tempo, "bars": BARS, "patterns": rows, "tracks": tracks}


def _level(decibels: float | None, gain: float) -> int:
    return 0 if decibels is None else max(1, round(UNIT * _FIRST_GUESS * gain * 10 ** (decibels / 20)))


def balanced(music: Music, notes: Wave) -> Music:
    """The same music with its levels such that it is ``LOUDNESS`` loud where most is played."""
    (full,) = render(music, notes, first=2 * PART_BARS, bars=PART_BARS, versions=(FULL,))
    factor = 10 ** ((LOUDNESS - integrated(full.astype(float))) / 20)
    tracks = [
        {**track, "levels": [max(1, round(level * factor)) if level else 0 for level in track["levels"]]}
        for track in music["tracks"]
    ]
    return {**music, "tracks": tracks}


def seconds_of(music: Music) -> float:
    """How long the music lasts before it comes again."""
    return float(music["bars"] * BEATS * 60 / music["tempo"])


def render(
    music: Music,
    notes: Wave,
    first: int = 0,
    bars: int | None = None,
    versions: tuple[int, ...] = (CALM, FULL),
) -> tuple[Wave, ...]:
    """The music in each of these versions, going round: what rings over the end is at the beginning.

    ``notes`` is the file of recorded notes; ``first`` and ``bars`` choose a part, played as if it were all.
    """
    import numpy as np

    chosen = range(first, first + (music["bars"] if bars is None else bars))
    beat = 60 / music["tempo"]
    length = round(len(chosen) * BEATS * beat * RATE)
    mixes, sent = np.zeros((2, len(versions), length), np.float32)
    for track in music["tracks"]:
        levels = [track["levels"][version] for version in versions]
        heard = [(line, level) for line, level in enumerate(levels) if level]
        played: dict[int, list[tuple[Wave, Wave]]] = {}
        known: dict[tuple[int, int], Wave] = {}
        for number, bar in enumerate(chosen):
            pattern = track["bars"][bar]
            if pattern < 0:
                continue
            if pattern not in played:
                wave = _bar(track, music["patterns"][pattern], notes, beat, known)
                dry = [(mixes[line], wave * np.float32(level / UNIT)) for line, level in heard]
                wet = [
                    (sent[line], wave * np.float32(track["echo"] / 100))
                    for (line, _), (_, wave) in zip(heard, dry, strict=True)
                    if track["echo"]
                ]
                played[pattern] = dry + wet
            at = round(number * BEATS * beat * RATE)
            for line, wave in played[pattern]:
                _add(line, at, wave)
    for mix, send in zip(mixes, sent, strict=True):
        for turn in range(_ECHOES):
            _echo(mix, send, round((turn + 1) * ECHO_BEATS * beat * RATE), ECHO_AGAIN**turn)
    return tuple(mixes)


def _bar(
    track: Mapping[str, Any], pattern: list[int], notes: Wave, beat: float, known: dict[tuple[int, int], Wave]
) -> Wave:
    """One bar of one track, with all that rings on after it; ``known`` are its notes by pitch and length."""
    import numpy as np

    parts = []
    for tick, pitch, ticks, loudness in zip(*[iter(pattern)] * 4, strict=True):
        if (pitch, ticks) not in known:
            known[pitch, ticks] = _note(track, notes, pitch, ticks * beat / TICKS)
        parts.append((round(tick * beat / TICKS * RATE), known[pitch, ticks] * (loudness / 100)))
    bar = np.zeros(max(at + len(wave) for at, wave in parts), np.float32)
    for at, wave in parts:
        bar[at : at + len(wave)] += wave
    return bar


def _note(track: Mapping[str, Any], notes: Wave, pitch: int, lasts: float) -> Wave:
    """A recorded note at another pitch, as long as asked for and its release."""
    import numpy as np

    root, start, length = min(track["samples"], key=lambda sample: (abs(sample[0] - pitch), sample[0]))
    sample = cut(notes, start, length)
    attack, release = track["attack"] / 1000, track["release"] / 1000
    count = round((lasts + release) * RATE)
    steps = np.arange(count) * 2 ** ((pitch - root) / 12)
    if track["loop"]:
        low, high = (edge * RATE // 1000 for edge in track["loop"])
        again = np.searchsorted(steps, high)
        steps[again:] = low + _remainder(steps[again:] - low, high - low)
    else:
        steps = steps[: np.searchsorted(steps, len(sample) - 1)]
    before = steps.astype(np.intp)
    note: Wave = np.diff(sample).take(before) * (steps - before) + sample.take(before)
    _shape(note, min(attack, lasts), lasts, release)
    return note


def _remainder(wave: Wave, whole: int) -> Wave:
    """What ``%`` gives of numbers that are not negative, to the last bit, in a third of the time."""
    import numpy as np

    rest: Wave = wave - np.floor(wave / whole) * whole
    rest[rest < 0] += whole  # the quotient was rounded up to the next whole number
    return rest


def _shape(note: Wave, attack: float, lasts: float, release: float) -> None:
    """Have a note rise for ``attack`` seconds, and fall to nothing for ``release`` after it has lasted."""
    import numpy as np

    risen, falling = math.ceil(attack * RATE) + 1, max(0, math.floor(lasts * RATE) - 1)
    if risen > falling:
        risen, falling = len(note), len(note)
    time = np.arange(len(note)) / RATE
    for part in (slice(risen), slice(falling, None)):
        rise = np.minimum(1.0, time[part] / attack)
        note[part] *= np.minimum(rise, np.clip((lasts + release - time[part]) / release, 0.0, 1.0))


def _add(line: Wave, at: int, wave: Wave) -> None:
    """Add a note; what reaches over the end goes on at the beginning."""
    while len(wave):
        at %= len(line)
        piece = wave[: len(line) - at]
        line[at : at + len(piece)] += piece
        wave, at = wave[len(piece) :], 0


def _echo(mix: Wave, send: Wave, later: int, share: float) -> None:
    """Add so much of what was sent, ``later`` samples on."""
    import numpy as np

    for start in range(0, len(send), _PIECE):
        _add(mix, later + start, send[start : start + _PIECE] * np.float32(share))
