"""Which two things cannot be told apart by outline and colour: the table ``outlines.tsv``, read and compared.

What belongs here: likeness of tiles of one board. What does not: measuring finished pictures
(``art/checks.py``), or making the table (``tools/outlines.py``).
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .subjects import SUBJECTS, same_colour

CELLS: Final = 6
"""The table's pictures are so many cells wide and high."""

LEVELS: Final = 9
"""What a cell says that is wholly covered."""

ALIKE: Final = 0.9
"""Least likeness of two that are confused. With fewer cells or a higher bound, some of those pairs pass whose
tiles cover each other by more than ``art/checks.py`` lets pass; a lower bound parts ever more that differ."""

IN_ONE_COLOUR: Final = 0.75
"""Least likeness of two that are confused when most of both has the same colour as well."""

_TABLE = Path(__file__).with_name("outlines.tsv")


def alike(one: str, other: str) -> bool:
    """Whether two things, by the names of their drawings or subjects, are taken for each other as tiles.

    What the table does not know is like nothing.
    """
    a, b = _outlines().get(one), _outlines().get(other)
    if a is None or b is None:
        return False
    shared = sum(map(min, a, b))
    coloured = one in SUBJECTS and other in SUBJECTS and same_colour(SUBJECTS[one], SUBJECTS[other])
    return shared > (IN_ONE_COLOUR if coloured else ALIKE) * sum(map(max, a, b))


@functools.cache
def _outlines() -> Mapping[str, tuple[int, ...]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return {name: tuple(map(int, cells)) for name, cells in (line.split("\t") for line in lines)}
