"""A whole art kit: every picture of a game, its palette, its atlas, its contact sheet and its checks.

What belongs here: what other rooms call. What does not: how anything is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.families.base import SpriteRequest

from .styles import STYLE_TABLE
from .themes import THEME_ART

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SPRITES = 64
MAX_SIDE = 256


@dataclass(frozen=True, slots=True)
class ArtRequest:
    """What a kit is made from; equal requests give byte-identical kits. ``hue`` is 0..359 degrees."""

    style: str
    theme: str
    hue: int
    seed: int
    name: str
    sprites: tuple[SpriteRequest, ...]


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


@dataclass(frozen=True, slots=True)
class ArtKit:
    """Every picture of one game."""

    request: ArtRequest
    pictures: tuple[Picture, ...]
    palette: Mapping[str, str]
    """Colours for the player: sky ground ink accent panel paper, as ``#rrggbb``."""

    def picture(self, name: str) -> Picture:
        """The picture called ``name``; raises InputError when the kit has none."""
        for picture in self.pictures:
            if picture.name == name:
                return picture
        raise InputError("picture", name, "the name of a picture of this kit")

    def sprites(self) -> tuple[Picture, ...]:
        """The pictures that go into the atlas: all but backgrounds, icon and splash."""
        return tuple(p for p in self.pictures if p.asset_type not in {"background", "icon", "splash"})

    def atlas(self) -> tuple[bytes, dict[str, Any]]:
        """All sprites in one PNG, and where each frame is: ``{"frames": {"hero_0": [x, y, w, h], ...}}``.

        A picture's own name (``"hero"``, ``"crate"``) stands for its first frame.
        """
        from .atlas import pack

        return pack(self.sprites())

    def sheet(self) -> bytes:
        """A labelled contact sheet for people, as PNG."""
        from .sheet import contact_sheet

        return contact_sheet(self)

    def problems(self) -> list[str]:
        """What is wrong with the kit, a sentence each; empty when it may be shipped."""
        from .checks import find_problems

        return find_problems(self)


def draw_kit(request: ArtRequest) -> ArtKit:
    """Draw every picture asked for, the three backgrounds, the icon and the splash.

    Raises InputError for an unknown style or theme, a hue outside 0..359, or sprites that are too many, too
    large, named twice or unknown.
    """
    _check(request)
    from .backdrop import draw_backgrounds
    from .palette import make_palette
    from .poster import draw_icon, draw_splash, stack
    from .sprites import SpriteMaker
    from .visibility import behind_tiles, patches

    style, theme = STYLE_TABLE[request.style], THEME_ART[request.theme]
    palette = make_palette(request.hue, theme, style)
    backgrounds = draw_backgrounds(style, theme, palette, request.seed)
    screen = stack(backgrounds)
    maker = SpriteMaker(style, theme, palette, request.seed)
    light, board = patches(screen), None
    for sprite in request.sprites:
        if sprite.name == "cell":
            board = behind_tiles(maker.frames(sprite, light, None)[0])
    pictures = [
        _sprite_picture(sprite, maker.frames(sprite, light, board), request) for sprite in request.sprites
    ]
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
    icon = draw_icon(maker, request, palette, style)
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
    return Picture(name, f"{name}.png", kind, width, image.height, frames, encode(image, colours), prompt)


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
