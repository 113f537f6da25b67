"""The sky of each style: what lies behind every layer. Left and right edge meet.

What belongs here: full, opaque pictures. What does not: anything that stands on the ground.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from .colour import mix
from .fills import WHITE, noise

if TYPE_CHECKING:
    from PIL.Image import Image

    from .palette import Palette
    from .styles import Style

WIDTH, HEIGHT = 960, 540
_BAYER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))


def draw_sky(style: Style, palette: Palette, seed: str) -> Image:
    """An RGB picture of 960 x 540."""
    import numpy as np
    from PIL import Image

    top, bottom = (np.array(colour, dtype=float) for colour in palette.sky)
    down = np.linspace(0.0, 1.0, HEIGHT)[:, None]
    if style.sky == "facet":
        return _facets(palette, seed)
    share = _share(style, down)  # one column, all others being like it, but for clouds and dither
    if style.sky in {"wash", "paper"}:
        share = np.clip(share + _clouding(0.55 if style.sky == "wash" else 0.22), 0, 1)
    elif style.sky == "dither":
        share = _dithered(np.repeat(share, WIDTH, axis=1))
    elif style.sky == "bands":
        share = np.round(share * 6) / 6
    picture = top + (bottom - top) * share[:, :, None]
    pixels = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(np.broadcast_to(pixels, (HEIGHT, WIDTH, 3))), "RGB")


def _share(style: Style, down: Any) -> Any:
    """How far from top colour to bottom colour, by height."""
    if style.sky == "plain":
        return down * 0 + 0.85
    if style.sky == "glow":
        return down**2.2
    return down**0.85


def _clouding(strength: float) -> Any:
    """Soft clouds, mirrored so that the edges meet; fine grain is left out, which would not compress."""
    import numpy as np

    cloud = np.asarray(noise().resize((48, 48), 4).resize((WIDTH // 2, HEIGHT), 3), dtype=float)
    cloud = (cloud - cloud.mean()) / 255 * strength
    return np.concatenate([cloud, cloud[:, ::-1]], axis=1)


def _dithered(share: Any) -> Any:
    """Eight tones, mixed by an ordered 4 x 4 pattern of 3-pixel squares."""
    import numpy as np

    pattern = (np.array(_BAYER) + 0.5) / 16 - 0.5
    grid = np.kron(np.tile(pattern, (HEIGHT // 12, WIDTH // 12)), np.ones((3, 3)))
    rows = np.repeat(share[::3], 3, axis=0)
    return np.clip(np.round(rows * 7 + grid * 0.9) / 7, 0, 1)


def _facets(palette: Palette, seed: str) -> Image:
    """Triangles of about 80 pixels, each a little off its neighbours; drawn larger and cut to size."""
    from PIL import Image, ImageDraw

    rng = random.Random(seed)
    columns, rows = 12, 7
    jitter = [[(rng.uniform(-22, 22), rng.uniform(-22, 22)) for _ in range(columns)] for _ in range(rows + 1)]
    image = Image.new("RGB", (WIDTH + 320, HEIGHT + 90))
    draw = ImageDraw.Draw(image)
    tones = [
        [(rng.uniform(-0.09, 0.09), rng.uniform(-0.09, 0.09)) for _ in range(columns)] for _ in range(rows)
    ]
    for row in range(rows):
        for column in range(columns + 4):
            corner = [
                ((column + i) * 80.0 + jitter[row + j][(column + i) % columns][0],
                 (row + j) * 90.0 + jitter[row + j][(column + i) % columns][1])
                for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))
            ]  # fmt: skip
            for points, tone in zip(
                ((corner[0], corner[1], corner[2]), (corner[0], corner[2], corner[3])),
                tones[row][column % columns],
                strict=True,
            ):
                colour = mix(palette.sky[0], palette.sky[1], min(1.0, max(0.0, (row + 0.5) / rows)))
                shade = (
                    mix(colour, WHITE, tone * 1.4) if tone > 0 else mix(colour, palette.named["shade"], -tone)
                )
                draw.polygon(points, fill=shade)
    return image.crop((200, 45, 200 + WIDTH, 45 + HEIGHT))
