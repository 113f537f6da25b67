"""Tiles as they are drawn, seen with three kinds of colour blindness: no two may look the same.

Pictures are compared pixel by pixel in OKLab, where 0.02 is about the least difference one sees. Simulation:
Machado, Oliveira and Fernandes 2009, complete deficiency.
"""

import itertools

import numpy as np
import pytest
from PIL import Image

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

APART = 0.13
"""Six times what one just sees, on the whole of both tiles: a hue one cannot see does not do that."""


def seen(tile, cell, eye):
    """A tile in its cell, every pixel as it is seen."""
    shown = cell.copy()
    shown.paste(tile, (0, 0), tile.getchannel("A"))
    value = np.asarray(shown, dtype=float) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.cbrt(np.clip(light @ SEEN[eye].T, 0, 1) @ LMS.T) @ LAB.T


def alike(pictures):
    """(distance, eye, one tile, another) of every pair too close in colour, outline and marks."""
    tiles = {name: picture for name, picture in pictures.items() if name != "cell"}
    cell = pictures["cell"].convert("RGB").resize(tiles["tile_0"].size)
    bodies = {name: np.asarray(tile.getchannel("A")) > 100 for name, tile in tiles.items()}
    for eye in SEEN:
        looks = {name: seen(tile, cell, eye) for name, tile in tiles.items()}
        for one, other in itertools.combinations(tiles, 2):
            either = bodies[one] | bodies[other]
            distance = np.linalg.norm(looks[one] - looks[other], axis=2)[either].mean()
            if distance < APART:
                yield round(float(distance), 3), eye, one, other


def kit(style, theme, hue):
    gdd = design()
    guide = gdd.style_guide.model_copy(update={"style": style, "theme": theme, "hue": hue})
    drawn = draw_kit(FAMILY.art(gdd.model_copy(update={"style_guide": guide})))
    return {name: decode(drawn.picture(name).png) for name in ("cell", *(f"tile_{i}" for i in range(6)))}


def test_tiles_are_told_apart_by_everybody():
    assert list(alike(kit("colorful_cartoon", "reef", 200))) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "theme"),
    [
        pytest.param(style, theme, marks=[pytest.mark.exhaustive] if (index + place) % 2 else [])
        for index, style in enumerate(STYLES)
        for place, theme in enumerate(("orchard", "castle"))
    ],
)
def test_tiles_are_told_apart_in_every_style(style, theme):
    assert list(alike(kit(style, theme, 20))) == []


def test_tiles_that_differ_in_hue_alone_would_be_noticed():
    made = kit("colorful_cartoon", "reef", 200)
    red, green, blue, alpha = made["tile_0"].split()
    swapped = Image.merge("RGBA", (green, red, blue, alpha))
    close = {(eye, one, other) for _, eye, one, other in alike({**made, "tile_3": swapped})}
    assert close == {("deuteranopia", "tile_0", "tile_3")}
