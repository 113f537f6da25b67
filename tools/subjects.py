"""The table of subjects, measured and drafted: ``python -m tools.subjects [EMOJIBASE]``.

EMOJIBASE is ``en/data.json`` of the npm package ``emojibase-data``. What somebody has decided stays: a row
keeps its name, roles, gait, themes and keywords, and what its picture looks like is measured again. A row is
drafted, from the group it is in, for each picture of a Unicode version after ``--since``, to be gone over by
hand and measured the next time; from version 0 on and an empty table that is the whole.

What belongs here: drafting and measuring. What does not: the table.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gamefactory_dagster.errors import GameFactoryError, InputError
from gamefactory_dagster.studio.art.colour import Rgb, to_oklch
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.requests import SpriteRequest
from gamefactory_dagster.studio.art.sprites import SpriteMaker
from gamefactory_dagster.studio.art.styles import Style
from gamefactory_dagster.studio.art.subjects.outlines import svg_folder
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design.subjects import (
    GREY,
    SUBJECTS,
    TABLE,
    TINTED,
    Gait,
    Subject,
    as_row,
)
from gamefactory_dagster.studio.design.wishes import Part
from gamefactory_dagster.terminal import fail, say

PLAIN = Style("plain", "plain shapes in their own colours", "flat", "plain", "day", harmony=0.0)
"""The style in which pictures are measured."""

SIDE = 64
"""Pixels of a picture that is measured."""

NO_HUE = 0.035
"""Chroma under which a colour has no hue."""

_GROUPS: Mapping[range, tuple[tuple[Part, ...], Gait]] = {
    range(14): (("hero", "tile"), "legs"),
    range(14, 16): (("pickup", "tile"), "legs"),
    range(23, 24): (("hero", "tile"), "legs"),
    range(25, 27): (("hero", "tile"), "legs"),
    range(27, 30): (("hero",), "hop"),
    range(34, 38): (("hero", "tile"), "hop"),
    range(38, 39): (("hero", "tile"), "float"),
    range(39, 40): (("hazard", "hero", "tile"), "hop"),
    range(40, 50): (("pickup", "tile"), "legs"),
    range(50, 54): (("scenery",), "legs"),
    range(54, 55): (("hero", "tile"), "roll"),
    range(55, 57): (("hero", "tile"), "float"),
    range(57, 83): (("pickup", "tile"), "legs"),
}
"""Subgroups of emojibase -> what their pictures can be, and how they get about.

Missing are hands and bodies (16 to 22), gestures (24), families (30, 31), hair and skin (32, 33), signs and
symbols (83 to 96) and flags (97 to 99).
"""

NEWEST = 17.0
"""The Unicode version up to which the table has been gone over."""

_LEFT_OUT = re.compile(
    "knife|dagger|sword|pistol|syringe|blood|pill|cigarette|coffin|urn|headstone|razor|slot machine|bikini|"
    "briefs|swimsuit|wine|beer|cocktail|sake|cork|clinking|tumbler|tropical drink|vomiting|nauseated|"
    "symbols on mouth|poo|middle finger|kiss mark|breast|pregnant|bunny ears|steamy|massage|love hotel|"
    "o’clock|thirty|oncoming"
)
"""What a child should not see, and what is there already in another picture."""

_GENDERED = re.compile(r"(wo)?m[ae]n .|.*\b(wo)?m[ae]n\b[ :]|.*(facing right|holding|white cane)|.*: ")
"""Labels that repeat another's picture for a woman, a man, another hair or another way."""

_COMMON = 4
"""A word that more pictures than this share says nothing of one of them."""


def measured(subject: Subject) -> Subject:
    """The subject with the lightness and hue of its picture."""
    palette = make_palette(200, THEME_ART["orchard"], PLAIN)
    maker = SpriteMaker(PLAIN, THEME_ART["orchard"], palette, 1)
    request = SpriteRequest(subject.name, "tile", subject.name, SIDE, SIDE)
    images = [maker.close_up(replace(request, tint=tint), 1) for tint in ("red", "green")]
    most, other = (to_oklch(main_colour(image)) for image in images)
    lightness, chroma, hue = most
    return replace(
        subject,
        light=round(100 * lightness),
        hue=TINTED if most != other else GREY if chroma < NO_HUE else round(hue) % 360,
    )


def main_colour(image: Image.Image) -> Rgb:
    """The colour that most of the picture has."""
    pixels = np.asarray(image)
    solid = pixels[pixels[:, :, 3] == 255][:, :3]
    colours, counts = np.unique(solid, axis=0, return_counts=True)
    red, green, blue = (int(channel) for channel in colours[counts.argmax()])
    return red, green, blue


def drafts(entries: list[dict[str, Any]], known: frozenset[str], since: float) -> Iterator[Subject]:
    """A row for each picture of the set that is newer than ``since``, none of ``known``, and may be shown."""
    shared = Counter(tag for entry in entries for tag in entry.get("tags", ()))
    for entry in entries:
        label = entry["label"].lower()
        group = next((kept for groups, kept in _GROUPS.items() if entry.get("subgroup") in groups), None)
        source = file_of(entry["hexcode"])
        if entry["version"] <= since or group is None or source is None or source in known:
            continue
        if not (_LEFT_OUT.search(label) or _GENDERED.match(label)):
            words = [tag for tag in entry.get("tags", ()) if shared[tag] <= _COMMON and tag != label]
            yield Subject(label, source, *group, "front", (), 0, GREY, tuple(words))


def file_of(code: str) -> str | None:
    """The name of Twemoji's file for code points as emojibase writes them; None when it has none."""
    code = code.lower().lstrip("0")
    names = (code, code.replace("-fe0f", ""))
    return next((name for name in names if (svg_folder() / f"{name}.svg").is_file()), None)


def main() -> None:
    """Measure the table, and draft what it lacks; one clear line and code 1 when that cannot be done."""
    parser = argparse.ArgumentParser(description="Measure the table of subjects, and draft what it lacks.")
    parser.add_argument("emojibase", nargs="?", type=Path, help="en/data.json of emojibase-data")
    parser.add_argument("--since", type=float, default=NEWEST, help="Unicode version after which to draft")
    asked = parser.parse_args()
    try:
        rows = list(SUBJECTS.values())
        if asked.emojibase is not None:
            known = frozenset(subject.source for subject in rows)
            for subject in drafts(read(asked.emojibase), known, asked.since):
                say(f"drafted: {subject.name}")
                rows.append(subject)
        write(rows)
    except GameFactoryError as error:
        fail(str(error))
        sys.exit(1)


def read(file: Path) -> list[dict[str, Any]]:
    """The entries of emojibase's file; InputError when it is none."""
    try:
        entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("emojibase", str(file), "en/data.json of emojibase-data") from error
    return entries


def write(rows: Iterable[Subject]) -> None:
    """Write the table, in the order of the names."""
    head = TABLE.read_text(encoding="utf-8").splitlines()[0]
    looked_at = [measured(row) if row.name in SUBJECTS else row for row in rows]
    lines = [as_row(row) for row in sorted(looked_at, key=lambda row: row.name)]
    TABLE.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    say(f"{TABLE}: {len(lines)} subjects")


if __name__ == "__main__":
    main()
