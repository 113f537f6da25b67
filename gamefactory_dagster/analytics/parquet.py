"""Events as Parquet: from the database to a file and back, whole and in bounded memory.

What belongs here: the file's columns and types, streaming, and comparing a file with where it came from.
What does not: which months are written and when they leave the database (``archive.py``).

Ids are text, which every engine reads. ``properties`` and ``device_info`` are JSON text. Times are
microseconds in UTC. Rows are in the order (timestamp, id), so that an engine skips the row groups of other
days.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.errors import PermanentError

if TYPE_CHECKING:
    import pyarrow as pa
    from upath import UPath

ROW_GROUP = 32_768
"""Rows of a row group: about 6 MB in memory, the most that is held of a file at once."""

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


@contextmanager
def reading(connection: sa.Connection, month: dict[str, Any]) -> Iterator[Iterator["pa.Table"]]:
    """Give what ``sql/analytics/export_events.sql`` selects, a row group at a time.

    Left early, the statement is ended.

    COPY's text is parsed by Arrow: row by row in Python it would cost several times more.
    """
    statement = str(sa.text(load("analytics/export_events")).compile(dialect=connection.dialect))
    connection.exec_driver_sql("SET LOCAL timezone = 'UTC'")
    connection.exec_driver_sql("SET LOCAL datestyle = 'ISO'")
    with _cursor(connection) as cursor, cursor.copy(statement, month) as copy:
        yield _parsed(copy)


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
            writer.write_table(table, row_group_size=ROW_GROUP)
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
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
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


def _cursor(connection: sa.Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def _parsed(copy: Iterable[Any]) -> Iterator["pa.Table"]:
    """COPY's CSV as Arrow. Unquoted nothing is NULL, a quoted one the empty string.

    The protocol sends one message a row, so any number of messages is whole rows.
    """
    import pyarrow as pa
    from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

    options = (
        ReadOptions(column_names=COLUMNS, use_threads=False),
        ParseOptions(newlines_in_values=True),
        ConvertOptions(
            column_types=schema(),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    messages = iter(copy)
    while text := b"".join(islice(messages, ROW_GROUP)):
        yield read_csv(pa.BufferReader(text), *options)
