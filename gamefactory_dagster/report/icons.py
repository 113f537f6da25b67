"""Games' icons, small enough to stand in the page by the hundred.

What belongs here: making them small. What does not: any other picture.
"""

import io
from pathlib import Path

from gamefactory_dagster.ids import is_slug

SIDE = 64
"""Pixels: twice what is shown, for sharp screens. About 2 kB as WebP."""


def small_icons(published: Path, slugs: list[str]) -> dict[str, bytes]:
    """Slug -> WebP bytes of a published game's icon, where there is one that can be read."""
    found = ((slug, _small_icon(published, slug)) for slug in slugs)
    return {slug: icon for slug, icon in found if icon is not None}


def _small_icon(published: Path, slug: str) -> bytes | None:
    from PIL import Image

    if not is_slug(slug):
        return None
    try:
        with Image.open(published / slug / "icon.png") as icon:
            small = icon.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    except (OSError, Image.DecompressionBombError):
        return None
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
