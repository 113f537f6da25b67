"""Games' icons, small enough to stand in the page by the hundred.

What belongs here: making them small. What does not: any other picture.
"""

from pathlib import Path

from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.studio.art.picture import reduced

SIDE = 64
"""Pixels: twice what is shown, for sharp screens. About 2 kB as WebP."""


def small_icons(published: Path, slugs: list[str]) -> dict[str, bytes]:
    """Slug -> WebP bytes of a published game's icon, where there is one that can be read."""
    found = (
        (slug, reduced(published / slug / "icon.png", (SIDE, SIDE), "WEBP", 80))
        for slug in slugs
        if is_slug(slug)
    )
    return {slug: icon for slug, icon in found if icon is not None}
