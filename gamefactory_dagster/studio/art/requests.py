"""What pictures are asked for: sprites with their roles, and a whole kit. Nothing that draws.

What belongs here: the words in which every other room asks the art room. What does not: what a theme makes of
them (``catalogue.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gamefactory_dagster.studio.design.parts import SCENERY

Role = Literal["hero", "hazard", "pickup", "solid", "goal", "tile", "cover", "background", "particle", "ui"]
"""What a sprite is to the player: it decides whether it must stand out, and from what kind of thing."""

Pose = Literal["run", "jump", "fall", "duck", "hurt", "cheer"]


@dataclass(frozen=True, slots=True)
class SpriteRequest:
    """One picture a game needs; sizes are pixels.

    ``subject`` is a part every theme has (``ThemeArt.parts``: its hero, its coin, its third tile) or the name
    of a drawing; a family that wants a drawing of its own for each theme picks it by the design's theme.
    """

    name: str
    role: Role
    subject: str
    width: int
    height: int
    frames: int = 1
    pose: Pose = "run"
    """How a hero holds itself."""
    tint: str = ""
    """Palette colour for what the drawing leaves open, such as ``tile0`` to ``tile5``; empty: its own."""
    spins: bool = False
    """Frames turn it about its upright axis until it is seen edgewise, as coins do: to and fro it spins."""
    variant: int = 0
    """0, 1 or 2: which of the pictures of its kind it is, so that several side by side are not all alike."""
    fills_box: bool = False
    """Drawn to its very edges, to lie side by side: ground, a board's cells. Nothing of it must stand out."""
    repeats: bool = False
    """Drawn so that its left and its right edge meet."""
    behind: str = ""
    """Name of the sprite it is drawn on and must stand out from; empty: the background."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A sprite on the icon (512 x 512) or the splash (960 x 540): its upper left corner and its size."""

    sprite: str
    x: int
    y: int
    enlarge: int
    """How many times as large as in play."""


@dataclass(frozen=True, slots=True)
class ArtRequest:
    """What a kit is made from; equal requests give byte-identical kits. ``hue`` is 0..359 degrees."""

    style: str
    theme: str
    hue: int
    seed: int
    name: str
    sprites: tuple[SpriteRequest, ...]
    icon: tuple[Placed, ...] = ()
    """Before the burst of light, in this order."""
    splash: tuple[Placed, ...] = ()
    """Before the background and under the name, in this order."""
    cast: Mapping[str, str] = field(default_factory=dict)
    """Part of the theme, or ``scenery`` -> the subject that takes its place."""
    light: Literal["day", "night"] | None = None
    """None: as theme and style want it."""

    def cast_in(self, picture: str) -> tuple[str, ...]:
        """Subjects of the cast that a picture of the kit may show."""
        shown = {"icon": self.icon, "crest": self.icon, "splash": self.splash}.get(picture, ())
        names = {picture, *(placed.sprite for placed in shown)}
        parts = {sprite.subject for sprite in self.sprites if sprite.name in names}
        if "hazard_tall" in parts:
            parts.add("hazard_low")
        if picture in {"bg_far", "bg_mid", "bg_near", "splash"}:
            parts.add(SCENERY)
        return tuple(sorted({self.cast[part] for part in parts if part in self.cast}))
