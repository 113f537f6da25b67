"""Replays in a folder of this machine, under the names people give them.

What belongs here: finding the file of one replay, here and in any other storage. What does not: files by any
other name.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from gamefactory_dagster.replays.links import Link

from .contents import read_file
from .errors import NotThereError

if TYPE_CHECKING:
    from upath import UPath

NAMES = ("{id}.json", "{id}_replay.json", "replay_{id}.json")
"""What the file of a match may be called."""


class FolderSource:
    """A folder of replay files; one that is not there holds none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def fetch(self, link: Link) -> bytes:
        """Read the replay's file."""
        return await asyncio.to_thread(read_named, self._folder, link)


def read_named(folder: "Path | UPath", link: Link) -> bytes:
    """Read the first file of a replay's ``NAMES`` in a folder; raises what a source may."""
    for name in NAMES:
        path = folder / name.format(id=link.id)
        if (content := read_file(path, str(path))) is not None:
            return content
    raise NotThereError(f"replay {link.id} is not in the folder of replays")
