"""What a source is, and which one the settings mean.

What belongs here: the protocol and the choice. What does not: how any one works (a file a kind).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gamefactory_dagster.analytics.sources import source as opened
from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.settings import Settings, variable

from .errors import NotThereError

if TYPE_CHECKING:
    from gamefactory_dagster.replays.raw import RawReplays


class Source(Protocol):
    """Somewhere to fetch replays from; one object serves any number of tasks and event loops."""

    async def fetch(self, link: Link) -> bytes:
        """Fetch a replay file: a JSON object with a list ``plays``, at most ``MAX_BYTES``.

        Raises what ``errors.py`` has, and nothing else.
        """
        ...


class FirstOf:
    """Several sources: what the first does not have is looked for in the next."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    async def fetch(self, link: Link) -> bytes:
        """Fetch from the first that has it; raises NotThereError when none has."""
        missing = []
        for source in self._sources:
            try:
                return await source.fetch(link)
            except NotThereError as error:
                missing.append(str(error))
        raise NotThereError("; ".join(missing))


def chosen(settings: Settings, raw: "RawReplays", place: str | None = None) -> Source:
    """The source that ``GAMEFACTORY_REPLAYS`` names, or ``place``; unset, nothing comes over a network.

    What the settings authorize is for the endpoint they name and no other.

    Raises InputError when nothing opens what it names, TransientError where that does not answer.
    """
    from .folder import FolderSource
    from .store import StoreSource
    from .url import UrlSource

    named, field = place or settings.replays, "place" if place else variable("replays")
    if not named:
        return FirstOf([StoreSource(raw), FolderSource(settings.home / "replays")])
    if named.lower().startswith(("http://", "https://")):
        from .http import HttpSource

        return HttpSource(
            named,
            hosts=settings.replay_hosts,
            authorization=settings.replay_authorization if named == settings.replays else None,
            seconds=settings.replay_seconds,
            silence=settings.replay_silence_seconds,
            field=field,
        )
    folder = opened(named, field)
    if isinstance(folder, Path):
        return FolderSource(folder)
    return UrlSource(folder, settings.replay_seconds)
