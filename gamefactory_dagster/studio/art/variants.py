"""Several pictures of one kind of thing, from the drawings a theme has: recoloured, turned round, on a rock.

What belongs here: what a second and a third picture are made of. What does not: drawings, or which drawing a
theme has for what (``themes.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .drawings import Drawing, find_drawing
from .requests import SpriteRequest
from .subjects.parts import fitted
from .themes import ThemeArt

_WARM = {
    "purple": "rose", "rose": "orange", "pink": "gold", "red": "purple", "orange": "red", "green": "gold",
    "lime": "orange", "leaf": "copper", "teal": "rose", "sky": "teal", "blue": "purple", "steel": "copper",
    "iron": "brown", "dark": "navy", "tan": "rose", "copper": "teal", "brass": "copper", "brown": "purple",
    "stone": "tan", "white": "bone", "lava": "purple", "gold": "rose", "yellow": "orange",
}  # fmt: skip
_COOL = {
    "purple": "teal", "rose": "purple", "pink": "sky", "red": "blue", "orange": "teal", "green": "purple",
    "lime": "teal", "leaf": "teal", "teal": "lime", "sky": "purple", "blue": "teal", "steel": "brass",
    "iron": "steel", "dark": "purple-", "tan": "lime", "copper": "steel", "brass": "steel", "brown": "teal-",
    "stone": "iron", "gold": "lime", "white": "ice", "lava": "teal", "yellow": "lime",
}  # fmt: skip
"""What each colour of a drawing becomes in its second and in its third picture."""


@dataclass(frozen=True, slots=True)
class Part:
    """A drawing, or a copy of it: where in the box, how large, which way, in which colours."""

    drawing: Drawing
    x: float = 0.0
    y: float = 0.0
    size: float = 1.0
    mirrored: bool = False
    colours: Mapping[str, str] = field(default_factory=dict)


def parts(request: SpriteRequest, theme: ThemeArt, drawing: Drawing) -> tuple[Part, ...]:
    """What a picture is made of, behind to before; the first of a kind is its drawing alone."""
    if request.variant == 0:
        return (Part(drawing),)
    if request.subject == "hazard_fly":
        return (Part(drawing, colours=_WARM if request.variant == 1 else _COOL),)
    if request.variant == 1:
        return (Part(drawing, mirrored=True, colours=_WARM),)
    rock = find_drawing("jagged")
    if request.subject == "hazard_tall":
        low = fitted(find_drawing(theme.parts["hazard_low"]), replace(request, subject="hazard_low"))
        return (Part(rock, 0, 80), Part(low, 4, 24, 0.9, colours=_COOL))
    return (Part(rock), Part(drawing, 30, 34, 0.58, mirrored=True, colours=_COOL))
