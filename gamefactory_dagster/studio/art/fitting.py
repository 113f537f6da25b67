"""Making a kit's published pictures fit: the largest are given fewer colours until they do.

What belongs here: that. What does not: how large a kit may be at all (``checks.py``).
"""

from __future__ import annotations

import io
from dataclasses import replace

from .atlas import Packed, pack
from .kit import ArtKit
from .picture import SHIPPED, Picture, encode

FIT_BYTES = 270_000
"""What a bundle of 600,000 bytes leaves for pictures beside player, levels and sound at their largest."""

_KEPT, _FEWEST = 0.7, 24
"""Share of a picture's colours that is kept each time, and how few are not reduced any more."""


def fitted(kit: ArtKit, most: int = FIT_BYTES) -> tuple[ArtKit, Packed]:
    """The kit with pictures of ``most`` bytes altogether, if that can be had, and its atlas.

    A kit that fits is given back as it is.
    """
    packed = pack(kit.sprites())
    while published_bytes(kit, packed) > most and (slimmer := _slimmer(kit)) is not None:
        kit = slimmer
    return kit, packed


def published_bytes(kit: ArtKit, packed: Packed) -> int:
    """What the published pictures take together: atlas, backgrounds, icon, splash, crest."""
    return len(packed[0]) + sum(len(picture.png) for picture in kit.pictures if picture.asset_type in SHIPPED)


def _slimmer(kit: ArtKit) -> ArtKit | None:
    """The kit with fewer colours in its largest picture; None where none has any to spare."""
    shipped = (picture for picture in kit.pictures if picture.asset_type in SHIPPED)
    for picture in sorted(shipped, key=lambda one: -len(one.png)):
        if (colours := _colours(picture)) > _FEWEST:
            opaque = picture.image.getchannel("A").getextrema() == (255, 255)
            image = picture.image.convert("RGB") if opaque else picture.image
            slim = replace(picture, png=encode(image, max(_FEWEST, int(colours * _KEPT))))
            pictures = (slim if one is picture else one for one in kit.pictures)
            return replace(kit, pictures=tuple(pictures))
    return None


def _colours(picture: Picture) -> int:
    """How many a picture has, 256 at most."""
    from PIL import Image

    with Image.open(io.BytesIO(picture.png)) as image:
        return len(image.getcolors(256) or range(256))
