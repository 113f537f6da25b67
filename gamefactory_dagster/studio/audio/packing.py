"""Many short sounds in one file, one after the other.

A Vorbis file carries 3,600 bytes of code books before its first sample; a game's effects have about 900 each.
What belongs here: laying sounds in a row and finding them again. What does not: the format (``ogg.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

GAP = 40
"""Milliseconds of silence between two, so that no coder smears one into the next."""

Places = dict[str, tuple[int, int]]
"""Of each sound by name: where it begins, and how long it is, in milliseconds."""

_MS = RATE // 1000


def pack(waves: Mapping[str, Wave]) -> tuple[Wave, Places]:
    """All the waves in one, in their order."""
    import numpy as np

    places: Places = {}
    parts: list[Wave] = []
    at = 0
    for name, wave in waves.items():
        length = -(-len(wave) // _MS)
        places[name] = (at, length)
        parts.append(np.pad(wave, (0, (length + GAP) * _MS - len(wave))))
        at += length + GAP
    return np.concatenate(parts), places


def cut(wave: Wave, start: int, length: int) -> Wave:
    """The sound that begins at ``start`` and lasts ``length`` milliseconds."""
    return wave[start * _MS : (start + length) * _MS]
