"""How the inside of one shape is painted in each style.

What belongs here: a function a fill, from a mask and a colour to a picture of the same size.
What does not: outlines, placement, whole pictures (``pen.py``), or style numbers (``styles.py``).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .colour import Rgb, darker, mix

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Patch:
    """One shape to fill. ``points`` are relative to the mask; ``unit`` is a finished pixel in mask pixels.

    The mask is of one bit, or of eight where the shape can be seen through.
    """

    mask: Image
    colour: Rgb
    shade: Rgb
    """The dark of the palette, which shadows lean to."""
    light: Rgb
    """What highlights lean to."""
    points: Sequence[tuple[float, float]]
    unit: float
    plain: bool
    """Too small, or not meant, to be shaded."""
    seed: int


def flat(patch: Patch) -> Image:
    """One colour."""
    from PIL import Image

    return Image.new("RGB", patch.mask.size, patch.colour)


def _gradient(patch: Patch, top: Rgb, bottom: Rgb) -> Image:
    from PIL import Image

    width, height = patch.mask.size
    column = (1, height)  # all others are like it
    ramp = _ramp().resize(column)
    shaded = Image.composite(Image.new("RGB", column, bottom), Image.new("RGB", column, top), ramp)
    return shaded.resize((width, height), Image.Resampling.NEAREST)


@functools.cache
def _ramp() -> Image:
    """From black to white, one pixel wide."""
    from PIL import Image

    return Image.linear_gradient("L").crop((0, 0, 1, 256))


def _crescent(patch: Patch, right: float, down: float) -> Image:
    """The part of the mask that a copy moved by (right, down) finished pixels leaves bare."""
    from PIL import ImageChops

    width, height = patch.mask.size
    dx, dy = round(right * patch.unit), round(down * patch.unit)
    return ImageChops.subtract(patch.mask, patch.mask.crop((-dx, -dy, width - dx, height - dy)))


def _depth(patch: Patch) -> float:
    """How thick a shadow suits the shape, in finished pixels."""
    return min(7.0, 0.16 * min(patch.mask.size) / patch.unit)


def cel(patch: Patch) -> Image:
    """Two tones with a shadow below right and a gloss above left."""
    from PIL import ImageDraw

    if patch.plain:
        return flat(patch)
    image = _gradient(patch, mix(patch.colour, patch.light, 0.16), darker(patch.colour, patch.shade, 0.06))
    depth = _depth(patch)
    image.paste(darker(patch.colour, patch.shade, 0.34), mask=_crescent(patch, -depth, -depth))
    width, height = patch.mask.size
    if min(width, height) > 9 * patch.unit:
        gloss = ImageDraw.Draw(image)
        x, y, size = width * 0.27, height * 0.16, min(width, height) * 0.085
        gloss.ellipse(
            (x - size, y - size * 0.75, x + size * 1.3, y + size * 0.75),
            fill=mix(patch.colour, patch.light, 0.72),
        )
    return image


def soft(patch: Patch) -> Image:
    """A gentle ramp from light to the colour, and a faint second tone."""
    if patch.plain:
        return flat(patch)
    image = _gradient(patch, mix(patch.colour, patch.light, 0.42), darker(patch.colour, patch.shade, 0.05))
    depth = _depth(patch) * 0.9
    image.paste(darker(patch.colour, patch.shade, 0.16), mask=_crescent(patch, -depth * 0.4, -depth))
    return image


def neon(patch: Patch) -> Image:
    """A dark body, lit from below by its own tube; small parts are the tube itself."""
    if patch.plain:
        return flat(patch)
    dark = mix(patch.colour, (12, 8, 30), 0.66)
    return _gradient(patch, dark, mix(patch.colour, (12, 8, 30), 0.36))


def rim(patch: Patch) -> Image:
    """Sunk in shadow, with moonlight along the upper left edge."""
    if patch.plain:
        return flat(patch)
    image = _gradient(patch, darker(patch.colour, patch.shade, 0.05), darker(patch.colour, patch.shade, 0.85))
    depth = max(0.8, _depth(patch) * 0.34)
    image.paste(mix(patch.colour, patch.light, 0.62), mask=_crescent(patch, depth, depth))
    return image


def split(patch: Patch) -> Image:
    """The right half a tone darker, along a slanted edge."""
    from PIL import ImageDraw

    image = flat(patch)
    if not patch.plain:
        width, height = patch.mask.size
        half = [(width * 0.62, 0), (width, 0), (width, height), (width * 0.42, height)]
        ImageDraw.Draw(image).polygon(half, fill=darker(patch.colour, patch.shade, 0.24))
    return image


def hatch(patch: Patch) -> Image:
    """Crayon: uneven colour with pencil strokes in the shadow."""
    from PIL import Image, ImageChops, ImageDraw

    if patch.plain:
        return flat(patch)
    image = flat(patch)
    width, height = patch.mask.size
    step = max(3, round(2.6 * patch.unit))
    image.paste(mix(patch.colour, patch.light, 0.4), mask=_grain(patch))
    depth = _depth(patch) * 2.2
    shadow = _crescent(patch, -depth, -depth).convert("L")
    strokes = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(strokes)
    for x in range(-height, width, step):
        draw.line((x, height, x + height, 0), fill=255, width=max(1, round(0.8 * patch.unit)))
    strokes.paste(0, mask=ImageChops.invert(shadow))
    image.paste(darker(patch.colour, patch.shade, 0.55), mask=strokes)
    return image


def wash(patch: Patch) -> Image:
    """Watercolour: blotches of pigment, pale where the water stood, dark along the edge."""
    from PIL import ImageChops, ImageFilter

    if patch.plain:
        return flat(patch)
    image = flat(patch)
    image.paste(mix(patch.colour, patch.light, 0.55), mask=_grain(patch))
    reach = max(1.0, min(2.4 * patch.unit, min(patch.mask.size) * 0.12))
    mask = patch.mask.convert("L")
    inside = mask.filter(ImageFilter.BoxBlur(reach))
    edge = ImageChops.multiply(ImageChops.invert(inside), mask)
    image.paste(darker(patch.colour, patch.shade, 0.62), mask=edge)
    return image


def facet(patch: Patch) -> Image:
    """A fan of triangles about the middle, each as light as its edge faces the light."""
    from PIL import Image, ImageDraw

    if patch.plain:
        return flat(patch)
    image = Image.new("RGB", patch.mask.size, patch.colour)
    draw = ImageDraw.Draw(image)
    points = patch.points
    x = sum(point[0] for point in points) / len(points) - patch.mask.width * 0.07
    y = sum(point[1] for point in points) / len(points) - patch.mask.height * 0.07
    for one, other in zip(points, [*points[1:], points[0]], strict=True):
        across, down = (one[0] + other[0]) / 2 - x, (one[1] + other[1]) / 2 - y
        light = (-0.55 * across - 0.83 * down) / (math.hypot(across, down) or 1.0)
        tone = (
            mix(patch.colour, patch.light, light * 0.34)
            if light > 0
            else darker(patch.colour, patch.shade, -light * 0.5)
        )
        draw.polygon([(x, y), one, other], fill=tone)
    return image


def _grain(patch: Patch) -> Image:
    """Cloudy noise as large as the patch, its lightest half 0."""
    width, height = patch.mask.size
    side = max(8, round(max(width, height) / (max(1.0, patch.unit) * 1.0)))
    side = min(side, 256)
    left, top = patch.seed * 37 % (257 - side), patch.seed * 61 % (257 - side)
    piece = noise().crop((left, top, left + side, top + side))
    longest = max(width, height)
    return piece.resize((longest, longest), 2).crop((0, 0, width, height))


@functools.cache
def noise() -> Image:
    """Cloudy noise, 256 x 256, the same for ever."""
    import numpy as np
    from PIL import Image

    random = np.random.Generator(np.random.PCG64(7))
    total = np.zeros((256, 256))
    for side, weight in ((12, 0.55), (32, 0.3), (128, 0.15)):
        small = Image.fromarray((random.random((side, side)) * 255).astype(np.uint8))
        total += weight * np.asarray(small.resize((256, 256), 3), dtype=float)
    spread = (total - total.mean()) / total.std()
    return Image.fromarray(np.clip(80 + spread * 70, 0, 255).astype(np.uint8))


FILLS: Mapping[str, Callable[[Patch], Image]] = {
    "flat": flat, "cel": cel, "soft": soft, "neon": neon, "rim": rim,
    "split": split, "hatch": hatch, "wash": wash, "facet": facet,
}  # fmt: skip
