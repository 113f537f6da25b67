"""The three backgrounds: far (with the sky), middle and near, made of a theme's motifs and a game's scenery.

What belongs here: the colours, order and finish of the layers. What does not: the motifs themselves.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from gamefactory_dagster.studio.design.subjects import SUBJECTS

from .catalogue import tint_of
from .colour import Rgb, contrast, mix
from .drawings import find_drawing
from .fills import WHITE
from .layer import Layer
from .motifs import MOTIFS
from .palette import STEPS
from .pen import Pen
from .seams import seam_difference, shows
from .skies import HEIGHT, WIDTH, draw_sky

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .styles import Style
    from .themes import ThemeArt

_PAD = 300
"""Drawn beyond either edge and cut off, so that what crosses an edge is whole on both sides."""

_SCENERY = ((3, 84.0, 0.62), (2, 128.0, 0.42), (1, 188.0, 0.3))
"""How often a game's scenery stands in a layer, how high in pixels, and how deep in haze; far to near."""

_EDGE = 3.6
"""Contrast that the edges of who plays have at least with every colour of the scenery: somewhat more than
``visibility.LEAST``, as styles shade these colours."""

_LUCKS, _CLEAR = 3, 1.35
"""How often a layer is drawn until its seam is clear of everything: somewhat clearer than ``seams.RATIO``, as
its colours are reduced afterwards."""

_SHINES = frozenset({"lamp", "beam"})
"""Colours of what is lit: haze takes half as much of them."""

_HORIZONS = ((330.0, 150.0), (385.0, 135.0), (440.0, 92.0))
"""Horizon and usual height of a motif, far to near, in pixels."""


def draw_backgrounds(style: Style, theme: ThemeArt, palette: Palette, seed: int) -> dict[str, Image]:
    """``bg_far`` (RGB) and ``bg_mid``, ``bg_near`` (RGBA), 960 x 540, all repeating sideways."""
    sky = draw_sky(style, palette, f"{seed}:sky")
    far = _layer(style, palette, theme, 0, seed)
    sky.paste(far, mask=far.getchannel("A"))
    return {
        "bg_far": sky,
        "bg_mid": _layer(style, palette, theme, 1, seed),
        "bg_near": _layer(style, palette, theme, 2, seed),
    }


def _layer(style: Style, palette: Palette, theme: ThemeArt, depth: int, seed: int) -> Image:
    """One layer. Where something in it happens to end at the seam, which then shows, it is drawn anew."""
    for luck in (f"{seed}", *(f"{seed}:{again}" for again in range(1, _LUCKS))):
        layer = _drawn(style, palette, theme, depth, luck)
        if not shows(*seam_difference(layer), _CLEAR):
            break
    return layer


def _drawn(style: Style, palette: Palette, theme: ThemeArt, depth: int, seed: str) -> Image:
    names = (theme.far, theme.mid, theme.near)[depth]
    look = replace(
        style,
        outline=0.0,
        outline_from="self",
        wobble=style.wobble * 1.5,
        glow=0.0,
        pixel=3 if style.pixel > 1 else 1,
    )
    pen = Pen(
        (WIDTH + 2 * _PAD, HEIGHT),
        (WIDTH, HEIGHT),
        look,
        replace(palette, named={**palette.named, **_tones(palette, depth, style.glow > 0)}),
        seed=f"{seed}:layer{depth}",
        zoom=2,
        cut=_PAD,
    )
    base, tall = _HORIZONS[depth]
    for index, name in enumerate(names):
        rng = random.Random(f"{seed}:{depth}:{name}")
        above = 26.0 * (len(names) - 1 - index)
        MOTIFS[name](Layer(pen, rng, base - above, tall))
    if theme.scenery:
        _scenery(pen, palette, theme.scenery, depth, random.Random(f"{seed}:{depth}:scenery"))
    return pen.finish()


def _scenery(pen: Pen, palette: Palette, name: str, depth: int, rng: random.Random) -> None:
    """What a game has in its backdrop, in its own colours as haze lets them through; light shines further."""
    count, high, haze = _SCENERY[depth]
    veil = palette.layers[depth]
    tones = {colour + step: palette.colour(colour + step) for colour in palette.named for step in STEPS}
    seen = {
        tone: mix(rgb, veil, haze / 2) if tone.rstrip("+-") in _SHINES else _hazed(rgb, veil, haze, palette)
        for tone, rgb in tones.items()
    }
    pen.palette, pen.tint = replace(palette, named=seen), tint_of(name)
    aloft = name in SUBJECTS and SUBJECTS[name].gait == "float"
    Layer(pen, rng, _HORIZONS[depth][0], high).stand(count, find_drawing(name), high, aloft=aloft)


def _hazed(colour: Rgb, veil: Rgb, haze: float, palette: Palette) -> Rgb:
    """A colour through so much haze, and through more while it is too bright by night or too dark by day."""
    edge = palette.named["bone"] if palette.night else palette.ink
    while haze < 1 and contrast(mix(colour, veil, haze), edge) < _EDGE:
        haze += 0.04
    return mix(colour, veil, min(1.0, haze))


def _tones(palette: Palette, depth: int, glowing: bool) -> dict[str, Rgb]:
    """Colours of one layer: its land, lit and shaded, what blooms in it, and what shines through."""
    land = palette.layers[depth]
    haze = palette.sky[1]
    light = 0.10 if palette.night else 0.17
    tube = (palette.named["purple"], palette.named["teal"], palette.named["main"])[depth]
    bloom = mix(palette.bloom, land, (0.55, 0.5, 0.45)[depth])
    return {
        "land": land,
        "land_l": mix(land, tube, 0.5) if glowing else mix(land, WHITE, light),
        "land_d": mix(land, palette.named["shade"], 0.1),
        "shade": mix(land, palette.named["shade"], 0.3),
        "light": mix(land, WHITE, 0.3),
        "bloom": bloom,
        "haze": haze,
        "haze_l": mix(haze, WHITE, 0.22 if palette.night else 0.6),
        "moon": mix(haze, WHITE, 0.66),
        "ray": mix(palette.sky[0], WHITE, 0.10 if palette.night else 0.22),
    }
