"""Whether a sprite can be seen where it is drawn: contrast with its local background.

The rule is WCAG 2.2 success criterion 1.4.11 (non-text contrast): a graphical object needs at least 3:1
against adjacent colours. Adjacent here are the 48-pixel patches of the layered background in the band the
game is played in, or the cell of a board; 19 of 20 patches must pass. A sprite passes on a patch by its
edge (outline, halo) or by its body, whichever is the stronger.

What belongs here: measuring. What does not: putting it right (``sprites.py``).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .requests import SpriteRequest

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST = 3.0
"""Least contrast ratio, from WCAG 2.2 success criterion 1.4.11."""

BAND = (240, 480)
"""Rows of the 540-pixel screen in which heroes and hazards mostly are; higher up there may be a sun."""

_PATCH = 48

SHARE = 0.05
"""The worst share of patches that is left out: a lit window behind a hero does not hide him."""

CHECKED = ("hero", "hazard", "pickup", "goal", "solid", "tile", "cover")
"""Roles that must be seen."""


def must_show(request: SpriteRequest) -> bool:
    """Whether the sprite must stand out from what is behind it."""
    return request.role in CHECKED and not request.fills_box


def relative_luminance(pixels: Any) -> Any:
    """WCAG relative luminance of an array of 8-bit sRGB pixels (..., 3)."""
    import numpy as np

    return _linear()[pixels] @ np.array([0.2126, 0.7152, 0.0722])


@functools.cache
def _linear() -> Any:
    """The light of each of the 256 values of an sRGB channel."""
    import numpy as np

    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def patches(screen: Image) -> Any:
    """Mean luminance of each patch of the playing band of a 960 x 540 RGB screen."""
    import numpy as np

    light = relative_luminance(np.asarray(screen.convert("RGB"))[BAND[0] : BAND[1]])
    rows, columns = (side // _PATCH for side in light.shape)
    return light.reshape(rows, _PATCH, columns, _PATCH).mean(axis=(1, 3)).ravel()


def patch_of(sprite: Image) -> Any:
    """Luminance of the middle of a sprite that others are drawn on, as one patch."""
    import numpy as np

    width, height = sprite.size
    middle = sprite.convert("RGB").crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    return np.array([relative_luminance(np.asarray(middle)).mean()])


def visibility(sprite: Image, behind: Any) -> float:
    """Contrast ratio of an RGBA sprite with the patches ``behind``, the worst twentieth left out."""
    import numpy as np

    pixels = np.asarray(sprite)
    solid = pixels[:, :, 3] > 128
    if not solid.any():
        return 1.0
    inner = _shrunk(solid, 2)
    light = relative_luminance(pixels[:, :, :3])
    best = np.ones_like(behind)
    for part in (solid & ~inner, inner):
        if part.any():
            best = np.maximum(best, _contrasts(float(np.median(light[part])), behind))
    return float(np.quantile(best, SHARE))


def _shrunk(solid: Any, by: int) -> Any:
    """What of a silhouette is more than ``by`` pixels away from all that is not, in both directions."""
    import numpy as np

    padded = np.pad(solid, by)
    high, wide = solid.shape
    rows = np.logical_and.reduce([padded[i : i + high] for i in range(2 * by + 1)])
    return np.logical_and.reduce([rows[:, i : i + wide] for i in range(2 * by + 1)])


def stands_out(light: float, behind: Any) -> float:
    """Contrast ratio of a luminance with the patches ``behind``, the worst twentieth left out."""
    import numpy as np

    return float(np.quantile(_contrasts(light, behind), SHARE))


def _contrasts(light: float, behind: Any) -> Any:
    import numpy as np

    return (np.maximum(light, behind) + 0.05) / (np.minimum(light, behind) + 0.05)
