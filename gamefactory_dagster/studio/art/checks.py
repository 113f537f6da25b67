"""What may be wrong with an art kit, found from the finished files alone.

What belongs here: looking. What does not: mending; a kit with problems is not shipped.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from .atlas import Packed, pack
from .colour import contrast, from_hex
from .fitting import published_bytes
from .kit import ArtKit
from .palette import TEXT_CONTRAST
from .picture import Picture, decode
from .poster import CREST, ICON, SPLASH, stack
from .requests import SpriteRequest
from .seams import seam_difference, shows
from .visibility import LEAST, must_show, patch_of, patches, visibility

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 330_000
"""Most a kit's published pictures (atlas, backgrounds, icon, splash, crest) may take together."""

MAX_TILE_OVERLAP = 0.93
"""Two tiles whose silhouettes cover each other more than this (intersection over union) look the same."""

_SIZES = {
    "bg_far": SPLASH,
    "bg_mid": SPLASH,
    "bg_near": SPLASH,
    "icon": (ICON, ICON),
    "splash": SPLASH,
    "crest": CREST,
}


def find_problems(kit: ArtKit, packed: Packed | None = None) -> list[str]:
    """What is wrong with the kit, a sentence each; empty when it may be shipped.

    ``packed``: its atlas, where that is made already.
    """
    images = {}
    problems = []
    for picture in kit.pictures:
        try:
            images[picture.name] = picture.image
        except (OSError, SyntaxError) as error:
            problems.append(f"{picture.name}: not a readable PNG ({error})")
    wanted = {sprite.name for sprite in kit.request.sprites} | set(_SIZES)
    problems += [f"{name}: missing" for name in sorted(wanted - {picture.name for picture in kit.pictures})]
    if problems:
        return problems
    for picture in kit.pictures:
        problems += _size_problems(picture, images[picture.name], kit)
    problems += _background_problems(images) + _seam_problems(kit, images)
    if problems:
        return problems
    atlas, places = packed = packed or pack(kit.sprites())
    images |= _published(kit, decode(atlas), places["frames"])
    problems += _tile_problems(kit, images) + _contrast_problems(kit, images) + _palette_problems(kit)
    if (size := published_bytes(kit, packed)) > MAX_BYTES:
        problems.append(f"the published pictures take {size} bytes, more than {MAX_BYTES}")
    return problems


def _published(kit: ArtKit, atlas: Image, places: dict[str, list[int]]) -> dict[str, Image]:
    """The sprites as the atlas shows them, frames side by side."""
    from PIL import Image

    strips = {}
    for sprite in kit.sprites():
        strip = Image.new("RGBA", (sprite.width * sprite.frames, sprite.height))
        for frame in range(sprite.frames):
            x, y, wide, high = places[f"{sprite.name}_{frame}"]
            strip.paste(atlas.crop((x, y, x + wide, y + high)), (frame * wide, 0))
        strips[sprite.name] = strip
    return strips


def _size_problems(picture: Picture, image: Image, kit: ArtKit) -> list[str]:
    asked = {sprite.name: (sprite.width, sprite.height, sprite.frames) for sprite in kit.request.sprites}
    width, height, frames = asked.get(picture.name, (*_SIZES.get(picture.name, (0, 0)), 1))
    if image.size != (width * frames, height):
        return [f"{picture.name}: is {image.size}, not {(width * frames, height)}"]
    solid = {sprite.name for sprite in kit.request.sprites if sprite.role == "solid"}
    problems = []
    if picture.name in asked:
        for frame in range(frames):
            alpha = image.crop((frame * width, 0, (frame + 1) * width, height)).getchannel("A")
            if alpha.getbbox() is None:
                problems.append(f"{picture.name}: frame {frame} is empty")
            elif picture.name not in solid and not any(alpha.histogram()[:128]):
                problems.append(f"{picture.name}: frame {frame} has no transparent part")
    return problems


def _background_problems(images: dict[str, Image]) -> list[str]:
    problems = []
    for name in ("bg_far", "icon", "splash"):
        if images[name].getchannel("A").getextrema() != (255, 255):
            problems.append(f"{name}: must be opaque")
    for name in ("bg_mid", "bg_near", "crest"):
        low, high = images[name].getchannel("A").getextrema()
        if low != 0 or high == 0:
            problems.append(f"{name}: must be partly transparent")
    return problems


def _seam_problems(kit: ArtKit, images: dict[str, Image]) -> list[str]:
    repeating = ["bg_far", "bg_mid", "bg_near", *(s.name for s in kit.request.sprites if s.repeats)]
    problems = []
    for name in repeating:
        seam, usual = seam_difference(images[name])
        if shows(seam, usual):
            problems.append(f"{name}: the seam shows: a step of {seam:.1f}, elsewhere {usual:.1f}")
    return problems


def _tile_problems(kit: ArtKit, images: dict[str, Image]) -> list[str]:
    tiles = [s.name for s in kit.request.sprites if s.role == "tile"]
    problems = []
    for one, other in itertools.combinations(tiles, 2):
        overlap = silhouette_overlap(images[one], images[other])
        if overlap > MAX_TILE_OVERLAP:
            problems.append(
                f"{one} and {other}: silhouettes overlap by {overlap:.2f}, more than {MAX_TILE_OVERLAP}"
            )
    return problems


def silhouette_overlap(one: Image, other: Image) -> float:
    """Intersection over union of two silhouettes, 0 (apart) to 1 (the same)."""
    import numpy as np

    a, b = (np.asarray(image.getchannel("A")) > 128 for image in (one, other))
    return float((a & b).sum() / max(1, (a | b).sum()))


def _contrast_problems(kit: ArtKit, images: dict[str, Image]) -> list[str]:
    layers = {name: images[name] for name in ("bg_far", "bg_mid", "bg_near")}
    layers["bg_far"] = layers["bg_far"].convert("RGB")
    asked = {sprite.name: sprite for sprite in kit.request.sprites}
    behind: dict[str, Any] = {"": patches(stack(layers))}
    for name in {sprite.behind for sprite in asked.values()} - {""}:
        behind[name] = patch_of(_frame(images[name], asked[name], 0))
    problems = []
    for sprite in filter(must_show, asked.values()):
        for frame in range(sprite.frames):
            ratio = visibility(_frame(images[sprite.name], sprite, frame), behind[sprite.behind])
            if ratio < LEAST:
                problems.append(f"{sprite.name}: frame {frame} has contrast {ratio:.2f}, under {LEAST}")
    return problems


def _frame(strip: Image, sprite: SpriteRequest, number: int) -> Image:
    left = number * sprite.width
    return strip.crop((left, 0, left + sprite.width, sprite.height))


def _palette_problems(kit: ArtKit) -> list[str]:
    colours = {name: from_hex(value) for name, value in kit.palette.items()}
    pairs = (("ink", "paper"), ("ink", "panel"), ("accent", "paper"))
    ratios = [(one, other, contrast(colours[one], colours[other])) for one, other in pairs]
    return [
        f"palette: {one} on {other} has contrast {ratio:.2f}, under {TEXT_CONTRAST}"
        for one, other, ratio in ratios
        if ratio < TEXT_CONTRAST
    ]
