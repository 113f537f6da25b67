"""Which two things cannot be told apart by their outlines: the table ``outlines.tsv``, read and compared.

What belongs here: likeness of outlines, for tiles of one board. What does not: measuring finished pictures
(``art/checks.py``), or making the table (``tools/outlines.py``).
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CELLS: Final = 6
"""The table's pictures are so many cells wide and high."""

LEVELS: Final = 9
"""What a cell says that is wholly covered."""

_SAME: Final = 0.9
"""Least likeness of two that are confused. With fewer cells or a higher bound, some of those pairs pass whose
tiles cover each other by more than ``art/checks.py`` lets pass; a lower bound parts ever more that differ."""

_TABLE = Path(__file__).with_name("outlines.tsv")


def same_outline(one: str, other: str) -> bool:
    """Whether two things, by the names of their drawings or subjects, have the same outline as tiles.

    What the table does not know is like nothing.
    """
    a, b = _outlines().get(one), _outlines().get(other)
    if a is None or b is None:
        return False
    shared = sum(map(min, a, b))
    return shared > _SAME * sum(map(max, a, b))


@functools.cache
def _outlines() -> Mapping[str, tuple[int, ...]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return {name: tuple(map(int, cells)) for name, cells in (line.split("\t") for line in lines)}
