"""Outlines of boards: which cells of a rectangle are holes.

What belongs here: shapes, as functions of a board's size. What does not: which game has which
(``grammar.py``), or what lies on a board (``generate.py``).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

Cells = set[tuple[int, int]]
"""Places as ``(x, y)`` from the upper left."""


def _mirrored(columns: int, rows: int, cells: Cells) -> Cells:
    """The same on all four sides."""
    flipped = cells | {(columns - 1 - x, y) for x, y in cells}
    return flipped | {(x, rows - 1 - y) for x, y in flipped}


def _full(columns: int, rows: int) -> Cells:
    return set()


def _corners(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {(0, 0)})


def _lozenge(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {(0, 0), (1, 0), (0, 1)})


def _cross(columns: int, rows: int) -> Cells:
    if min(columns, rows) < 7:  # too little would be left
        return _lozenge(columns, rows)
    return _mirrored(columns, rows, {(0, 0), (1, 0), (0, 1), (1, 1)})


def _waist(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {(0, (rows - 1) // 2), (0, rows // 2)})


def _ring(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {((columns - 1) // 2, (rows - 1) // 2)})


def _pillars(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {(columns // 2 - 2, (rows - 1) // 2)})


def _notches(columns: int, rows: int) -> Cells:
    return _mirrored(columns, rows, {((columns - 1) // 2, 0)})


def _bridge(columns: int, rows: int) -> Cells:
    middle = (columns - 1) // 2
    return _mirrored(columns, rows, {(middle, y) for y in range(rows // 2 - 1)})


def _stairs(columns: int, rows: int) -> Cells:
    steps = {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)}
    return steps | {(columns - 1 - x, rows - 1 - y) for x, y in steps}


OUTLINES: Mapping[str, Callable[[int, int], Cells]] = MappingProxyType(
    {
        "corners": _corners, "lozenge": _lozenge, "cross": _cross, "waist": _waist, "ring": _ring,
        "pillars": _pillars, "notches": _notches, "bridge": _bridge, "stairs": _stairs, "full": _full,
    }
)  # fmt: skip
"""Every outline by name."""

MILD = ("corners", "waist", "ring", "notches", "full")
"""Those that leave nearly all of a board."""


def holes(name: str, columns: int, rows: int) -> list[int]:
    """The cells that outline ``name`` takes out of a board, sorted."""
    return sorted(y * columns + x for x, y in OUTLINES[name](columns, rows))
