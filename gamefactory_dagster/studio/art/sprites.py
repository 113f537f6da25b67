"""Sprites: every frame of every request, drawn, checked against what is behind it, and set off if need be.

What belongs here: frames and the automatic correction. What does not: measuring (``visibility.py``).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .catalogue import Plan, plan
from .colour import Rgb, luminance
from .pen import Pen
from .requests import SpriteRequest
from .visibility import LEAST, must_show, stands_out, visibility

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .styles import Style
    from .themes import ThemeArt

_EDGEWISE = 0.3
"""Least width of a turning coin."""

_LARGE = 5000
"""Pixels of a picture from which half the zoom shows no edge: twice as large is four times the work."""

_DRAWN = LEAST * 1.2
"""Least contrast as drawn: in the 256 colours of the atlas a ninth of it was gone, at most."""

_REACHES = (1.6, 2.4, 3.2)
"""Halos tried in turn, in pixels, until a sprite can be seen."""


_JOIN = 12
"""Pixels at either edge in which a picture that repeats turns into its own middle."""


class SpriteMaker:
    """Draws the sprites of one kit."""

    def __init__(self, style: Style, theme: ThemeArt, palette: Palette, seed: int) -> None:
        self._style, self._theme, self._palette, self._seed = style, theme, palette, seed
        self._close_ups: dict[tuple[SpriteRequest, int, int], Image] = {}

    def frames(self, request: SpriteRequest, behind: Any) -> list[Image]:
        """The frames of ``request``. ``behind`` are the luminances of what lies behind it."""
        how = plan(request, self._theme)
        frames = [self._draw(request, how, frame).finish() for frame in range(request.frames)]
        if request.repeats:
            frames = [_joined(frame) for frame in frames]
        if not must_show(request):
            return frames
        for reach in _REACHES:
            if all(visibility(frame, behind) >= _DRAWN for frame in frames):
                break
            halo = self._halo(behind)
            pens = [self._draw(request, how, frame, room=reach) for frame in range(request.frames)]
            frames = [pen.finish(halo, reach) for pen in pens]
        return frames

    def close_up(self, request: SpriteRequest, enlarge: int, frame: int = 0) -> Image:
        """One frame, ``enlarge`` times as large, outlines and all; drawn once, and not to be changed."""
        key = (request, enlarge, frame)
        if key not in self._close_ups:
            pen = self._draw(request, plan(request, self._theme), frame, enlarge=enlarge)
            self._close_ups[key] = pen.finish()
        return self._close_ups[key]

    def _halo(self, behind: Any) -> Rgb:
        """The dark or the light that stands out more from what is behind."""
        light, dark = self._palette.named["bone"], self._palette.ink
        return light if stands_out(luminance(light), behind) > stands_out(luminance(dark), behind) else dark

    def _margin(self, how: Plan, style: Style) -> float:
        """Room for what goes round a picture: a glow needs more than a line."""
        return how.margin + 0.6 * style.glow if how.margin else 0.0

    def _draw(
        self, request: SpriteRequest, how: Plan, frame: int, *, enlarge: int = 1, room: float = 0.0
    ) -> Pen:
        """The drawing, not yet finished; ``room`` pixels are kept free for a halo, a solid's only outline."""
        style = replace(self._style, outline=0.0) if room and request.role == "solid" else self._style
        pen = Pen(
            (request.width, request.height),
            how.box,
            style,
            self._palette,
            seed=f"{self._seed}:{request.name}:{frame}",
            zoom=2 if enlarge > 1 or request.width * request.height > _LARGE else 4,
            margin=self._margin(how, style) if not room else room * 0.7 + style.outline,
            stretch=how.stretch,
            enlarge=enlarge,
        )
        pen.pose, pen.tint = how.pose, how.tint
        pen.edge, pen.deep = self._theme.edge, self._theme.deep
        phase = frame / max(1, request.frames)
        turned = math.cos(math.pi / 2 * frame / max(1, request.frames - 1))
        for part in how.parts:
            with pen.within(part.x, part.y, part.size, mirrored=part.mirrored, colours=part.colours):
                if how.spins:
                    pen.squeeze(max(_EDGEWISE, turned))
                part.drawing.draw(pen, phase)
        return pen


def _joined(image: Image) -> Image:
    """The picture with edges that meet: near them it is what lies half a picture further on."""
    from PIL import Image, ImageChops

    width, height = image.size
    share = [min(255, 255 * min(x, width - 1 - x) // _JOIN) for x in range(width)]
    mask = Image.new("L", (width, 1))
    mask.putdata(share)
    return Image.composite(image, ImageChops.offset(image, width // 2, 0), mask.resize((width, height)))
