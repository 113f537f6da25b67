"""One picture file, and the way from pixels to its bytes and back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
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


def encode(image: Image, colours: int = 0) -> bytes:
    """PNG bytes; with ``colours``, reduced to a palette of that many first (the same ones every time)."""
    from PIL import Image

    if colours:
        method = Image.Quantize.FASTOCTREE if image.mode == "RGBA" else Image.Quantize.MEDIANCUT
        image = image.quantize(colours, method=method, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def decode(png: bytes) -> Image:
    """The RGBA picture in ``png``; raises Pillow's error when it is none."""
    from PIL import Image

    return Image.open(io.BytesIO(png)).convert("RGBA")
