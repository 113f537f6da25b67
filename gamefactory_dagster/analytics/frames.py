"""The factory's numbers as pandas frames: the analyst's door.

What belongs here: which frames there are, their columns and types. What does not: computing anything, and
pictures (``plots.py``).

Whole numbers and text may be missing (``Int64``, ``string``), rates are ``Float64``, days are midnights
without a zone, moments are in UTC. Beside the frame itself, which is as large as it is, reading takes a few
megabytes. What is larger than memory comes in pieces from ``parts``.

    from gamefactory_dagster.analytics import frames

    metrics = frames.metrics("2026-03-01", "2026-03-31").merge(frames.games(), on="game_id")
    metrics.groupby("genre")["retention_d7"].mean()
"""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.database.sql import load
from gamefactory_dagster.days import day_bounds
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.terminal import parse_day

from . import arrow

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Day = dt.date | str
"""A UTC day: a date, or text such as ``2026-03-01``."""

Name = Literal["metrics", "player_days", "weights", "games", "events"]

_STATEMENTS: dict[Name, str] = {
    "metrics": "analytics/export_game_metrics",
    "player_days": "analytics/frames/player_days",
    "weights": "analytics/frames/weights",
    "games": "analytics/frames/games",
    "events": "analytics/frames/events",
}

_COLUMNS: dict[Name, str] = {
    "metrics": """
        game_id:text date:day installs dau sessions avg_session_duration_seconds
        cohort_d1 retained_d1 retention_d1:rate cohort_d7 retained_d7 retention_d7:rate
        cohort_d30 retained_d30 retention_d30:rate levels_completed levels_failed
        ad_impressions ad_revenue_cents iap_revenue_cents ad_prompts score:score""",
    "player_days": """
        date:day game_id:text user_id:text events sessions session_seconds:number
        levels_completed levels_failed ad_prompts ad_impressions ad_revenue_micros iap_revenue_cents""",
    "weights": """
        genre:text mechanic:text weight:rate sample_count
        avg_retention_d7:rate avg_completion_rate:rate avg_ad_opt_in_rate:rate""",
    "games": """
        game_id:text slug:text name:text genre:text family:text theme:text style:text status:text
        published_at:moment""",
    "events": """
        event_id:text game_id:text event_type:text timestamp:moment user_id:text session_id:text level
        properties:text device_info:text received_at:moment""",
}
"""Columns in the statement's order, with their kind; those without are whole numbers."""


def metrics(first: Day, last: Day, *, engine: sa.Engine | None = None) -> "pd.DataFrame":
    """``game_metrics`` of the days from ``first`` to ``last``, a row a game and day.

    Columns as ``gamefactory metrics export`` writes them; what they mean is in ``docs/metrics.md``. Raises
    InputError for days that are none or in no order. ``engine``: default this process's factory.
    """
    return _whole("metrics", engine, first, last)


def player_days(first: Day, last: Day, *, engine: sa.Engine | None = None) -> "pd.DataFrame":
    """``player_days`` of the days from ``first`` to ``last``, a row a player, game and day.

    ``user_id`` missing: everybody who gave none. Raises InputError as ``metrics`` does.
    """
    return _whole("player_days", engine, first, last)


def weights(*, engine: sa.Engine | None = None) -> "pd.DataFrame":
    """What is learned of each mechanic in each genre; a weight of 1.0 is average for the genre."""
    return _whole("weights", engine)


def games(*, engine: sa.Engine | None = None) -> "pd.DataFrame":
    """Every game: what the ``game_id`` of the other frames stands for."""
    return _whole("games", engine)


def events(day: Day, *, engine: sa.Engine | None = None) -> "pd.DataFrame":
    """A UTC day's raw events, in time; ``properties`` and ``device_info`` are JSON text.

    Archived months are not in the database. Raises InputError as ``metrics`` does.
    """
    return _whole("events", engine, day, day)


def parts(
    name: Name, first: Day | None = None, last: Day | None = None, *, engine: sa.Engine | None = None
) -> Iterator["pd.DataFrame"]:
    """Give the frame ``name`` of the days from ``first`` to ``last``, ``arrow.ROWS`` rows a piece.

    For what does not fit into memory. Events may be of several days here. Raises InputError for an unknown
    name, and as ``metrics`` does.
    """
    for table in _tables(name, engine, first, last):
        yield _frame(table)


@cache
def schema(name: Name) -> "pa.Schema":
    """Columns and types of a frame as Arrow has them: rates and scores are exact decimals."""
    import pyarrow as pa

    kinds = {
        "": pa.int64(),
        "text": pa.string(),
        "day": pa.date32(),
        "moment": pa.timestamp("us", "UTC"),
        "number": pa.float64(),
        "rate": pa.decimal128(5, 4),
        "score": pa.decimal128(10, 4),
    }
    columns = [column.partition(":") for column in _COLUMNS[name].split()]
    return pa.schema([(column, kinds[kind]) for column, _, kind in columns])


def _whole(name: Name, engine: sa.Engine | None, first: Day | None = None, last: Day | None = None) -> Any:
    import pyarrow as pa

    tables = list(_tables(name, engine, first, last))
    return _frame(pa.concat_tables(tables) if tables else schema(name).empty_table())


def _tables(
    name: Name, engine: sa.Engine | None, first: Day | None, last: Day | None
) -> Iterator["pa.Table"]:
    if name not in _STATEMENTS:
        raise InputError("name", name, f"one of {', '.join(_STATEMENTS)}")
    parameters = {} if name in ("weights", "games") else _parameters(first, last)
    engine = engine or ready_engine(get_settings())
    with (
        transaction(engine) as connection,
        arrow.reading(connection, load(_STATEMENTS[name]), parameters, schema(name)) as tables,
    ):
        yield from tables


def _parameters(first: Day | None, last: Day | None) -> dict[str, Any]:
    start, end = _day("first", first), _day("last", last)
    if end < start:
        raise InputError("last", str(last), f"a day not before {start}")
    day_start, day_end = day_bounds(start, end)
    return {"first_day": start, "last_day": end, "day_start": day_start, "day_end": day_end}


def _day(field: str, given: Day | None) -> dt.date:
    return parse_day(field, given.isoformat()[:10] if isinstance(given, dt.date) else str(given))


def _frame(table: "pa.Table") -> "pd.DataFrame":
    """Convert a table column by column, letting go of what is converted."""
    import pandas as pd
    import pyarrow as pa

    for place, column in enumerate(table.schema):
        if pa.types.is_decimal(column.type) or pa.types.is_date(column.type):
            plain = pa.timestamp("s") if pa.types.is_date(column.type) else pa.float64()
            table = table.set_column(place, column.name, table.column(place).cast(plain))
    types = {
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype("pyarrow"),
    }
    return table.to_pandas(types_mapper=types.get, split_blocks=True, self_destruct=True)
