"""Make the table of outlines anew: ``python -m tools.outlines``, after subjects or drawings have changed.

Everything that may be a tile is drawn as one, in the style that outlines widest, and what of its box it
covers is written down. What belongs here: drawing and counting. What does not: comparing
(``studio/design/outlines.py``).
"""

from pathlib import Path

import numpy as np

from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.requests import SpriteRequest
from gamefactory_dagster.studio.art.sprites import SpriteMaker
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design import outlines
from gamefactory_dagster.studio.design.parts import OWN_PARTS, TILES
from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.terminal import say

SIDE = 48

TABLE = Path(outlines.__file__).with_name("outlines.tsv")


def outline(name: str) -> str:
    """What ``name`` covers of a tile: a digit a cell, 0 to ``LEVELS``, row by row."""
    style, theme = STYLE_TABLE["colorful_cartoon"], THEME_ART["reef"]
    maker = SpriteMaker(style, theme, make_palette(200, theme, style), 1)
    tile = maker.close_up(SpriteRequest("tile", "tile", name, SIDE, SIDE), 1)
    covered = np.asarray(tile.getchannel("A")) > 128
    cell = SIDE // outlines.CELLS
    shares = covered.reshape(outlines.CELLS, cell, outlines.CELLS, cell).mean(axis=(1, 3))
    return "".join(str(round(share * outlines.LEVELS)) for share in shares.ravel())


def main() -> None:
    """Write the table."""
    own = {parts[part] for parts in OWN_PARTS.values() for part in (*TILES, "item")}
    names = sorted({*SUBJECTS, *own})
    TABLE.write_text("".join(f"{name}\t{outline(name)}\n" for name in names), encoding="utf-8")
    say(f"{len(names)} outlines in {TABLE}")


if __name__ == "__main__":
    main()
