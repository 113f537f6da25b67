"""``game_metrics`` as a stream of CSV, JSON or Parquet, for a spreadsheet or another program.

What belongs here: the formats. What does not: where the stream goes, and computing anything.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal, TextIO

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from . import arrow, frames

Format = Literal["csv", "json"]

CHUNK = 1000
"""Rows fetched at a time."""


def export(connection: sa.Connection, stream: TextIO, format: Format, first: dt.date, last: dt.date) -> int:
    """Write the metrics of the days from ``first`` to ``last``, by day and game; returns the number of rows.

    Reads as it writes, so any number of rows fits. CSV has a line of column names, and nothing between the
    commas for NULL; JSON is one list of objects.
    """
    streaming = connection.execution_options(yield_per=CHUNK)
    statement = sa.text(load("analytics/export_game_metrics"))
    result = streaming.execute(statement, {"first_day": first, "last_day": last})
    return write_rows(stream, format, list(result.keys()), (tuple(row) for row in result))


def export_parquet(connection: sa.Connection, file: Path, first: dt.date, last: dt.date) -> int:
    """Write what ``export`` writes as one Parquet file; rates and scores are exact decimals there."""
    from pyarrow.parquet import ParquetWriter

    rows = 0
    schema = frames.schema("metrics")
    days = {"first_day": first, "last_day": last}
    with (
        arrow.reading(connection, load("analytics/export_game_metrics"), days, schema) as tables,
        ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        for table in tables:
            writer.write_table(table)
            rows += table.num_rows
    return rows


def write_rows(stream: TextIO, format: Format, names: list[str], rows: Iterator[tuple[object, ...]]) -> int:
    """Write rows with these columns as they come; returns their number."""
    return (_write_csv if format == "csv" else _write_json)(stream, names, rows)


def _write_csv(stream: TextIO, names: list[str], rows: Iterator[tuple[object, ...]]) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    number = 0
    for row in rows:
        writer.writerow(row)
        number += 1
    return number


def _write_json(stream: TextIO, names: list[str], rows: Iterator[tuple[object, ...]]) -> int:
    number = 0
    stream.write("[")
    for number, row in enumerate(rows, 1):
        stream.write("\n" if number == 1 else ",\n")
        stream.write(json.dumps(dict(zip(names, row, strict=True)), default=_plain))
    stream.write("\n]\n")
    return number


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
