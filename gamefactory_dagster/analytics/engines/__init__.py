"""The daily metrics over the archive's files, by an engine that is not PostgreSQL.

What belongs here: running the portable statements (``sql/analytics/select_*.sql``) for a range of days, and
what each engine needs for it: a view over the files, its parameters, a function it lacks. What does not:
the statements, the files (``parquet.py``), what becomes of the rows (``archived_days.py``), and scores,
which are the database's.

Engines are extras: ``pip install 'gamefactory-dagster[duckdb]'`` or ``'gamefactory-dagster[spark]'``.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from gamefactory_dagster.days import day_range
from gamefactory_dagster.errors import InputError

from .base import PLAYER_DAY, Engine, Row

__all__ = ["ENGINES", "LOCAL_MASTER", "PLAYER_DAY", "Engine", "Row", "day_rows", "opened"]

CHUNK_DAYS = 16
"""Days an engine is given at a time."""

LOCAL_MASTER = "local[2]"
"""Where Spark computes when nothing else is said: two threads of this process's own JVM."""

OnDay = Callable[[int, int], None]
"""Called with the number of days done, each day counted twice, and the number there are."""

Opener = Callable[[str], AbstractContextManager[Engine]]


def _duckdb(master: str) -> AbstractContextManager[Engine]:
    from .duckdb import opened as begin

    return begin()


def _spark(master: str) -> AbstractContextManager[Engine]:
    from .spark import opened as begin

    return begin(master)


ENGINES: dict[str, Opener] = {"duckdb": _duckdb, "spark": _spark}


def opened(name: str, master: str = LOCAL_MASTER) -> AbstractContextManager[Engine]:
    """Open an engine; ``master`` is where Spark computes, as Spark takes it.

    Raises InputError for an engine there is not. In the block, PermanentError when what the engine needs is
    not installed or it cannot open a file, TransientError when its cluster is away.
    """
    if name not in ENGINES:
        raise InputError("engine", name, " or ".join(ENGINES))
    return ENGINES[name](master)


def day_rows(
    name: str,
    files: Sequence[str],
    first: dt.date,
    last: dt.date,
    on_day: OnDay | None = None,
    master: str = LOCAL_MASTER,
) -> list[Row]:
    """Metrics of the UTC days from ``first`` to ``last`` in the order of day and game, without scores.

    ``files``: URLs of Parquet files that hold all events up to the end of ``last``: who is a new player
    depends on every day before. Equal to what PostgreSQL computes from the same events.

    Raises what ``opened`` does.
    """
    with opened(name, master) as engine:
        engine.read(files)
        past = [day for day in engine.event_days() if day <= last]
        if not past:
            return []
        asked = day_range(max(past[0], first), last)
        done, total = 0, len(past) + len(asked)
        rows: list[Row] = []
        for chunk in _chunks(past):
            engine.add_player_days(chunk)
            done = _tell(on_day, done + len(chunk), total)
        for chunk in _chunks(asked):
            rows += engine.game_metrics(chunk)
            done = _tell(on_day, done + len(chunk), total)
    return sorted(rows, key=lambda row: (row["date"], row["game_id"]))


def _tell(on_day: OnDay | None, done: int, total: int) -> int:
    if on_day is not None:
        on_day(done, total)
    return done


def _chunks(days: list[dt.date]) -> Iterator[list[dt.date]]:
    return (days[start : start + CHUNK_DAYS] for start in range(0, len(days), CHUNK_DAYS))
