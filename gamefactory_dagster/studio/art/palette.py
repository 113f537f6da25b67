"""Harmonised palettes: every colour of a kit from (hue, theme, style).

What belongs here: named colours and how hue, theme and style shape them. What does not: drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gamefactory_dagster.studio.design.gdd import Light

from .colour import Rgb, as_hex, contrast, darker, from_oklch, mix
from .styles import Style
from .themes import ThemeArt

TEXT_CONTRAST = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA): least contrast of text with what it stands on."""

WHITE = (255, 255, 255)

_NIGHT_HUE = 268
"""Where skies turn to when night is asked for; a theme's own night has its own."""

_LAMPLIGHT = (255, 236, 184)

NATURAL: Mapping[str, tuple[float, float, float]] = {
    "red": (0.62, 0.21, 27), "orange": (0.73, 0.17, 55), "yellow": (0.87, 0.165, 95),
    "gold": (0.80, 0.16, 82), "green": (0.72, 0.18, 143), "leaf": (0.62, 0.15, 140),
    "lime": (0.83, 0.19, 125), "teal": (0.70, 0.12, 190), "sky": (0.80, 0.10, 230),
    "blue": (0.60, 0.17, 255), "navy": (0.38, 0.10, 268), "purple": (0.56, 0.20, 300),
    "pink": (0.77, 0.14, 355), "rose": (0.66, 0.21, 5), "brown": (0.50, 0.09, 52), "tan": (0.80, 0.08, 75),
    "sand": (0.86, 0.07, 85), "stone": (0.66, 0.02, 260), "steel": (0.74, 0.03, 250),
    "iron": (0.48, 0.03, 260), "ice": (0.90, 0.06, 220), "bone": (0.94, 0.03, 90),
    "white": (0.985, 0.004, 250), "dark": (0.27, 0.03, 275), "lava": (0.68, 0.22, 40),
    "dune": (0.74, 0.10, 66), "brass": (0.74, 0.12, 80), "copper": (0.63, 0.12, 48),
}  # fmt: skip

TILE_HUES = (27, 92, 145, 250, 310, 55)
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
    bloom: Rgb
    """What flowers or glows in the layers."""
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


def make_palette(hue: int, theme: ThemeArt, style: Style, light: Light | None = None) -> Palette:
    """The palette of a kit. The theme keeps its own feeling: ``hue`` moves its sky by 45 degrees at most.

    ``light`` decides between day and night where the style does not live by the dark; then the theme does.
    """
    night = style.light == "night" or (light == "night" if light else theme.night and style.light == "any")
    sky_hue = _turn(_turn(theme.sky_hue, hue, 0.45, 45), style.sky_hue, style.sky_pull)
    if light == "night" and style.light != "night":
        sky_hue = _turn(sky_hue, _NIGHT_HUE, 0.6)
    land_hue = _turn(theme.land_hue, hue, 0.25, 25)
    named = _named(hue, sky_hue, style, night)
    sky = _sky(theme, style, sky_hue, night)
    layers = _layers(theme, style, land_hue, sky, night)
    named.update(_places(theme, named, sky, night))
    ink = from_oklch(0.17 if night else 0.25, 0.05 * min(1.0, style.chroma), sky_hue)
    bloom = from_oklch(0.45 if night else style.sky_lightness - 0.1, 0.11 * style.chroma, theme.bloom_hue)
    return Palette(night, named, sky, layers, bloom, ink, _shell(sky_hue, named, sky, layers, style, night))


