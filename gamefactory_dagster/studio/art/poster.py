"""Icon, splash and crest: the pictures that sell a game. Sprites and backgrounds come from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .colour import mix
from .fills import WHITE
from .lettering import draw_title

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .requests import ArtRequest, Placed
    from .sprites import SpriteMaker
    from .styles import Style

ICON = 512
SPLASH = (960, 540)
CREST = (540, 830)

_BROAD = (40, 18, 920, 238)
"""Where the name is written when nothing is in its way."""


def stack(backgrounds: Mapping[str, Image]) -> Image:
    """The three layers on top of each other, RGB."""
    screen = backgrounds["bg_far"].copy()
    for name in ("bg_mid", "bg_near"):
        screen.paste(backgrounds[name], mask=backgrounds[name].getchannel("A"))
    return screen


def draw_icon(maker: SpriteMaker, request: ArtRequest, palette: Palette) -> Image:
    """512 x 512, opaque: what the request places on it, before a burst of light."""
    image = _burst(palette)
    _put(image, maker, request, request.icon)
    return image


def draw_splash(
    maker: SpriteMaker, request: ArtRequest, palette: Palette, style: Style, screen: Image
) -> Image:
    """960 x 540, opaque: the world, what the request places in it, and the game's name."""
    image = screen.copy()
    _put(image, maker, request, request.splash)
    left, top, right, bottom = title_box(request)
    title = draw_title(request.name, right - left, bottom - top, style, palette)
    image.paste(title, (left, top), title.getchannel("A"))
    return image


def draw_crest(maker: SpriteMaker, request: ArtRequest, palette: Palette, style: Style) -> Image:
    """540 x 830, transparent: the game's name above what its icon shows, for a screen held upright."""
    from PIL import Image

    shown = Image.new("RGBA", (ICON, ICON))
    _put(shown, maker, request, request.icon)
    image = Image.new("RGBA", CREST)
    image.alpha_composite(shown, ((CREST[0] - ICON) // 2, CREST[1] - ICON))
    height = CREST[1] - ICON
    image.alpha_composite(draw_title(request.name, CREST[0], height, style, palette, one_line=7))
    return image


def title_box(request: ArtRequest) -> tuple[int, int, int, int]:
    """Where the name goes: along the top, or left of whatever reaches up there. It covers nothing."""
    asked = {sprite.name: sprite for sprite in request.sprites}
    tall = [place.x for place in request.splash if place.y < _BROAD[3] and not asked[place.sprite].fills_box]
    return (24, 40, min(tall) - 12, 280) if tall else _BROAD


def _put(image: Image, maker: SpriteMaker, request: ArtRequest, places: Sequence[Placed]) -> None:
    asked = {sprite.name: sprite for sprite in request.sprites}
    for place in places:
        sprite = asked[place.sprite]
        drawn = maker.close_up(sprite, place.enlarge)
        image.paste(drawn, (place.x, place.y), None if sprite.fills_box else drawn.getchannel("A"))


def _burst(palette: Palette) -> Image:
    """Rays from the middle, and a glow."""
    from PIL import Image, ImageDraw

    centre, outer = (palette.sky[1], palette.sky[0])
    if palette.night:
        centre, outer = mix(centre, WHITE, 0.06), mix(outer, (0, 0, 0), 0.1)
    else:
        outer = mix(outer, palette.named["shade"], 0.16)
    image = Image.new("RGB", (ICON * 2, ICON * 2), outer)
    draw = ImageDraw.Draw(image)
    middle = ICON
    for ray in range(14):
        angles = (math.tau * (ray + side) / 14 for side in (-0.25, 0.25))
        far = [(middle + math.cos(a) * ICON * 2, middle * 1.1 + math.sin(a) * ICON * 2) for a in angles]
        draw.polygon([(middle, middle * 1.1), *far], fill=mix(outer, centre, 0.4))
    r = ICON * 0.72
    draw.ellipse((middle - r, middle * 1.1 - r, middle + r, middle * 1.1 + r), fill=mix(outer, centre, 0.8))
    return image.reduce(2)
