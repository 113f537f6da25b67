"""Tiles as they are drawn, seen with three kinds of colour blindness: no two may look the same.

Colours are compared in OKLab, where 0.02 is about the least difference one sees; outlines by how much of them
two tiles share. Simulation: Machado, Oliveira and Fernandes 2009, complete deficiency.
"""

import itertools

import numpy as np
import pytest

from gamefactory_dagster.studio.art.checks import silhouette_overlap
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.art.picture import decode
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from tests.studio.families.tile_swap_support import design

SEEN = {
    "everybody": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip

APART = 0.08
"""Four times what one just sees."""

LIKE = 0.75
"""Outlines that share less than this are told apart by shape alone."""


def linear(image):
    """The pixels of a tile, not its transparent ones, as linear light."""
    pixels = np.asarray(image.convert("RGBA"), dtype=float)
    value = pixels[pixels[:, :, 3] > 200][:, :3] / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def oklab(light):
    return np.cbrt(np.clip(light, 0, 1) @ LMS.T) @ LAB.T


def colour(image, eye):
    """The middle colour of a tile as it is seen."""
    return np.median(oklab(linear(image) @ SEEN[eye].T), axis=0)


def alike(kit):
    """(eye, one tile, another, colour distance, shared outline) of every pair that neither tells apart."""
    tiles = {f"tile_{i}": decode(kit.picture(f"tile_{i}").png) for i in range(6)}
    for eye in SEEN:
        for one, other in itertools.combinations(tiles, 2):
            distance = float(np.linalg.norm(colour(tiles[one], eye) - colour(tiles[other], eye)))
            shared = silhouette_overlap(tiles[one], tiles[other])
            if distance < APART and shared > LIKE:
                yield eye, one, other, round(distance, 3), round(shared, 2)


def kit(style, theme, hue):
    gdd = design()
    guide = gdd.style_guide.model_copy(update={"style": style, "theme": theme, "hue": hue})
    return draw_kit(FAMILY.art(gdd.model_copy(update={"style_guide": guide})))


def test_tiles_are_told_apart_by_everybody():
    assert list(alike(kit("colorful_cartoon", "reef", 200))) == []


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["orchard", "space"])
@pytest.mark.parametrize("style", STYLES)
def test_tiles_are_told_apart_in_every_style(style, theme):
    assert list(alike(kit(style, theme, 20))) == []


def test_two_tiles_of_one_shape_and_one_colour_would_be_noticed():
    class Same:
        def picture(self, name):
            return made.picture("tile_0" if name == "tile_3" else name)

    made = kit("colorful_cartoon", "reef", 200)
    assert {(one, other) for _, one, other, _, _ in alike(Same())} == {("tile_0", "tile_3")}
