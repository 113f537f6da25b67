"""Rows of the database as Arrow tables, a piece at a time: for Parquet files and for pandas.

What belongs here: streaming a SELECT. What does not: which one, and what becomes of the tables
(``parquet.py``, ``export.py``, ``frames.py``).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 32_768
"""Rows of a table, and of a row group of a file: of events about 6 MB, the most that is held at once."""


@contextmanager
def reading(
    connection: sa.Connection, select: str, parameters: Mapping[str, Any], schema: "pa.Schema"
) -> Iterator[Iterator["pa.Table"]]:
    """Give what ``select`` selects, up to ``ROWS`` rows a table, with the columns and types of ``schema``.

    ``schema`` names the columns in the order of the statement. Left early, the statement is ended.

    COPY's text is parsed by Arrow: row by row in Python it would cost several times more.
    """
    copy = f"COPY (\n{select}\n) TO STDOUT (FORMAT csv)"
    statement = str(sa.text(copy).compile(dialect=connection.dialect))
    with cursor(connection) as reader, reader.copy(statement, parameters) as messages:
        yield _parsed(messages, schema)


def cursor(connection: sa.Connection) -> Any:
    """The driver's own cursor, for COPY."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def _parsed(copy: Iterable[Any], schema: "pa.Schema") -> Iterator["pa.Table"]:
    """COPY's CSV as Arrow. Unquoted nothing is NULL, a quoted one the empty string.

    The protocol sends one message a row, so any number of messages is whole rows.
    """
    import pyarrow as pa
    from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

    options = (
        ReadOptions(column_names=schema.names, use_threads=False),
        ParseOptions(newlines_in_values=True),
        ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    messages = iter(copy)
    while text := b"".join(islice(messages, ROWS)):
        yield read_csv(pa.BufferReader(text), *options)
