"""Which drawing a requested sprite becomes in a theme.

What belongs here: from a request and a theme to a drawing and all the pen must be told. What does not: the
drawings, the themes' own table (``themes.py``), and how a sprite is to look, which its request says.
"""

from dataclasses import dataclass

from gamefactory_dagster.errors import InputError

from .drawings import find_drawing
from .requests import SpriteRequest
from .subjects.parts import fitted
from .themes import ThemeArt
from .variants import Part, parts

_TINTS = {
    "apple": "red", "star": "gold", "sweet": "rose", "snowflake": "sky", "flower": "pink", "gear": "brass",
    "banana": "yellow", "gem": "teal", "heart": "red", "clam": "rose", "vase": "orange", "rocket": "red",
    "crown": "gold", "cupcake": "pink", "igloo": "ice", "egg": "second", "skateboard": "rose",
    "tulip": "rose", "watch": "gold", "idol": "gold", "leaf": "leaf", "key": "gold",
    "lighthouse": "red", "windmill": "red", "watermill": "red", "treehouse": "red", "sandcastle": "red",
    "scarecrow": "blue", "barn": "red", "well": "red", "submarine": "gold", "pirate ship": "red",
    "digger": "gold", "mine cart": "gold", "treasure chest": "gold", "lantern": "teal", "crystal": "purple",
    "firefly": "rose", "dragonfly": "teal",
}  # fmt: skip
"""What a drawing is tinted with where its request names no colour."""

_CROUCHED = (96, 80)
"""Box of a hero that ducks; standing, heroes are drawn in 96 x 128."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Drawings with everything the pen must be told."""

    parts: tuple[Part, ...]
    box: tuple[float, float]
    pose: str
    tint: str
    spins: bool
    """Frames turn it about its upright axis until it is seen edgewise, as coins do."""
    stretch: bool
    margin: float


def tint_of(name: str) -> str:
    """What a drawing is tinted with where nobody says."""
    return _TINTS.get(name, "main")


def plan(request: SpriteRequest, theme: ThemeArt) -> Plan:
    """The drawing for ``request``; raises InputError naming the sprite when the studio knows none."""
    name = theme.parts.get(request.subject, request.subject)
    try:
        drawing = fitted(find_drawing(name), request)
    except InputError as error:
        expected = f"a sprite of a known subject, not {name!r}"
        raise InputError("sprites", request.name, expected) from error
    return Plan(
        parts(request, theme, drawing),
        _CROUCHED if request.pose == "duck" else drawing.box,
        request.pose,
        request.tint or tint_of(name),
        request.spins,
        request.fills_box or request.role == "solid",
        0.0 if request.fills_box else 1.5 if request.role == "solid" else 2.0,
    )
