"""Words in pictures: the game's name on the splash, labels on the contact sheet.

What belongs here: fitting, outlining and lighting of text in Pillow's own font, which needs no file.
What does not: which words (the design says) or where they go.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING

from .colour import Rgb, mix
from .fills import WHITE

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from .palette import Palette
    from .styles import Style


@functools.cache
def font(size: int) -> FreeTypeFont:
    """Pillow's embedded font at ``size`` pixels, laid out the same way on every machine."""
    import io

    from PIL import ImageFont

    embedded = ImageFont.load_default(10)
    assert isinstance(embedded, ImageFont.FreeTypeFont)
    return ImageFont.truetype(io.BytesIO(embedded.font_bytes), size, layout_engine=ImageFont.Layout.BASIC)


@functools.cache
def _has_glyph(character: str) -> bool:
    unknown = font(24).getmask("\U0010fffd")
    mask = font(24).getmask(character)
    return character == " " or (mask.size != unknown.size or bytes(mask) != bytes(unknown))


def drawable(text: str) -> str:
    """``text`` in glyphs the font has: accents are dropped where needed, and what is left unknown goes."""
    kept = []
    for character in text:
        plain = unicodedata.normalize("NFKD", character)
        for piece in (character, plain[0]):
            if _has_glyph(piece):
                kept.append(piece)
                break
    return " ".join("".join(kept).split()) or "Game"


def split_title(text: str, most: int = 16) -> list[str]:
    """One line of at most so many letters, else two of nearly the same length."""
    words = text.split()
    if len(text) <= most or len(words) == 1:
        return [text]
    cuts = range(1, len(words))
    best = min(cuts, key=lambda cut: max(len(" ".join(words[:cut])), len(" ".join(words[cut:]))))
    return [" ".join(words[:best]), " ".join(words[best:])]


def draw_title(
    text: str, width: int, height: int, style: Style, palette: Palette, *, one_line: int = 16
) -> Image:
    """The name as large as fits into ``width`` x ``height``: bold, lit from above, outlined. RGBA.

    Names longer than ``one_line`` letters get two lines.
    """
    from PIL import Image

    lines = split_title(drawable(text), one_line)
    step = 4 if style.pixel > 1 else 1
    size = height // (len(lines) * step)
    while size > 8 and not _fits(lines, size, width // step, height // step):
        size -= 1
    bold = max(1, round(size / 17))
    rim = max(1, round(size / 13))
    canvas = (width // step, height // step)
    letters, edge, shadow = (_mask(lines, size, canvas, stroke) for stroke in (bold, bold + rim, bold + rim))
    light, dark, outline = _title_colours(style, palette)
    image = Image.new("RGBA", canvas)
    drop = max(1, round(size / 16))
    image.paste((*outline, 255), (0, drop), shadow)
    image.paste((*outline, 255), mask=edge)
    image.paste(_two_tone(canvas, light, dark, len(lines)), mask=letters)
    if style.pixel > 1:
        image.putalpha(image.getchannel("A").point([255 if value > 110 else 0 for value in range(256)]))
        image = image.resize((width, height), 0)
    return image


def _title_colours(style: Style, palette: Palette) -> tuple[Rgb, Rgb, Rgb]:
    main = palette.named["main"]
    if palette.night:
        return (
            mix(palette.named["second"], WHITE, 0.5),
            palette.named["second"],
            mix(main, palette.named["shade"], 0.72),
        )
    if style.fill in {"flat", "wash", "hatch"}:
        deep = mix(main, palette.named["shade"], 0.35)
        return deep, mix(deep, palette.named["shade"], 0.35), mix(palette.sky[1], WHITE, 0.85)
    return WHITE, mix(palette.named["second"], WHITE, 0.25), mix(main, palette.named["shade"], 0.62)


def _fits(lines: list[str], size: int, width: int, height: int) -> bool:
    """Whether it does: the height is asked first, as letters of a new size are dear to measure."""
    room = size * 0.42
    if len(lines) * size * 1.16 + room > height:
        return False
    return max(font(size).getlength(line) for line in lines) + room <= width


def _mask(lines: list[str], size: int, canvas: tuple[int, int], stroke: int) -> Image:
    from PIL import Image, ImageDraw

    mask = Image.new("L", canvas)
    draw = ImageDraw.Draw(mask)
    step = size * 1.14
    first = canvas[1] / 2 - step * (len(lines) - 1) / 2
    for index, line in enumerate(lines):
        place = (canvas[0] / 2, first + index * step)
        draw.text(place, line, fill=255, font=font(size), anchor="mm", stroke_width=stroke, stroke_fill=255)
    return mask


def _two_tone(canvas: tuple[int, int], light: Rgb, dark: Rgb, lines: int) -> Image:
    from PIL import Image

    ramp = Image.linear_gradient("L").resize((canvas[0], max(1, canvas[1] // lines)))
    full = Image.new("L", canvas)
    for line in range(lines):
        full.paste(ramp, (0, line * ramp.height))
    return Image.composite(Image.new("RGB", canvas, dark), Image.new("RGB", canvas, light), full)
