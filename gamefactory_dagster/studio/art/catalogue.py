"""Which drawing a requested sprite becomes in a theme.

What belongs here: the mapping from (theme, name, role, subject) to a drawing, its pose and tint.
What does not: the drawings, and the themes' own table (``themes.py``).
"""

from dataclasses import dataclass

from gamefactory_dagster.errors import InputError

from .drawings import DRAWINGS, Drawing
from .requests import SpriteRequest
from .themes import ThemeArt

_TINTS = {
    "apple": "red", "star": "gold", "sweet": "rose", "snowflake": "sky", "flower": "pink", "gear": "brass",
    "banana": "yellow", "gem": "teal", "heart": "red", "clam": "rose", "vase": "orange", "rocket": "red",
    "crown": "gold", "cupcake": "pink", "igloo": "ice", "egg": "second", "skateboard": "rose",
    "tulip": "rose",     "watch": "gold", "idol": "gold", "leaf": "leaf", "key": "gold",
}  # fmt: skip
"""What a drawing is tinted with where no board gives it a colour."""

_BY_ROLE = {
    "hero": "hero",
    "hazard": "hazard_low",
    "pickup": "coin",
    "solid": "crate",
    "goal": "item",
    "particle": "spark",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A drawing with everything the pen must be told."""

    drawing: Drawing
    box: tuple[float, float]
    pose: str
    tint: str
    spins: bool
    """Frames turn it about its upright axis, as coins do."""
    stretch: bool
    margin: float


def plan(request: SpriteRequest, theme: ThemeArt) -> Plan:
    """The drawing for ``request``; raises InputError naming the sprite when the studio knows none."""
    name = _picture(request, theme)
    if name not in DRAWINGS:
        raise InputError("sprites", request.name, "a sprite the art room has a drawing for")
    drawing = DRAWINGS[name]
    pose = "run"
    box = drawing.box
    if request.role == "hero":
        pose = "duck" if "duck" in request.name else "jump" if "jump" in request.name else "run"
        box = (96, 80) if pose == "duck" else box
    tint = _TINTS.get(name, "main")
    if request.name.startswith("tile_"):
        tint = f"tile{int(request.name[5:]) % 6}"
    fills_box = request.name == "ground" or name == "cell"
    margin = 0.0 if fills_box else 1.5 if request.role == "solid" else 2.0
    return Plan(
        drawing, box, pose, tint, request.name == "coin", fills_box or request.role == "solid", margin
    )


def _picture(request: SpriteRequest, theme: ThemeArt) -> str:
    own = {
        "hazard_low": theme.low, "hazard_tall": theme.tall, "hazard_fly": theme.fly,
        "coin": theme.coin, "crate": theme.crate, "item": theme.item, "hero": theme.hero,
    }  # fmt: skip
    name = request.name
    if name.startswith("tile_") and name[5:].isdecimal():
        return theme.tiles[int(name[5:]) % len(theme.tiles)]
    if request.role == "hero":
        return theme.hero
    for candidate in (name, request.subject):
        if candidate in own:
            return own[candidate]
        if candidate in DRAWINGS:
            return candidate
    fallback = _BY_ROLE.get(request.role, request.subject)
    return own.get(fallback, fallback)
