"""Events as Parquet: from the database to a file and back, whole and in bounded memory.

What belongs here: the file's columns and types, and comparing a file with where it came from.
What does not: which months are written and when they leave the database (``archive.py``).

Ids are text, which every engine reads. ``properties`` and ``device_info`` are JSON text. Times are
microseconds in UTC. Rows are in the order (timestamp, id), so that an engine skips the row groups of other
days.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import PermanentError

from . import arrow

if TYPE_CHECKING:
    import pyarrow as pa
    from upath import UPath

BLOCK_BYTES = 1 << 20
"""Read of a file at a time."""

TEXT = ("id", "game_id", "event_type", "user_id", "session_id", "properties", "device_info")
TIMES = ("timestamp", "received_at")
COLUMNS = (*TEXT[:5], "level", *TEXT[5:], *TIMES)
"""In the table's order."""


def schema() -> "pa.Schema":
    """Columns and types of every file."""
    import pyarrow as pa

    types = dict.fromkeys(TEXT, pa.string()) | dict.fromkeys(TIMES, pa.timestamp("us", "UTC"))
    return pa.schema([(name, types.get(name, pa.int32())) for name in COLUMNS])


def is_local(path: "UPath") -> bool:
    """Whether the path is on a file system of this machine."""
    return path.protocol in ("", "file", "local")


def reading(connection: sa.Connection, month: dict[str, Any]) -> AbstractContextManager[Iterator["pa.Table"]]:
    """Give what ``sql/analytics/export_events.sql`` selects, a row group at a time; see ``arrow.reading``."""
    return arrow.reading(connection, load("analytics/export_events"), month, schema())


def write(tables: Iterable["pa.Table"], path: "UPath") -> int:
    """Write a file and wait until it is on the disk; returns its number of rows."""
    from pyarrow.parquet import ParquetWriter

    rows = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as file,
        ParquetWriter(file, schema(), compression="zstd", write_page_checksum=True) as writer,
    ):
        for table in tables:
            writer.write_table(table, row_group_size=arrow.ROWS)
            rows += table.num_rows
    sync(path)
    return rows


def read(path: "UPath", columns: list[str] | None = None) -> Iterator["pa.Table"]:
    """The row groups of a file, in order."""
    from pyarrow.parquet import ParquetFile

    with path.open("rb") as file:
        parquet = ParquetFile(file, page_checksum_verification=True)
        for number in range(parquet.num_row_groups):
            yield parquet.read_row_group(number, columns=columns, use_threads=False)


def compare(path: "UPath", tables: Iterable["pa.Table"]) -> None:
    """Raise PermanentError unless the file holds exactly these row groups, cell by cell."""
    for number, (found, expected) in enumerate(zip_longest(read(path), tables)):
        if found is None or expected is None or not found.equals(expected):
            raise PermanentError(f"{path} is not what was written: row group {number} differs")


def copy_into(connection: sa.Connection, table: str, path: "UPath", columns: tuple[str, ...]) -> int:
    """Copy columns of a file into a table that has them; returns the number of rows."""
    import pyarrow as pa
    from psycopg.sql import SQL, Identifier
    from pyarrow.csv import WriteOptions, write_csv

    rows = 0
    names = SQL(", ").join(map(Identifier, columns))
    statement = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(Identifier(table), names)
    with arrow.cursor(connection) as cursor, cursor.copy(statement) as copy:
        for group in read(path, list(columns)):
            sink = pa.BufferOutputStream()
            write_csv(group.select(columns), sink, WriteOptions(include_header=False))
            copy.write(memoryview(sink.getvalue()))
            rows += group.num_rows
    return rows


def sha256(path: "UPath") -> str:
    """Digest of the file as the store gives it, in hex; raises PermanentError when it is gone."""
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
            return digest.hexdigest()
    except FileNotFoundError as error:
        raise PermanentError(f"{path} is gone") from error


def sync(path: "UPath") -> None:
    """Wait until a local file or folder is on the disk; an object store has it when it was written."""
    if is_local(path):
        handle = os.open(path.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
