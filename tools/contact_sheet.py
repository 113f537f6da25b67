"""Sheets of subjects to look at, in all ten styles: ``python -m tools.contact_sheet FOLDER``.

A row is a subject, a column a style; ``--part`` says as what it is drawn. What belongs here: laying pictures
out. What does not: how anything is drawn.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from gamefactory_dagster.errors import GameFactoryError
from gamefactory_dagster.studio.art.lettering import font
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.requests import Pose, SpriteRequest
from gamefactory_dagster.studio.art.sprites import SpriteMaker
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.terminal import fail, say

ROWS = 20
"""Subjects on one sheet."""

LABEL, EDGE = 110, 6

POSES: tuple[Pose, ...] = ("run", "run", "jump", "fall", "duck", "hurt", "cheer")


def requests(name: str, part: str) -> list[SpriteRequest]:
    """What is asked for to see ``name`` as ``part``."""
    if part == "hero":
        sizes = [(96, 80 if pose == "duck" else 128) for pose in POSES]
        return [
            SpriteRequest(f"{name}{i}", "hero", name, *size, 2, pose=pose)
            for i, (pose, size) in enumerate(zip(POSES, sizes, strict=True))
        ]
    if part in {"tile", "pickup"}:
        return [SpriteRequest(name, "tile", name, 64, 64)]
    width, height = {"low": (72, 72), "tall": (72, 144), "fly": (98, 70)}[part]
    return [SpriteRequest(name, "hazard", name, width, height, 2)]


def sheet(names: Sequence[str], part: str, theme: str, hue: int) -> Image.Image:
    """One picture: a row for each of ``names``, a column for each style."""
    asked = [requests(name, part) for name in names]
    wide = sum(request.width + EDGE for request in asked[0])
    high = max(request.height for request in asked[0]) + EDGE
    page = Image.new("RGB", (LABEL + wide * len(STYLE_TABLE), high * len(names)), (255, 255, 255))
    for column, style in enumerate(STYLE_TABLE.values()):
        palette = make_palette(hue, THEME_ART[theme], style)
        maker = SpriteMaker(style, THEME_ART[theme], palette, 1)
        left = LABEL + column * wide
        page.paste(palette.sky[1], (left, 0, left + wide, page.height))
        for row, requested in enumerate(asked):
            x = left
            for index, request in enumerate(requested):
                frame = maker.close_up(request, 1, index % request.frames)
                page.paste(frame, (x, (row + 1) * high - request.height), frame)
                x += request.width + EDGE
    draw = ImageDraw.Draw(page)
    for row, name in enumerate(names):
        draw.text((4, row * high + high // 2 - 6), name, fill=(0, 0, 0), font=font(12))
    return page


def main() -> None:
    """Write the sheets; one clear line and code 1 when that cannot be done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the sheets are written")
    parser.add_argument("names", nargs="*", help="subjects; none: as many as -n says, drawn by lot")
    parser.add_argument("-n", "--number", type=int, default=300)
    parser.add_argument("--part", choices=("tile", "pickup", "hero", "low", "tall", "fly"), default="tile")
    parser.add_argument("--theme", choices=tuple(THEME_ART), default="orchard")
    parser.add_argument("--hue", type=int, default=200)
    asked = parser.parse_intermixed_args()
    able = [name for name, subject in SUBJECTS.items() if subject.drawn]
    names = asked.names or sorted(random.Random(1).sample(able, min(asked.number, len(able))))
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        for first in range(0, len(names), ROWS):
            file = asked.folder / f"{asked.part}_{first // ROWS:02}.png"
            sheet(names[first : first + ROWS], asked.part, asked.theme, asked.hue).save(file)
            say(str(file))
    except GameFactoryError as error:
        fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
