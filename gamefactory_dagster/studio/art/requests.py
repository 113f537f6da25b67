"""What pictures are asked for: sprites with their roles, and a whole kit. Nothing that draws.

What belongs here: the words in which every other room asks the art room. What does not: what a theme makes of
them (``catalogue.py``).
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["hero", "hazard", "pickup", "solid", "goal", "tile", "cover", "background", "particle", "ui"]


@dataclass(frozen=True, slots=True)
class SpriteRequest:
    """One picture a game needs. ``subject`` names a shape the art room knows; sizes are pixels."""

    name: str
    role: Role
    subject: str
    width: int
    height: int
    frames: int = 1


@dataclass(frozen=True, slots=True)
class ArtRequest:
    """What a kit is made from; equal requests give byte-identical kits. ``hue`` is 0..359 degrees."""

    style: str
    theme: str
    hue: int
    seed: int
    name: str
    sprites: tuple[SpriteRequest, ...]
