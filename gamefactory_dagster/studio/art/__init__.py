"""The art room: from a style, a theme and a hue to every picture of a game, all drawn by program.

Pillow and numpy only; no asset is read. The same request gives the same bytes. What a game is and which
sprites it needs is decided elsewhere; this room only draws what it is asked for.
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
