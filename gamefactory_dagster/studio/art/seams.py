"""Whether a picture that repeats sideways shows where it begins anew.

What belongs here: measuring. What does not: drawing without a seam (``layer.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

RATIO = 1.5
"""The step across the seam of a background may be this many times the largest usual step within it."""

FAINT = 1.0
"""A step that nobody sees (0..255)."""


def shows(seam: float, usual: float, ratio: float = RATIO) -> bool:
    """Whether a seam is seen beside the usual steps, both as ``seam_difference`` gives them."""
    return seam > max(FAINT, usual * ratio)


def seam_difference(image: Image) -> tuple[float, float]:
    """How much the last column differs from the first, and how much neighbours do at most (0..255).

    Those next to the seam count whatever the others are: an outline may run along it.
    """
    import numpy as np

    pixels = np.asarray(image)
    pixels = pixels * (pixels[:, :, 3:] > 0)
    around = np.concatenate([pixels, pixels[:, :1]], axis=1)
    one, other = around[:, :-1], around[:, 1:]
    apart = np.maximum(one, other) - np.minimum(one, other)
    *steps, seam = apart.sum(axis=0, dtype=np.uint32).sum(axis=1) / apart[:, 0].size
    usual = max(np.quantile(steps, 0.99), steps[0], steps[-1])
    return float(seam), float(usual)
