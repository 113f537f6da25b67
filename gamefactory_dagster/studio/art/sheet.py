"""The contact sheet people look at: every picture of a kit on one page, labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .colour import from_hex
from .kit import ArtKit
from .lettering import drawable, font
from .picture import encode

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDTH = 900
_EDGE = 12


def contact_sheet(kit: ArtKit) -> bytes:
    """PNG of the kit: title, swatches, a screen, icon and splash, and each sprite's first frames by name."""
    from PIL import Image, ImageDraw

    paper, ink = from_hex(kit.palette["paper"]), from_hex(kit.palette["ink"])
    rows = _sprite_rows(kit)
    height = 322 + sum(row_height for row_height, _ in rows) + _EDGE
    page = Image.new("RGB", (_WIDTH, height), paper)
    draw = ImageDraw.Draw(page)
    heading = (
        f"{drawable(kit.request.name)}  -  {kit.request.style}, {kit.request.theme}, hue {kit.request.hue}"
    )
    draw.text((_EDGE, 8), heading, fill=ink, font=font(20))
    _swatches(draw, kit, ink)
    _screens(page, kit)
    y = 322
    for row_height, items in rows:
        x = _EDGE
        for name, strip in items:
            tint = from_hex(kit.palette["panel"])
            draw.rectangle((x - 2, y - 2, x + strip.width + 1, y + strip.height + 1), fill=tint)
            page.paste(strip, (x, y), strip.getchannel("A"))
            draw.text((x, y + strip.height + 3), name, fill=ink, font=font(11))
            x += max(strip.width, round(font(11).getlength(name))) + _EDGE
        y += row_height
    return encode(page, 128, small=False)


def _sprite_rows(kit: ArtKit) -> list[tuple[int, list[tuple[str, Image]]]]:
    rows: list[tuple[int, list[tuple[str, Image]]]] = []
    row: list[tuple[str, Image]] = []
    x = _EDGE
    for picture in sorted(kit.sprites(), key=lambda p: (p.height, p.name)):
        strip = picture.image
        wide = max(strip.width, round(font(11).getlength(picture.name))) + _EDGE
        if x + wide > _WIDTH and row:
            rows.append((max(item.height for _, item in row) + 26, row))
            row, x = [], _EDGE
        row.append((picture.name, strip))
        x += wide
    if row:
        rows.append((max(item.height for _, item in row) + 26, row))
    return rows


def _swatches(draw: object, kit: ArtKit, ink: tuple[int, int, int]) -> None:
    from PIL import ImageDraw

    assert isinstance(draw, ImageDraw.ImageDraw)
    for index, (name, value) in enumerate(kit.palette.items()):
        x = 12 + index * 74
        draw.rectangle((x, 36, x + 66, 54), fill=from_hex(value), outline=ink)
        draw.text((x, 57), name, fill=ink, font=font(11))


def _screens(page: Image, kit: ArtKit) -> None:
    """The layered background, the splash and the icon, made small."""
    screen = kit.picture("bg_far").image.copy()
    for name in ("bg_mid", "bg_near"):
        screen.alpha_composite(kit.picture(name).image)
    small = (352, 198)
    page.paste(screen.convert("RGB").resize(small), (_EDGE, 84))
    page.paste(kit.picture("splash").image.convert("RGB").resize(small), (_EDGE + 364, 84))
    page.paste(kit.picture("icon").image.convert("RGB").resize((148, 148)), (_EDGE + 728, 84))
