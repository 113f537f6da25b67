"""Replays in the artifact store, where they are put once fetched. Nothing else."""

from gamefactory_dagster.replays.links import Link
from gamefactory_dagster.replays.raw import RawReplays


class StoreSource:
    """What the artifact store has already."""

    def __init__(self, raw: RawReplays) -> None:
        self._raw = raw

    async def fetch(self, link: Link) -> bytes:
        """Read the replay's object."""
        return await self._raw.get(link)
