"""The ten styles as data: how a fill, an outline, a texture and the light look in each.

What belongs here: numbers that tell one style from another. What does not: how they are drawn
(``fills.py``, ``pen.py``) or which colours a theme has (``palette.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Fill = Literal["cel", "neon", "flat", "soft", "rim", "hatch", "split", "wash", "facet"]
Sky = Literal["gradient", "glow", "plain", "dither", "haze", "gloom", "paper", "bands", "wash", "facet"]


@dataclass(frozen=True, slots=True)
class Style:
    """One look. Lengths are pixels of a finished sprite."""

    name: str
    words: str
    """How a person would ask an illustrator for it."""
    fill: Fill
    sky: Sky
    light: Literal["any", "day", "night"] = "any"
    """Whether its backdrops are always light, always dark, or as the theme wants."""
    chroma: float = 1.0
    lift: float = 0.0
    """Added to the lightness of every object colour."""
    harmony: float = 0.10
    """How far natural hues are pulled towards the game's own."""
    outline: float = 0.0
    outline_from: Literal["ink", "self", "tube"] = "ink"
    inner: float = 0.0
    """Width of the lines between the parts of one picture."""
    wobble: float = 0.0
    pixel: int = 1
    """Side of the square every pixel is drawn as."""
    glow: float = 0.0
    sky_hue: float = 0.0
    sky_pull: float = 0.0
    """How far the hue of the sky is pulled to ``sky_hue``: 0 not at all, 1 wholly."""
    sky_lightness: float = 0.86
    sky_chroma: float = 1.0


_ALL = (
    Style(
        "colorful_cartoon", "bright cartoon with bold ink outlines and cel shading", "cel", "gradient",
        chroma=1.12, lift=0.01, outline=2.2, inner=1.1, sky_lightness=0.82, sky_chroma=1.25,
    ),
    Style(
        "neon_futuristic", "glowing neon tubes on a dark synthwave backdrop", "neon", "glow", "night",
        chroma=1.3, lift=0.08, outline=1.5, outline_from="tube", inner=1.7, glow=3.2,
        sky_hue=295, sky_pull=0.7, sky_lightness=0.2, sky_chroma=1.5,
    ),
    Style(
        "clean_minimal", "clean minimal flat shapes with generous white space", "flat", "plain", "day",
        chroma=0.92, lift=-0.09, harmony=0.3, sky_lightness=0.955, sky_chroma=0.3,
    ),
    Style(
        "pixel_retro", "16-bit pixel art with dark outlines and a small palette", "cel", "dither",
        chroma=1.1, outline=1.0, pixel=2, sky_lightness=0.78, sky_chroma=1.2,
    ),
    Style(
        "soft_pastel", "soft pastel, rounded and airy with gentle shading", "soft", "haze", "day",
        chroma=0.66, lift=0.07, harmony=0.18, outline=1.7, outline_from="self", inner=0.6,
        sky_lightness=0.93, sky_chroma=0.75,
    ),
    Style(
        "dark_gothic", "dark gothic storybook with moonlit rims and fog", "rim", "gloom", "night",
        chroma=0.62, lift=-0.07, harmony=0.22, outline=1.3, sky_hue=270, sky_pull=0.3,
        sky_lightness=0.22, sky_chroma=0.55,
    ),
    Style(
        "hand_drawn", "hand-drawn pencil and crayon on paper with hatching", "hatch", "paper", "day",
        chroma=0.86, lift=0.03, outline=1.3, inner=1.1, wobble=0.9, sky_lightness=0.93, sky_chroma=0.6,
    ),
    Style(
        "flat_modern", "flat modern vector art with two-tone split shading", "split", "bands",
        chroma=1.15, lift=-0.05, sky_lightness=0.87, sky_chroma=1.3,
    ),
    Style(
        "watercolor", "watercolour washes with pigment edges on rough paper", "wash", "wash", "day",
        chroma=0.95, lift=-0.04, harmony=0.15, wobble=0.35, sky_lightness=0.92, sky_chroma=0.9,
    ),
    Style(
        "low_poly", "low-poly facets lit from the upper left", "facet", "facet",
        chroma=1.0, lift=-0.03, sky_lightness=0.84, sky_chroma=1.1,
    ),
)  # fmt: skip

STYLE_TABLE: Mapping[str, Style] = {style.name: style for style in _ALL}
