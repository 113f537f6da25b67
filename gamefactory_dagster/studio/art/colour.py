"""Colour arithmetic: OKLCH to sRGB, luminance, contrast. No palette and no picture belongs here.

OKLab is Björn Ottosson's (https://bottosson.github.io/posts/oklab/); relative luminance and contrast
ratio are those of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

import math

Rgb = tuple[int, int, int]


def from_oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """SRGB of an OKLCH colour (lightness 0..1, chroma 0..0.4, hue in degrees); chroma shrinks into gamut."""
    lightness = min(1.0, max(0.0, lightness))
    for _ in range(24):
        linear = _linear(lightness, chroma, hue)
        if all(-0.001 <= channel <= 1.001 for channel in linear):
            break
        chroma *= 0.88
    red, green, blue = (_encode(channel) for channel in linear)
    return red, green, blue


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encode(channel: float) -> int:
    channel = min(1.0, max(0.0, channel))
    encoded = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(encoded * 255)


def to_oklch(colour: Rgb) -> tuple[float, float, float]:
    """Lightness (0..1), chroma (0..0.4) and hue (degrees) of an sRGB colour."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)
    )
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """``one`` moved towards ``other`` by ``share`` (0..1), channel by channel."""
    (r, g, b), (red, green, blue) = one, other
    return round(r + (red - r) * share), round(g + (green - g) * share), round(b + (blue - b) * share)


def darker(colour: Rgb, shade: Rgb, share: float) -> Rgb:
    """``colour`` in shadow by ``share`` (0..1): keeps its own hue and leans only a little to ``shade``.

    Mixing straight with a cool dark turns yellow to olive; a shadow of its own colour stays clean.
    """
    own = (round(colour[0] * 0.42), round(colour[1] * 0.33), round(colour[2] * 0.42))
    return mix(colour, mix(own, shade, 0.25), share)


def as_hex(colour: Rgb) -> str:
    """``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def from_hex(text: str) -> Rgb:
    """The colour written as ``#rrggbb``."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 (none) to 21 (black on white)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
