"""The art room: from a style, a theme and a hue to every picture of a game, all drawn by program.

Pillow and numpy only; no asset is read. The same request gives the same bytes. What belongs here: drawing
what is asked for, and judging it. What does not: what a game is and which sprites it needs.
"""

from .kit import ArtKit
from .picture import Picture
from .requests import ArtRequest, Placed, Role, SpriteRequest

__all__ = [
    "ArtKit",
    "ArtRequest",
    "Picture",
    "Placed",
    "Role",
    "SpriteRequest",
]
