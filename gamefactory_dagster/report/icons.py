"""Games' icons, small enough to stand in the page by the hundred.

What belongs here: making them small. What does not: any other picture.
"""

from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.studio.art.picture import reduced
from gamefactory_dagster.studio.shipping.published import PublishedGames

SIDE = 64
"""Pixels: twice what is shown, for sharp screens. About 2 kB as WebP."""


def small_icons(published: PublishedGames, slugs: list[str]) -> dict[str, bytes]:
    """Slug -> WebP bytes of a published game's icon, where there is one that can be read."""
    published.renew(slugs)
    found = (
        (slug, reduced(published.folder / slug / "icon.png", (SIDE, SIDE), "WEBP", 80))
        for slug in slugs
        if is_slug(slug)
    )
    return {slug: icon for slug, icon in found if icon is not None}
