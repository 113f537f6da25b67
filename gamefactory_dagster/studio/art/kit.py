"""A finished art kit: every picture of a game and its palette. The data alone.

What belongs here: finding a picture. What does not: drawing (``draw.py``), packing (``atlas.py``), showing
(``sheet.py``) and judging it (``checks.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gamefactory_dagster.errors import InputError

from .picture import SHIPPED, Picture
from .requests import ArtRequest


@dataclass(frozen=True, slots=True)
class ArtKit:
    """Every picture of one game."""

    request: ArtRequest
    pictures: tuple[Picture, ...]
    palette: Mapping[str, str]
    """Colours for the player: sky ground ink accent panel paper, as ``#rrggbb``."""

    def picture(self, name: str) -> Picture:
        """The picture called ``name``; raises InputError when the kit has none."""
        for picture in self.pictures:
            if picture.name == name:
                return picture
        raise InputError("picture", name, "the name of a picture of this kit")

    def sprites(self) -> tuple[Picture, ...]:
        """The pictures that go into the atlas: all but backgrounds, icon and splash."""
        return tuple(p for p in self.pictures if p.asset_type not in SHIPPED)
