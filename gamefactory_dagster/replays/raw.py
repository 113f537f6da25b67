"""Replay files as they were fetched, kept in the artifact store under the match's own name.

What belongs here: putting and getting them. What does not: which were fetched (``fetching.py``).

Unlike other artifacts' their names do not say what is in them: one that is fetched anew replaces the old.
"""

import asyncio
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.studio.tools.files import write_whole

from .links import Link
from .sources.contents import read_file
from .sources.errors import NotThereError

if TYPE_CHECKING:
    from upath import UPath


class RawReplays:
    """Keeps replays as ``<url>/replays/<id>_replay.json``; ``url`` is anything universal-pathlib opens.

    Storages have clients that block: each call is in a thread.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    @staticmethod
    def key(link: Link) -> str:
        """Where a match's file is within the store: ``scraped_data.s3_key``."""
        return f"replays/{link.id}_replay.json"

    def url(self, link: Link) -> str:
        """Where a match's file is."""
        return f"{self._url}/{self.key(link)}"

    async def put(self, link: Link, content: bytes) -> None:
        """Keep a match's file; who reads it meanwhile sees the old one or the new. Raises TransientError."""
        await asyncio.to_thread(self._put, link, content)

    async def get(self, link: Link) -> bytes:
        """Read a match's file.

        Raises NotThereError, TooLargeError, NotAReplayError for what is no such file any more, RefusedError
        and BrokenOffError when the store does not give it.
        """
        content = await asyncio.to_thread(self._get, link)
        if content is None:
            raise NotThereError(f"replay {link.id} is not in the artifact store")
        return content

    def _put(self, link: Link, content: bytes) -> None:
        try:
            write_whole(self._path(link), content)
        except Exception as error:  # whatever a storage's own client raises
            raise TransientError(f"replay {link.id} could not be stored: {error}") from error

    def _get(self, link: Link) -> bytes | None:
        return read_file(self._path(link), f"replay {link.id} in the artifact store")

    def _path(self, link: Link) -> "UPath":
        from upath import UPath

        return UPath(self._url) / self.key(link)
