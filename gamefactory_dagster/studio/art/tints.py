"""Which tile of a board has which colour, where some bring their own.

What belongs here: dealing the tints of tiles anew. What does not: what colour a tint is (``palette.py``).
"""

from collections.abc import Sequence
from dataclasses import replace

from gamefactory_dagster.studio.design.subjects import SUBJECTS

from .palette import TILE_HUES
from .requests import SpriteRequest
from .themes import ThemeArt

_TINTS = {f"tile{number}": hue for number, hue in enumerate(TILE_HUES)}


def dealt(sprites: Sequence[SpriteRequest], theme: ThemeArt) -> tuple[SpriteRequest, ...]:
    """The same sprites; no tile is tinted as another is that is drawn in colours of its own.

    Whoever brings a hue takes the tint nearest to it out of the game, the first one of those that share it;
    a tile whose tint is taken gets one that is left.
    """
    tiles = [sprite for sprite in sprites if sprite.role == "tile" and sprite.tint in _TINTS]
    brought: dict[str, str] = {}
    for sprite in tiles:
        subject = SUBJECTS.get(theme.parts.get(sprite.subject, ""))
        if subject and subject.drawn and subject.hue >= 0:
            nearest = min(_TINTS, key=lambda tint: abs((_TINTS[tint] - subject.hue + 180) % 360 - 180))
            brought.setdefault(nearest, sprite.name)
    moved = [
        sprite.name for sprite in tiles if sprite.tint in brought and sprite.name not in brought.values()
    ]
    kept = {sprite.tint for sprite in tiles if sprite.name not in {*brought.values(), *moved}}
    left = [tint for tint in _TINTS if tint not in brought and tint not in kept]
    tints = dict(zip(moved, left, strict=False))
    return tuple(replace(sprite, tint=tints.get(sprite.name, sprite.tint)) for sprite in sprites)
