"""The instruments of a piece, recorded: each note that is needed, at a loudness that the mix can count on.

What belongs here: from names of instruments to their samples and levels. What does not: how one sounds
(``voices.py``, ``drums.py``), or where it stands in the mix (``bands.py``).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drums import DRUMS, KITS
from .loudness import power
from .music import Piece
from .synthesis import RATE
from .voices import BASSES, LEADS, LOOP_EDGE, LOOP_SECONDS, PADS, PLUCKS, Voice

if TYPE_CHECKING:
    from .synthesis import Wave

ROOTS: Mapping[str, tuple[int, ...]] = {"lead": (66, 78), "pluck": (62, 76), "pad": (60,), "bass": (40,)}
"""Pitches an instrument is recorded at; those between are played from the nearest."""

NOTE_PEAK = 0.8
_HEARD = 0.3
"""Seconds of a note that its loudness is measured over, however short it is."""

_RING = 400
"""Milliseconds a drum rings on after its stroke's place in the grid."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """Recorded notes by pitch, and what to multiply them with to be as loud as any other instrument."""

    notes: tuple[tuple[int, Wave], ...]
    gain: float
    attack: int
    release: int
    loop: tuple[int, int] | None = None
    """Milliseconds from the start of a note, between which a held one goes round."""


def instruments(piece: Piece) -> dict[str, Instrument]:
    """Everything the piece is played on, by role; the second voice is the lead's."""
    tuned = {
        "lead": LEADS[piece.lead],
        "pluck": PLUCKS[piece.pluck],
        "pad": PADS[piece.pad],
        "bass": BASSES[piece.bass],
    }
    made = {role: _tuned(voice, ROOTS[role]) for role, voice in tuned.items()}
    return made | {drum: _drum(piece.kit, drum) for drum in DRUMS}


def record_all() -> None:
    """Record every instrument there is; a process then has it, and so have its forks."""
    for role, voices in (("lead", LEADS), ("pluck", PLUCKS), ("pad", PADS), ("bass", BASSES)):
        for voice in voices.values():
            _tuned(voice, ROOTS[role])
    for kit in KITS:
        for drum in DRUMS:
            _drum(kit, drum)


@functools.cache
def _drum(kit: str, name: str) -> Instrument:
    return _even(((0, KITS[kit][name]()),), 1, _RING)


@functools.cache
def _tuned(voice: Voice, roots: Sequence[int]) -> Instrument:
    notes = tuple((root, voice.make(440 * 2 ** ((root - 69) / 12), voice.length)) for root in roots)
    loop = (round(LOOP_EDGE * 1000), round((LOOP_EDGE + LOOP_SECONDS) * 1000)) if voice.held else None
    return _even(notes, voice.attack, voice.release, loop)


def _even(
    notes: tuple[tuple[int, Wave], ...], attack: int, release: int, loop: tuple[int, int] | None = None
) -> Instrument:
    """All notes equally loud, the largest sample of any at ``NOTE_PEAK``."""
    import numpy as np

    even = tuple((root, wave / _loudness(wave)) for root, wave in notes)
    peak = max(float(np.abs(wave).max()) for _, wave in even)
    kept = tuple((root, wave * (NOTE_PEAK / peak)) for root, wave in even)
    return Instrument(kept, peak / NOTE_PEAK, attack, release, loop)


def _loudness(wave: Wave) -> float:
    """Root of the weighted mean square of the first moments of a note."""
    mean = float(power(wave[: round(_HEARD * RATE)]).sum()) / (_HEARD * 10)
    return math.sqrt(mean)
