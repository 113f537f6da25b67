"""Replays in any storage that ``universal-pathlib`` opens, under the names a folder has them by.

What belongs here: how long such a storage may take. What does not: names and reading (``folder.py``).
"""

import asyncio
from typing import TYPE_CHECKING

from gamefactory_dagster.replays.links import Link

from .errors import TooSlowError
from .folder import read_named

if TYPE_CHECKING:
    from upath import UPath


class UrlSource:
    """A folder at a URL such as ``s3://bucket/replays``; ``seconds`` is what one replay may take."""

    def __init__(self, folder: "UPath", seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds

    async def fetch(self, link: Link) -> bytes:
        """Read the replay's file, in a thread: storages have clients of their own, which block."""
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.to_thread(read_named, self._folder, link)
        except TimeoutError:
            raise TooSlowError(f"replay {link.id}: {self._folder} took over {self._seconds:g} s") from None
