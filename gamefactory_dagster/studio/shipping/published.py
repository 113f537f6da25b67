"""The published games' files on this machine, for everybody who serves or reads them.

What belongs here: where a game's files are, and that they are those published now. What does not: publishing
(``publisher.py``, ``url_publisher.py``), and which of a folder's files may be served (``arcade/files.py``).
"""

import logging
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Protocol

from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.ids import is_slug
from gamefactory_dagster.settings import Settings, variable
from gamefactory_dagster.studio.tools.storage import Storage

from .publisher import FolderPublisher
from .url_publisher import UrlPublisher

log = logging.getLogger(__name__)

FRESH_SECONDS = 2.0
"""How long it is believed which version of a game is published."""

PATIENCE_SECONDS = 2.0
"""How long a storage may take to say it; one that does not is left alone for ``PAUSE_SECONDS``."""

PAUSE_SECONDS = 10.0
AT_ONCE = 8


class PublishedGames(Protocol):
    """Games' folders, one a slug, in ``folder``."""

    @property
    def folder(self) -> Path:
        """Where they are; what ``renew`` was not told of may be missing or old there."""
        ...

    def renew(self, slugs: Iterable[str]) -> None:
        """See that these games are in ``folder`` as they are published now, or as they last were known."""
        ...


class HereGames:
    """Games that are published on this machine: nothing has to be done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def renew(self, slugs: Iterable[str]) -> None:
        """Nothing: it is this folder that publishing changes."""


class FetchedGames:
    """Games that are published at a URL: the last ``most`` that were wanted are in ``folder``.

    A version is fetched once, whole and checked. While the storage is away there is what was fetched.
    """

    def __init__(self, publisher: UrlPublisher, folder: Path, most: int) -> None:
        self.folder = folder
        self._publisher = publisher
        self._here = FolderPublisher(folder, "")
        self._most = most
        self._fresh_until: dict[str, float] = {}
        self._sound: dict[str, tuple[str, str]] = {}
        self._away_until = 0.0
        self._locks = [threading.Lock() for _ in range(64)]

    def renew(self, slugs: Iterable[str]) -> None:
        """Ask which versions are published, and fetch those that are not here; several at once."""
        now = time.monotonic()
        asked = [slug for slug in dict.fromkeys(slugs) if is_slug(slug) and self._is_due(slug, now)]
        if len(asked) == 1:
            self._renew(asked[0])
        elif asked:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                list(threads.map(self._renew, asked))

    def _is_due(self, slug: str, now: float) -> bool:
        return now >= max(self._fresh_until.get(slug, 0.0), self._away_until)

    def _renew(self, slug: str) -> None:
        """Renew one; who wants the same one meanwhile waits for it."""
        with self._locks[hash(slug) % len(self._locks)]:
            now = time.monotonic()
            if not self._is_due(slug, now):
                return
            if len(self._fresh_until) > 10 * self._most:  # anybody may ask for games that never were
                self._fresh_until.clear()
            try:
                self._fetch(slug)
            except TransientError as error:
                log.warning("Games that were fetched before are served: %s", error)
                self._away_until = time.monotonic() + PAUSE_SECONDS
            except (PermanentError, OSError) as error:
                log.warning("%s is served as it was fetched before, if it was: %s", slug, error)
                self._fresh_until[slug] = time.monotonic() + PAUSE_SECONDS
            else:
                self._fresh_until[slug] = time.monotonic() + FRESH_SECONDS

    def _fetch(self, slug: str) -> None:
        pointer = self._publisher.pointer(slug, PATIENCE_SECONDS)
        link = self.folder / slug
        if pointer is None:
            if link.is_symlink():
                self._here.withdraw(slug)
            return
        if not self._is_sound(slug, pointer.sha256):
            self._here.publish(slug, self._publisher.bundle(slug))
            self._make_room()
        os.utime(link, follow_symlinks=False)

    def _is_sound(self, slug: str, sha256: str) -> bool:
        """Whether the folder is this version; its files are read for that once in a process's life."""
        link = self.folder / slug
        if not link.exists():
            return False
        version = str(link.readlink())
        if self._sound.get(slug) != (version, sha256):
            if self._here.checksum(slug) != sha256:
                return False
            self._sound[slug] = version, sha256
        return True

    def _make_room(self) -> None:
        """Remove the games nobody wanted for longest, down to as many as may be here."""
        with os.scandir(self.folder) as entries:
            links = [one for one in entries if one.is_symlink()]
        links.sort(key=lambda one: one.stat(follow_symlinks=False).st_mtime_ns)
        for link in links[: -self._most]:
            self._here.withdraw(link.name)
            self._fresh_until.pop(link.name, None)
            self._sound.pop(link.name, None)


@cache
def games_here(settings: Settings) -> PublishedGames:
    """Those of this factory; one for a process, which remembers what it asked."""
    if settings.published_url is None:
        return HereGames(settings.published)
    publisher = UrlPublisher(Storage(settings.published_url, variable("published_url")), "")
    return FetchedGames(publisher, settings.published, settings.published_here)
