"""Publication at any URL: a bundle becomes an object, and a small one says which bundle is a game's.

What belongs here: the two kinds of objects, and in what order they are written. What does not: having the
files on the machine that serves them (``published.py``).

``<url>/<slug>/<sha256>.zip`` is a bundle as it was built: under its name there can be nothing else.
``<url>/<slug>.json`` names the one that is served; it is put once the bundle is there, and replaced in one
piece. So whoever is killed anywhere leaves the old game or the new one. Bundles go when the game is withdrawn
and not before: nobody can know that another, whose lease ran out, is not about to name one.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Annotated, Self

import msgspec

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.shipping.build import Bundle
from gamefactory_dagster.studio.tools.storage import Storage

from .publisher import checked_slug


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which bundle is served: of its zip the SHA-256 in hex, and the size in bytes."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    size: int

    @classmethod
    def read(cls, content: bytes, slug: str) -> Self:
        """Of the bytes of ``<slug>.json``. Raises PermanentError for anything else."""
        try:
            return msgspec.json.decode(content, type=cls)
        except msgspec.DecodeError as error:
            raise PermanentError(f"{slug}.json does not name what is published: {error}") from error


class UrlPublisher:
    """Publishes into ``storage``, to be served under ``base_url``. All of it raises what ``Storage`` does."""

    def __init__(self, storage: Storage, base_url: str) -> None:
        self._storage = storage
        self._base_url = base_url.rstrip("/")

    def url(self, slug: str) -> str:
        """``<base_url>/<slug>/``."""
        return f"{self._base_url}/{slug}/"

    def publish(self, slug: str, bundle: Bundle) -> str:
        """Make ``bundle`` what is served as ``slug``; its URL. Raises InputError for a slug that is none."""
        wanted = Pointer(bundle.sha256, bundle.size)
        if self.pointer(slug) != wanted or self._content(slug, wanted) is None:
            self._storage.put(f"{slug}/{wanted.sha256}.zip", bundle.zip)
            self._storage.put(f"{slug}.json", msgspec.json.encode(asdict(wanted)))
        return self.url(slug)

    def checksum(self, slug: str) -> str:
        """SHA-256 of the zip that is served. Raises PermanentError when there is none."""
        return hashlib.sha256(self.bundle(slug).zip).hexdigest()

    def files(self, slug: str) -> dict[str, bytes]:
        """Every published file by path. Raises PermanentError when nothing is published."""
        return self.bundle(slug).files

    def withdraw(self, slug: str) -> None:
        """Remove which one is served, then all there are; nothing happens when there is none."""
        self._storage.remove(f"{checked_slug(slug)}.json")
        for name in self._storage.sizes(slug):
            self._storage.remove(f"{slug}/{name}")

    def pointer(self, slug: str, seconds: float | None = None) -> Pointer | None:
        """Which bundle is served, None where none is; asked for so many ``seconds`` at most."""
        content = self._storage.get(f"{checked_slug(slug)}.json", seconds)
        return None if content is None else Pointer.read(content, slug)

    def bundle(self, slug: str) -> Bundle:
        """What is served, checked by its checksum. Raises PermanentError when nothing is, or another."""
        pointer = self.pointer(slug)
        if pointer is None:
            raise PermanentError(f"{slug} is not published")
        content = self._content(slug, pointer)
        if content is None:
            raise PermanentError(f"what is published as {slug} is gone or damaged: {pointer.sha256}.zip")
        return Bundle.from_zip(content)

    def _content(self, slug: str, pointer: Pointer) -> bytes | None:
        """A bundle's zip; None where it is gone, or is not what its name says."""
        name = f"{slug}/{pointer.sha256}.zip"
        if self._storage.size(name) != pointer.size:
            return None
        content = self._storage.get(name)
        right = content is not None and hashlib.sha256(content).hexdigest() == pointer.sha256
        return content if right else None
