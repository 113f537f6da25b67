"""Harmonised palettes: every colour of a kit from (hue, theme, style).

What belongs here: named colours and how hue, theme and style shape them. What does not: drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .colour import Rgb, as_hex, contrast, from_oklch, mix
from .styles import Style
from .themes import ThemeArt

TEXT_CONTRAST = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA): least contrast of text with what it stands on."""

WHITE = (255, 255, 255)

_NATURAL: Mapping[str, tuple[float, float, float]] = {
    "red": (0.62, 0.21, 27), "orange": (0.73, 0.17, 55), "yellow": (0.87, 0.165, 95), "gold": (0.80, 0.16, 82),
    "green": (0.72, 0.18, 143), "leaf": (0.62, 0.15, 140), "lime": (0.83, 0.19, 125), "teal": (0.70, 0.12, 190),
    "sky": (0.80, 0.10, 230), "blue": (0.60, 0.17, 255), "navy": (0.38, 0.10, 268), "purple": (0.56, 0.20, 300),
    "pink": (0.77, 0.14, 355), "rose": (0.66, 0.21, 5), "brown": (0.50, 0.09, 52), "tan": (0.80, 0.08, 75),
    "sand": (0.86, 0.07, 85), "stone": (0.66, 0.02, 260), "steel": (0.74, 0.03, 250), "iron": (0.48, 0.03, 260),
    "ice": (0.90, 0.06, 220), "bone": (0.94, 0.03, 90), "white": (0.985, 0.004, 250), "dark": (0.27, 0.03, 275),
    "lava": (0.68, 0.22, 40), "brass": (0.74, 0.12, 80), "copper": (0.63, 0.12, 48),
}  # fmt: skip

_TILE_HUES = (27, 92, 145, 250, 310, 55)
_TILE_LIGHT = (0.63, 0.86, 0.70, 0.62, 0.60, 0.76)
"""Six tile colours, apart in hue and in lightness, so that they also differ for colour-blind players."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one kit. ``named`` holds object colours; the rest are the backdrop and the menus."""

    night: bool
    named: Mapping[str, Rgb]
    sky: tuple[Rgb, Rgb]
    """Top and bottom of the sky."""
    layers: tuple[Rgb, Rgb, Rgb]
    """Silhouettes far, middle and near."""
    ink: Rgb
    """Outlines."""
    shell: Mapping[str, str]
    """What the player's menus use: sky ground ink accent panel paper, as ``#rrggbb``."""

    def colour(self, name: str) -> Rgb:
        """A named colour, see ``shaded``."""
        return shaded(self.named, name)


def _turn(hue: float, towards: float, share: float, limit: float = 180.0) -> float:
    """``hue`` moved the short way round towards another hue, at most ``limit`` degrees."""
    way = (towards - hue + 180) % 360 - 180
    return (hue + max(-limit, min(limit, way * share))) % 360


def make_palette(hue: int, theme: ThemeArt, style: Style) -> Palette:
    """The palette of a kit. The theme keeps its own feeling: ``hue`` moves its sky by 45 degrees at most."""
    night = style.light == "night" or (theme.night and style.light == "any")
    sky_hue = _turn(theme.sky_hue, hue, 0.45, 45)
    land_hue = _turn(theme.land_hue, hue, 0.25, 25)
    named = _named(hue, sky_hue, style, night)
    sky = _sky(theme, style, sky_hue, night)
    layers = _layers(theme, style, land_hue, sky, night)
    named.update(_places(theme, named, sky, night))
    ink = from_oklch(0.17 if night else 0.25, 0.05 * min(1.0, style.chroma), sky_hue)
    return Palette(night, named, sky, layers, ink, _shell(sky_hue, named, sky, layers, style, night))


