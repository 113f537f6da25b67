"""One picture file, and the way from pixels to its bytes and back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image


@dataclass(frozen=True)
class Picture:
    """One picture file. Width and height are of one frame; the frames of a sprite lie side by side."""

    name: str
    filename: str
    asset_type: str
    width: int
    height: int
    frames: int
    png: bytes
    prompt: str
    """What one would ask an image model for to get the same."""

    @cached_property
    def image(self) -> Image:
        """The RGBA picture in its file, read once, not to be changed; Pillow's error when it is none."""
        return decode(self.png)


SHIPPED = frozenset({"background", "icon", "splash"})
"""Types of pictures that are published as they are; the others go into the atlas."""


def kept_at(asset_type: str, filename: str) -> str:
    """Path of a picture's file in its game's repository."""
    return f"{'web' if asset_type in SHIPPED else 'art'}/{filename}"


def encode(image: Image, colours: int = 0, *, small: bool = True) -> bytes:
    """PNG bytes; with ``colours``, reduced to a palette of that many first (the same ones every time).

    Not ``small`` it is encoded in a fraction of the time, for pictures that are not published as they are:
    packed less, and their colours chosen in less time.
    """
    from PIL import Image

    if colours:
        careful = small and image.mode == "RGB"
        method = Image.Quantize.MEDIANCUT if careful else Image.Quantize.FASTOCTREE
        image = image.quantize(colours, method=method, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=small)
    return buffer.getvalue()


def decode(png: bytes) -> Image:
    """The RGBA picture in ``png``; raises Pillow's error when it is none."""
    from PIL import Image

    return Image.open(io.BytesIO(png)).convert("RGBA")


def reduced(file: Path, size: tuple[int, int], form: str, quality: int) -> bytes | None:
    """An opaque picture file made ``size`` pixels small, for people to look at; None where it cannot be read.

    ``form`` is Pillow's name of a format that has a ``quality``: JPEG, WEBP.
    """
    from PIL import Image

    try:
        with Image.open(file) as whole:
            small = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    except (OSError, Image.DecompressionBombError):
        return None
    buffer = io.BytesIO()
    small.save(buffer, form, quality=quality)
    return buffer.getvalue()