def _named(hue: int, sky_hue: float, style: Style, night: bool) -> dict[str, Rgb]:
    main_hue = _main_hue(sky_hue, hue)
    recipe = dict(NATURAL)
    recipe["main"] = (0.76 if 50 < main_hue < 100 else 0.67, 0.19, main_hue)
    recipe["second"] = (0.82, 0.14, main_hue + 45)
    for number, (tile_hue, light) in enumerate(zip(TILE_HUES, _TILE_LIGHT, strict=True)):
        recipe[f"tile{number}"] = (light, 0.19, _turn(tile_hue, hue, 0.12, 12))
    tiles = max(style.chroma, 0.85)
    named = {}
    for name, (light, chroma, own) in recipe.items():
        lifted = light + style.lift * (0.4 if name in {"white", "dark"} else 1.0)
        floor = 0.40 if night and name == "dark" else 0.0
        named[name] = from_oklch(
            max(floor, lifted),
            chroma * (tiles if name[:4] == "tile" else style.chroma),
            _turn(own, hue, style.harmony, 9),
        )
    named["light"] = WHITE
    named["shade"] = from_oklch(0.24, 0.07 * style.chroma, _turn(285, sky_hue, 0.4))
    return named


def _main_hue(sky_hue: float, hue: int) -> float:
    """The hero's hue: across the wheel from the sky, up to 40 degrees off as ``hue`` says, never olive."""
    main = (sky_hue + 180 + (hue * 7) % 81 - 40) % 360
    if 78 < main < 135:
        return 72.0 if main < 106 else 138.0
    return main


def _places(theme: ThemeArt, named: Mapping[str, Rgb], sky: tuple[Rgb, Rgb], night: bool) -> dict[str, Rgb]:
    """Turf and soil, light that is thrown far, and the cells of a board: calm enough for every tile."""
    cell = mix(sky[0], (10, 8, 24), 0.55) if night else mix(sky[1], WHITE, 0.72)
    edge = mix(cell, WHITE, 0.16) if night else mix(cell, named["shade"], 0.16)
    turf, soil = shaded(named, theme.turf), shaded(named, theme.soil)
    if night:
        turf, soil = mix(turf, (18, 12, 40), 0.3), mix(soil, (18, 12, 40), 0.66)
    return {
        "turf": turf,
        "soil": soil,
        "lamp": _LAMPLIGHT if night else named["yellow"],
        "beam": mix(sky[1], _LAMPLIGHT, 0.32 if night else 0.6),
        "cell": cell,
        "cell_edge": edge,
    }


STEPS = ("", "+", "-", "++", "--")
"""What names of colours end in."""


def shaded(named: Mapping[str, Rgb], name: str) -> Rgb:
    """A named colour; each ``+`` or ``-`` at the end that is not named itself is a step lighter or darker."""
    if name in named:
        return named[name]
    base = name.rstrip("+-")
    colour = named[base]
    for sign in name[len(base) :]:
        colour = mix(colour, WHITE, 0.28) if sign == "+" else darker(colour, named["shade"], 0.36)
    return colour


def _sky(theme: ThemeArt, style: Style, hue: float, night: bool) -> tuple[Rgb, Rgb]:
    chroma = theme.sky_chroma * style.sky_chroma
    if night:
        top = min(style.sky_lightness, 0.24)
        return from_oklch(top, chroma * 1.1, hue), from_oklch(
            top + 0.17, chroma * 1.3, hue + (45 if style.sky == "glow" else theme.sweep)
        )
    return (
        from_oklch(style.sky_lightness - 0.06, chroma, hue),
        from_oklch(min(0.975, style.sky_lightness + 0.09), chroma * 0.5, hue + theme.sweep),
    )


def _layers(
    theme: ThemeArt, style: Style, hue: float, sky: tuple[Rgb, Rgb], night: bool
) -> tuple[Rgb, Rgb, Rgb]:
    chroma = theme.land_chroma * min(1.2, style.chroma) * (0.45 if style.sky_chroma < 0.4 else 1.0)
    if night:
        land = from_oklch(0.31, chroma * 0.9, hue)
        near = from_oklch(0.23, chroma * 0.8, hue)
        return mix(land, sky[1], 0.6), mix(land, sky[1], 0.2), near
    light = style.sky_lightness
    land = from_oklch(light - 0.14, chroma, hue)
    return mix(land, sky[1], 0.66), mix(land, sky[1], 0.36), from_oklch(light - 0.15, chroma * 1.05, hue - 6)


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
