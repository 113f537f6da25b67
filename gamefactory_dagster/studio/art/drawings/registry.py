"""The list every drawing puts itself on: those of this folder, and those a family alone needs from its own.

What belongs here: the list, and finding in it or among the subjects. No drawing is made here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.subjects import SUBJECTS

if TYPE_CHECKING:
    from gamefactory_dagster.studio.art.pen import Pen

Draw = Callable[["Pen", float], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One thing that can be drawn: its box in its own units, and how. ``draw`` takes the phase, 0 to 1."""

    name: str
    box: tuple[float, float]
    draw: Draw
    hull: tuple[tuple[float, float], ...] = ()
    """The corners of the line that can be drawn tightly round it; none: it may fill its box."""

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """The corners of what it reaches at most."""
        width, height = self.box
        return self.hull or ((0, 0), (width, 0), (width, height), (0, height))


DRAWINGS: dict[str, Drawing] = {}
"""Every drawing by name, filled when the modules that hold them are imported."""


def drawing(name: str, width: float = 100, height: float = 100) -> Callable[[Draw], Draw]:
    """Put the function below on the list as ``name``, drawn in a box of ``width`` x ``height``.

    ValueError for a name that is taken: two drawings must not depend on which was imported last.
    """

    def register(draw: Draw) -> Draw:
        if name in DRAWINGS:
            raise ValueError(f"two drawings are called {name!r}")
        DRAWINGS[name] = Drawing(name, (width, height), draw)
        return draw

    return register


def find_drawing(name: str) -> Drawing:
    """The drawing of a name: made by hand where there is one, else the subject's. Raises InputError."""
    if name in DRAWINGS:
        return DRAWINGS[name]
    subject = SUBJECTS.get(name)
    if subject is None or not subject.drawn:
        raise InputError("subject", name, "the name of a drawing or of a subject")
    from gamefactory_dagster.studio.art.subjects import picture

    return Drawing(
        name, picture.size(subject), lambda pen, t: picture.draw(subject, pen), picture.hull(subject)
    )
