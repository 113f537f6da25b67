"""Events a second into the real table, against COPY alone and what one would write first. CPU, then wall.

All ways store the same events of the generated log, each into an emptied table, in turn, several times over.
Ours takes NDJSON lines and does everything: rules, games, partitions, staging, foreign key, check, indexes.
The others are given rows that were parsed and judged before their clock starts.
"""

import gc
import json
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.log import add_games, lines
from benchmarks.measure import Cost, measured, print_table, spread
from gamefactory_dagster.analytics.events import Event
from gamefactory_dagster.analytics.ingest import CHUNK, judge, make_partitions, months, store_events
from gamefactory_dagster.analytics.rows import binary_copy
from gamefactory_dagster.database.tables.factory import AnalyticsEvent

ROUNDS = 5
MOST = 60_000
"""Events of the log that each way stores each time: more takes longer and tells nothing new."""

COLUMNS = "id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp"
EVENTS = "factory.analytics_events"
EMPTY = f"TRUNCATE {EVENTS}"

Way = Callable[[BenchFactory], None]


def main(events: int, days: int) -> None:
    """Print what each way costs, and what each part of ours costs in PostgreSQL."""
    log: list[bytes] = []
    for chunk in lines(events, days=days):
        log += chunk
        if len(log) >= MOST:
            break
    received_at = datetime.now(UTC)
    good = judge(log[:MOST], received_at).good
    ways = _ways(log[:MOST], good, received_at)
    with bench_factory(browser=False) as factory:
        add_games(factory.engine)
        with factory.engine.begin() as connection:
            make_partitions(connection, months(good))
            connection.execute(sa.text(f"CREATE TABLE bare (LIKE {EVENTS})"))
        gc.freeze()  # or every way would pay for looking through the others' rows
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                costs[name].append(_timed(factory, way))
        _print_ways(costs, len(good))
        _print_parts(factory, ways["ours, from lines"], len(good))


def _timed(factory: BenchFactory, way: Way) -> Cost:
    with measured(factory.postmaster) as cost:
        way(factory)
    with factory.engine.begin() as connection:
        connection.execute(sa.text(f"{EMPTY}, bare"))
    return cost


def _ways(log: list[bytes], good: list[Event], received_at: datetime) -> dict[str, Way]:
    def each(store: Callable[[sa.Connection, Any], object], data: Sequence[Any]) -> Way:
        def run(factory: BenchFactory) -> None:
            for low in range(0, len(data), CHUNK):
                with factory.engine.begin() as connection:
                    store(connection, data[low : low + CHUNK])

        return run

    rows = [_row(event) for event in good]
    tuples = [(*event[:6], event.properties, event.device_info, event.timestamp) for event in good]
    return {
        "COPY into a bare table": each(lambda connection, some: _copy(connection, "bare", some), good),
        "COPY into the real one": each(lambda connection, some: _copy(connection, EVENTS, some), good),
        "ours, from lines": each(store_events, log),
        "executemany": each(_executemany, tuples),
        "SQLAlchemy bulk insert": each(
            lambda connection, some: connection.execute(sa.insert(AnalyticsEvent), some), rows
        ),
    }


def _row(event: Event) -> dict[str, Any]:
    inside = {name: json.loads(getattr(event, name)) for name in ("properties", "device_info")}
    return event._asdict() | inside


def _copy(connection: sa.Connection, table: str, events: Sequence[Event]) -> None:
    with _driver(connection).cursor() as cursor:
        statement = f"COPY {table} ({COLUMNS}) FROM STDIN WITH (FORMAT binary)"
        with cursor.copy(statement.encode()) as copy:
            copy.write(binary_copy(events))


def _executemany(connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    statement = f"INSERT INTO {EVENTS} ({COLUMNS}) VALUES ({', '.join(['%s'] * 9)}) ON CONFLICT DO NOTHING"
    with _driver(connection).cursor() as cursor:
        cursor.executemany(statement.encode(), rows)


def _driver(connection: sa.Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _print_ways(costs: dict[str, list[Cost]], events: int) -> None:
    def micros(seconds: Sequence[float]) -> str:
        return spread([each / events * 1e6 for each in seconds])

    floor = statistics.median(cost.cpu for cost in costs["COPY into the real one"])
    print_table(
        f"{events:,} events, {ROUNDS} times, microseconds an event: median (range)",
        ("way", "CPU", "client", "PostgreSQL", "wall", "events a CPU second", "to COPY, real"),
        [
            (
                name,
                micros([cost.cpu for cost in each]),
                micros([cost.own for cost in each]),
                micros([cost.postgres for cost in each]),
                micros([cost.wall for cost in each]),
                f"{events / statistics.median(cost.cpu for cost in each):,.0f}",
                f"{statistics.median(cost.cpu for cost in each) / floor:.2f}",
            )
            for name, each in costs.items()
        ],
    )


def _print_parts(factory: BenchFactory, ours: Way, events: int) -> None:
    """Drop what a row has to pass, one after the other, until nothing but the row is left."""
    drops = [("everything", None), *_drops(factory)]
    rows = []
    for name, statement in drops:
        if statement:
            with factory.engine.begin() as connection:
                connection.execute(sa.text(statement))
        micros = [_timed(factory, ours).postgres / events * 1e6 for _ in range(ROUNDS)]
        rows.append((name if statement is None else f"without {name}", spread(micros)))
    print_table(
        "PostgreSQL's part of ours, each row also without what those above are", ("", "microseconds"), rows
    )


def _drops(factory: BenchFactory) -> list[tuple[str, str]]:
    """Foreign key, check, then the indexes, with the statement that drops each; the primary key stays."""
    with factory.engine.connect() as connection:
        constraints = connection.scalars(
            sa.text(
                "SELECT conname FROM pg_constraint"
                " WHERE conrelid = CAST(:table AS regclass) AND contype IN ('f', 'c') ORDER BY contype DESC"
            ),
            {"table": EVENTS},
        )
        drops = [(name, f"ALTER TABLE {EVENTS} DROP CONSTRAINT {name}") for name in constraints]
        indexes = connection.scalars(
            sa.text(
                "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                " WHERE indrelid = CAST(:table AS regclass) AND NOT indisprimary ORDER BY relname"
            ),
            {"table": EVENTS},
        )
        return drops + [(name, f"DROP INDEX factory.{name}") for name in indexes]
