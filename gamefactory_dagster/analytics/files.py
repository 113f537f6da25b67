"""Event files into the database, chunk by chunk: whatever their size, and again after any interruption.

What belongs here: finding files, one transaction a chunk, games and months made beforehand. What does not:
lines (``lines.py``), the rules (``events.py``), storing (``ingest.py``), when files are taken in.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import InputError

from .ingest import (
    CHUNK,
    IntakeCounts,
    Judged,
    judge,
    known_games,
    make_partitions,
    months,
    store_judged,
)
from .lines import Line, read_chunks
from .packed import SUFFIXES
from .streams import Counted, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from upath import UPath

OnProgress = Callable[[int, IntakeCounts], None]
"""Given the bytes read so far, as the file has them, and the counts so far, after each committed chunk."""

SOURCE_LENGTH = 255
"""Characters of a source that are kept, the last ones."""


class ImportStoppedError(UnreadableError):
    """A file could not be read to its end. ``counts`` is what became of the lines before."""

    def __init__(self, source: str, why: str, counts: IntakeCounts) -> None:
        super().__init__(f"{source}: {why}; the {counts.total} whole lines before it were handled")
        self.counts = counts


def event_files(path: "Path | UPath") -> "list[Path | UPath]":
    """``path`` itself, or the event files right in the folder ``path``, by name.

    Raises InputError where there is nothing, or no event file in the folder.
    """
    if not path.exists():
        raise InputError("FILE", str(path), "a file or a folder that exists")
    if not path.is_dir():
        return [path]
    found = sorted(
        (one for one in path.iterdir() if one.name.endswith(SUFFIXES) and one.is_file()),
        key=lambda one: one.name,
    )
    if not found:
        raise InputError("FILE", str(path), f"a folder with files that end in {', '.join(SUFFIXES)}")
    return found


def import_file(
    engine: sa.Engine,
    path: "Path | UPath",
    *,
    source: str,
    register_games: bool = False,
    on_progress: OnProgress | None = None,
) -> IntakeCounts:
    """Store the events of one file; see ``import_stream``."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ImportStoppedError(source, f"it cannot be opened: {error}", IntakeCounts()) from error
    with stream:
        return import_stream(
            engine, stream, source=source, register_games=register_games, on_progress=on_progress
        )


def import_stream(
    engine: sa.Engine,
    stream: BinaryIO,
    *,
    source: str,
    register_games: bool = False,
    on_progress: OnProgress | None = None,
) -> IntakeCounts:
    """Store the events of a stream, one a line or in a JSON array, packed or not; the bad are quarantined.

    Each chunk is a transaction of its own and events are stored once, so after an interruption of any kind
    the same is simply given again. Takes under 300 MB whatever comes. ``source`` (its last 255 characters)
    says where quarantined events came from. With ``register_games``, games that are not there are added as
    external ones; otherwise their events are quarantined as ``unknown_game``.

    Raises ImportStoppedError when the stream cannot be read to its end, after its whole lines were handled,
    and TransientError when the database is away.
    """
    counted = Counted(stream)
    store = _Store(engine, source[-SOURCE_LENGTH:], register_games)
    total = IntakeCounts()
    try:
        for chunk in read_chunks(counted, CHUNK):
            total += store.chunk(chunk)
            if on_progress is not None:
                on_progress(counted.read_bytes, total)
    except UnreadableError as error:
        raise ImportStoppedError(source, str(error), total) from error
    return total


class _Store:
    """Stores chunks, each in a transaction of its own; knows what was made ready for earlier ones."""

    def __init__(self, engine: sa.Engine, source: str, register_games: bool) -> None:
        self._engine = engine
        self._source = source
        self._register_games = register_games
        self._games: set[str] = set()
        self._months: set[tuple[int, int]] = set()

    def chunk(self, lines: list[Line]) -> IntakeCounts:
        with transaction(self._engine) as connection:
            received_at = connection.execute(sa.select(sa.func.now())).scalar_one()
        judged = judge(lines, received_at)
        if self._register_games:
            self._add_games(judged)
        self._make_room(judged)
        with transaction(self._engine) as connection:
            return store_judged(connection, judged, received_at=received_at, source=self._source)

    def _add_games(self, judged: Judged) -> None:
        """Add games not seen yet. Committed at once: who makes a partition locks games, and would wait."""
        games = {event.game_id for event in judged.good} - self._games
        if games:
            with transaction(self._engine) as connection:
                connection.execute(sa.text(load("analytics/register_games")), {"ids": sorted(games)})
            self._games |= games

    def _make_room(self, judged: Judged) -> None:
        """Make missing partitions beforehand: it locks the events and games against everybody else."""
        if months(judged.good) <= self._months:
            return
        with transaction(self._engine) as connection:
            known = known_games(connection, {event.game_id for event in judged.good})
            wanted = months(event for event in judged.good if event.game_id in known) - self._months
            make_partitions(connection, wanted)
        self._months |= wanted
