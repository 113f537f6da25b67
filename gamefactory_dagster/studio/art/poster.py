"""Icon and splash: the pictures that sell a game. Sprites and backgrounds come from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .colour import mix
from .fills import WHITE
from .lettering import draw_title
from .requests import SpriteRequest

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .requests import ArtRequest
    from .sprites import SpriteMaker
    from .styles import Style

ICON = 512
SPLASH = (960, 540)


def stack(backgrounds: Mapping[str, Image]) -> Image:
    """The three layers on top of each other, RGB."""
    screen = backgrounds["bg_far"].copy()
    for name in ("bg_mid", "bg_near"):
        screen.paste(backgrounds[name], mask=backgrounds[name].getchannel("A"))
    return screen


def _is_puzzle(request: ArtRequest) -> bool:
    return any(sprite.role == "tile" for sprite in request.sprites)


def _tile(number: int) -> SpriteRequest:
    return SpriteRequest(f"tile_{number}", "tile", "tile", 64, 64)


HERO = SpriteRequest("hero_jump", "hero", "hero", 48, 64)


def draw_icon(maker: SpriteMaker, request: ArtRequest, palette: Palette, style: Style) -> Image:
    """512 x 512, opaque: the hero (or three tiles of a puzzle) before a burst of light."""
    image = _burst(palette)
    if _is_puzzle(request):
        for number, enlarge, x, y in ((1, 3, 40, 62), (2, 3, 280, 62), (0, 5, 96, 178)):
            image.paste(*_placed(maker.close_up(_tile(number), enlarge), x, y))
        return image
    hero = maker.close_up(HERO, 7)
    image.paste(*_placed(hero, (ICON - hero.width) // 2 + 8, ICON - hero.height - 30))
    return image


def _placed(image: Image, x: int, y: int) -> tuple[Image, tuple[int, int], Image]:
    return image, (x, y), image.getchannel("A")


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


def draw_splash(
    maker: SpriteMaker, request: ArtRequest, palette: Palette, style: Style, screen: Image
) -> Image:
    """960 x 540, opaque: the world, the hero or the tiles, and the game's name."""
    image = screen.copy()
    if _is_puzzle(request):
        for number in range(6):
            tile = maker.close_up(_tile(number), 2)
            image.paste(*_placed(tile, 66 + number * 140, 350 + (number % 2) * 26))
    else:
        ground = maker.close_up(SpriteRequest("ground", "solid", "ground", 96, 96), 1)
        for x in range(0, SPLASH[0], 96):
            image.paste(ground, (x, 476))
        hero = maker.close_up(HERO, 4)
        image.paste(*_placed(hero, 384, 478 - hero.height))
        for sprite, x, y, enlarge in (
            ("coin", 640, 300, 2),
            ("coin", 728, 268, 2),
            ("hazard_low", 800, 398, 2),
        ):
            drawn = maker.close_up(
                SpriteRequest(
                    sprite, "pickup", sprite, 32 if sprite == "coin" else 40, 32 if sprite == "coin" else 40
                ),
                enlarge,
            )
            image.paste(*_placed(drawn, x, y))
    title = draw_title(request.name, 880, 220, style, palette)
    image.paste(*_placed(title, 40, 18))
    return image