def _named(hue: int, sky_hue: float, style: Style, night: bool) -> dict[str, Rgb]:
    main_hue = _turn(sky_hue + 180, hue, 0.3, 50)
    recipe = dict(_NATURAL)
    recipe["main"] = (0.68, 0.18, main_hue)
    recipe["second"] = (0.82, 0.14, main_hue + 45)
    for number, (tile_hue, light) in enumerate(zip(_TILE_HUES, _TILE_LIGHT, strict=True)):
        recipe[f"tile{number}"] = (light, 0.19, _turn(tile_hue, hue, 0.12, 12))
    named = {}
    for name, (light, chroma, own) in recipe.items():
        lifted = light + style.lift * (0.4 if name in {"white", "dark"} else 1.0)
        floor = 0.40 if night and name == "dark" else 0.0
        named[name] = from_oklch(max(floor, lifted), chroma * style.chroma, _turn(own, hue, style.harmony, 18))
    named["shade"] = from_oklch(0.24, 0.07 * style.chroma, _turn(285, sky_hue, 0.4))
    return named


def _places(
    theme: ThemeArt, named: Mapping[str, Rgb], sky: tuple[Rgb, Rgb], night: bool
) -> dict[str, Rgb]:
    """Turf and soil of the ground, and the cells of a board: calm enough for every tile."""
    cell = mix(sky[0], (10, 8, 24), 0.55) if night else mix(sky[1], WHITE, 0.72)
    edge = mix(cell, WHITE, 0.16) if night else mix(cell, named["shade"], 0.16)
    return {
        "turf": shaded(named, theme.turf),
        "soil": shaded(named, theme.soil),
        "cell": cell,
        "cell_edge": edge,
    }


def shaded(named: Mapping[str, Rgb], name: str) -> Rgb:
    """A named colour; each ``+`` or ``-`` at the end makes it a step lighter or darker."""
    base = name.rstrip("+-")
    colour = named[base]
    for sign in name[len(base) :]:
        colour = mix(colour, WHITE if sign == "+" else named["shade"], 0.28)
    return colour


def _sky(theme: ThemeArt, style: Style, hue: float, night: bool) -> tuple[Rgb, Rgb]:
    chroma = theme.sky_chroma * style.sky_chroma
    if night:
        top = min(style.sky_lightness, 0.24)
        return from_oklch(top - 0.05, chroma * 0.9, hue), from_oklch(top + 0.10, chroma * 1.1, hue + theme.sweep)
    return (
        from_oklch(style.sky_lightness - 0.06, chroma, hue),
        from_oklch(min(0.975, style.sky_lightness + 0.09), chroma * 0.5, hue + theme.sweep),
    )


def _layers(
    theme: ThemeArt, style: Style, hue: float, sky: tuple[Rgb, Rgb], night: bool
) -> tuple[Rgb, Rgb, Rgb]:
    chroma = theme.land_chroma * min(1.2, style.chroma) * (0.45 if style.sky_chroma < 0.4 else 1.0)
    if night:
        land = from_oklch(0.32, chroma * 0.9, hue)
        near = from_oklch(0.24, chroma * 0.7, hue)
        return mix(land, sky[1], 0.55), mix(land, sky[1], 0.15), near
    light = style.sky_lightness
    land = from_oklch(light - 0.14, chroma, hue)
    return mix(land, sky[1], 0.62), mix(land, sky[1], 0.28), from_oklch(light - 0.2, chroma * 1.05, hue - 6)


def _shell(
    hue: float,
    named: Mapping[str, Rgb],
    sky: tuple[Rgb, Rgb],
    layers: tuple[Rgb, Rgb, Rgb],
    style: Style,
    night: bool,
) -> dict[str, str]:
    tint = 0.03 * min(1.0, style.sky_chroma)
    if night:
        paper, panel = from_oklch(0.20, tint, hue), from_oklch(0.27, tint * 1.4, hue)
        ink, step = from_oklch(0.95, 0.015, hue), (255, 255, 255)
    else:
        paper, panel = from_oklch(0.975, tint * 0.5, hue), from_oklch(0.93, tint, hue)
        ink, step = from_oklch(0.25, 0.04, hue), (0, 0, 0)
    accent = named["main"]
    while contrast(accent, paper) < TEXT_CONTRAST:
        accent = mix(accent, step, 0.06)
    shown = {"sky": mix(*sky, 0.5), "ground": layers[2], "ink": ink, "accent": accent}
    return {name: as_hex(value) for name, value in {**shown, "panel": panel, "paper": paper}.items()}
