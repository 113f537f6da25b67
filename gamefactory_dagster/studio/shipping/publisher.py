"""Publication: a built bundle becomes a folder that is served, at once and whole, or not at all.

What belongs here: the ``Publisher`` protocol and its embedded form, a folder on disk. What does not:
publishing for several machines (``url_publisher.py``), serving it (the arcade) and deciding what may be
published.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.ids import SLUG_LENGTH, is_slug
from gamefactory_dagster.studio.shipping.build import Bundle, pack
from gamefactory_dagster.studio.tools.files import write_durably

LOCK_SECONDS = 30.0
"""How long a publication waits for another of the same game; each takes well under a second."""

_VERSIONS = ".versions"


class Publisher(Protocol):
    """Puts a game where players find it."""

    def url(self, slug: str) -> str:
        """Where ``slug`` is, or will be, served."""
        ...

    def publish(self, slug: str, bundle: Bundle) -> str:
        """Make ``bundle`` what is served as ``slug``; its URL. Doing it twice changes nothing."""
        ...

    def checksum(self, slug: str) -> str:
        """SHA-256 of the files served now, packed as a bundle is: to be held against ``Bundle.sha256``."""
        ...

    def withdraw(self, slug: str) -> None:
        """Serve ``slug`` no more. Doing it twice changes nothing."""
        ...


class FolderPublisher:
    """Serves ``<folder>/<slug>/``: a link to one of the complete versions in ``<folder>/.versions/``.

    A folder with files in it cannot be replaced in one step; a link to one can. So whoever opens
    ``<slug>/index.html`` finds the old game or the new one, whenever a publication is interrupted.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder = folder
        self._base_url = base_url.rstrip("/")

    def url(self, slug: str) -> str:
        """``<base_url>/<slug>/``."""
        return f"{self._base_url}/{slug}/"

    def publish(self, slug: str, bundle: Bundle) -> str:
        """Make ``bundle`` what ``<folder>/<slug>/`` holds; its URL.

        Raises InputError for a slug that is none, TransientError when another publication does not end.
        """
        link = self._link(slug)
        with self._exclusive(slug):
            # Before, not after: who has just looked up the old version's files must still find them.
            self._clean(slug)
            if not link.exists() or self.checksum(slug) != bundle.sha256:
                _point(link, self._written(slug, bundle))
        return self.url(slug)

    def checksum(self, slug: str) -> str:
        """SHA-256 of the files on disk, packed as a bundle is. Raises PermanentError when there are none."""
        return hashlib.sha256(pack(self.files(slug))).hexdigest()

    def files(self, slug: str) -> dict[str, bytes]:
        """Every published file by path, read from disk. Raises PermanentError when nothing is published."""
        link = self._link(slug)
        if not link.exists():
            raise PermanentError(f"{slug} is not published")
        version = link.resolve()
        found = sorted(path for path in version.rglob("*") if path.is_file())
        return {path.relative_to(version).as_posix(): path.read_bytes() for path in found}

    def withdraw(self, slug: str) -> None:
        """Remove the link, then the files behind it; nothing happens when there is none."""
        link = self._link(slug)
        with self._exclusive(slug):
            link.unlink(missing_ok=True)
            self._clean(slug)

    def _link(self, slug: str) -> Path:
        return self._folder / checked_slug(slug)

    def _versions(self, slug: str) -> Path:
        return self._folder / _VERSIONS / slug

    @contextmanager
    def _exclusive(self, slug: str) -> Iterator[None]:
        from filelock import FileLock, Timeout

        self._versions(slug).mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / _VERSIONS / f"{slug}.lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise TransientError(f"another publication of {slug} is not finishing") from error

    def _written(self, slug: str, bundle: Bundle) -> Path:
        """Write the files into a new folder, all the way to the disk."""
        version = Path(tempfile.mkdtemp(prefix=f"{bundle.sha256[:16]}-", dir=self._versions(slug)))
        version.chmod(0o755)
        for path, content in bundle.files.items():
            target = version / path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_durably(target, content)
        return version

    def _clean(self, slug: str) -> None:
        """Remove every version of ``slug`` but the served one: old ones, and those left unfinished."""
        link = self._link(slug)
        served = link.resolve() if link.is_symlink() else None
        for version in self._versions(slug).iterdir():
            if version.is_symlink():
                version.unlink()
            elif version.resolve() != served:
                shutil.rmtree(version)


def checked_slug(slug: str) -> str:
    """A game's name in URLs, or InputError."""
    if not is_slug(slug):
        raise InputError(
            "slug", slug, f"small letters and digits with single dashes between, at most {SLUG_LENGTH}"
        )
    return slug


def _point(link: Path, version: Path) -> None:
    """Let ``link`` point to ``version`` in one step."""
    fresh = version.with_name(f"{version.name}.link")
    fresh.symlink_to(os.path.relpath(version, link.parent), target_is_directory=True)
    fresh.replace(link)
