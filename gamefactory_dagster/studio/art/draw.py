"""Drawing a whole kit from a request: sprites, the three backgrounds, the icon, the splash and the crest.

What belongs here: what is drawn, in which order, and the request's own rules. What does not: how anything is
drawn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError

from .kit import ArtKit
from .picture import Picture, encode
from .requests import ArtRequest, SpriteRequest
from .styles import STYLE_TABLE
from .themes import THEME_ART, dressed
from .tints import dealt

if TYPE_CHECKING:
    from PIL.Image import Image

    from .sprites import SpriteMaker

MAX_SPRITES = 64
MAX_SIDE = 256


def draw_kit(request: ArtRequest) -> ArtKit:
    """Draw every picture asked for, the three backgrounds, the icon, the splash and the crest.

    Raises InputError for an unknown style or theme, a hue outside 0..359, or sprites that are too many, too
    large, named twice or unknown, or a sprite that is shown or stood on and not asked for.
    """
    _check(request)
    from .backdrop import draw_backgrounds
    from .palette import make_palette
    from .poster import draw_crest, draw_icon, draw_splash, stack
    from .sprites import SpriteMaker

    style, theme = STYLE_TABLE[request.style], dressed(request.theme, request.cast, request.light)
    palette = make_palette(request.hue, theme, style, request.light)
    if unknown := {sprite.tint for sprite in request.sprites} - {"", *palette.named}:
        raise InputError("sprites", sorted(unknown), f"tints out of {', '.join(palette.named)}")
    backgrounds = draw_backgrounds(style, theme, palette, request.seed)
    screen = stack(backgrounds)
    maker = SpriteMaker(style, theme, palette, request.seed)
    request = replace(request, sprites=dealt(request.sprites, theme))
    pictures = _sprites(request, maker, screen)
    cloudy = style.sky in {"wash", "paper"}
    looks = f"{style.words}; {request.theme} theme, hue {request.hue}"
    for name, image in backgrounds.items():
        wanted = f"Game background layer {name[3:]}, {looks}, repeats sideways"
        pictures.append(
            _picture(
                name,
                "background",
                image,
                1,
                wanted,
                colours=(40 if cloudy else 96) if name == "bg_far" else 48,
            )
        )
    icon = draw_icon(maker, request, palette)
    pictures.append(_picture("icon", "icon", icon, 1, f"App icon of '{request.name}', {looks}", colours=128))
    splash = draw_splash(maker, request, palette, style, screen)
    pictures.append(
        _picture(
            "splash",
            "splash",
            splash,
            1,
            f"Title screen of '{request.name}', {looks}",
            colours=72 if cloudy else 128,
        )
    )
    crest = draw_crest(maker, request, palette, style)
    wanted = f"Title of '{request.name}' for an upright screen, {looks}, transparent background"
    pictures.append(_picture("crest", "splash", crest, 1, wanted, colours=96))
    return ArtKit(request, tuple(pictures), dict(palette.shell))


def _check(request: ArtRequest) -> None:
    if request.style not in STYLE_TABLE:
        raise InputError("style", request.style, f"one of {', '.join(STYLE_TABLE)}")
    if request.theme not in THEME_ART:
        raise InputError("theme", request.theme, f"one of {', '.join(THEME_ART)}")
    if not 0 <= request.hue <= 359:
        raise InputError("hue", request.hue, "degrees from 0 to 359")
    names = [sprite.name for sprite in request.sprites]
    if len(names) > MAX_SPRITES or len(set(names)) != len(names):
        raise InputError("sprites", names, f"at most {MAX_SPRITES} sprites, each name once")
    for sprite in request.sprites:
        if not (
            8 <= sprite.width <= MAX_SIDE and 8 <= sprite.height <= MAX_SIDE and 1 <= sprite.frames <= 16
        ):
            raise InputError("sprites", sprite, f"sides of 8 to {MAX_SIDE} pixels and 1 to 16 frames")
    for field, meant in (
        ("sprites", {sprite.behind for sprite in request.sprites} - {""}),
        ("icon", {placed.sprite for placed in request.icon}),
        ("splash", {placed.sprite for placed in request.splash}),
    ):
        if unknown := meant - set(names):
            raise InputError(field, sorted(unknown), f"sprites out of {', '.join(names)}")


def _sprites(request: ArtRequest, maker: SpriteMaker, screen: Image) -> list[Picture]:
    """Every sprite, each set off from what is behind it."""
    from .visibility import patch_of, patches

    behind = {"": patches(screen)}
    backs = {sprite.behind for sprite in request.sprites}
    for sprite in request.sprites:
        if sprite.name in backs:
            behind[sprite.name] = patch_of(maker.frames(sprite, behind[""])[0])
    return [
        _sprite_picture(sprite, maker.frames(sprite, behind[sprite.behind]), request)
        for sprite in request.sprites
    ]


def _sprite_picture(sprite: SpriteRequest, frames: list[Image], request: ArtRequest) -> Picture:
    from PIL import Image

    strip = Image.new("RGBA", (sprite.width * len(frames), sprite.height))
    for index, frame in enumerate(frames):
        strip.paste(frame, (index * sprite.width, 0))
    kind = {"ui": "ui_element", "particle": "particle"}.get(sprite.role, "sprite")
    words = STYLE_TABLE[request.style].words
    wanted = (
        f"Game sprite {sprite.name} ({sprite.role}), {request.theme} theme, {words}, transparent background"
    )
    return _picture(sprite.name, kind, strip, len(frames), wanted)


def _picture(name: str, kind: str, image: Image, frames: int, prompt: str, *, colours: int = 0) -> Picture:
    width = image.width // frames
    # Sprites are published in the atlas; the others, those of few colours, as they are.
    png = encode(image, colours, small=bool(colours))
    return Picture(name, f"{name}.png", kind, width, image.height, frames, png, prompt)
