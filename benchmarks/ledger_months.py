"""Events of the ledger in one table, as they are, and in a table a month: why they are as they are.

CPU seconds of PostgreSQL, as a superuser and without policies, which cost both the same. The decision is
``docs/decisions/0007-events-in-one-table.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from benchmarks import ledger_rows
from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import console, measured, print_table

PAGES = 2_000
RUNS_ADDED = 500
EVENTS_ADDED = 26
"""A run, in one statement, as a game's are at most."""

_MONTHS = """
CREATE SCHEMA months;
CREATE TABLE months.jobs (LIKE ledger.jobs INCLUDING ALL);
INSERT INTO months.jobs TABLE ledger.jobs;
CREATE TABLE months.job_events (LIKE ledger.job_events INCLUDING DEFAULTS) PARTITION BY RANGE (created_at);
DO $$
BEGIN
    FOR month IN 1..13 LOOP
        EXECUTE format(
            'CREATE TABLE months.job_events_%s PARTITION OF months.job_events FOR VALUES FROM (%L) TO (%L)',
            month, timestamptz '2025-12-01' + make_interval(months => month),
            timestamptz '2026-01-01' + make_interval(months => month)
        );
    END LOOP;
END $$;
INSERT INTO months.job_events TABLE ledger.job_events;
ALTER TABLE months.job_events ADD PRIMARY KEY (id, created_at);
CREATE INDEX ON months.job_events (run_id, created_at, id);
ALTER TABLE months.job_events
    ADD FOREIGN KEY (run_id) REFERENCES months.jobs (run_id) ON DELETE CASCADE,
    ADD FOREIGN KEY (run_id, owner_id) REFERENCES months.jobs (run_id, owner_id) ON DELETE CASCADE;
ALTER TABLE ledger.job_events DISABLE TRIGGER USER;
"""

_PAGE = "SELECT * FROM {}.job_events WHERE run_id = %s ORDER BY created_at, id LIMIT 1001"
_ADD = """
INSERT INTO {}.job_events (run_id, bot_name, event_type, payload, owner_id, created_at)
SELECT run_id, 'system', 'note', '{{"message": "so it is"}}', owner_id, created_at + number * interval '1 ms'
FROM ledger.jobs CROSS JOIN generate_series(1, %s) AS number
WHERE run_id = %s
"""
_DELETE = """
DELETE FROM {}.jobs WHERE run_id IN (
    SELECT run_id FROM {}.jobs WHERE completed_at < '2026-02-01' ORDER BY completed_at LIMIT 200
)
"""
_SIZE = """
SELECT sum(pg_total_relation_size(oid)) / 1e6 FROM pg_class
WHERE relname ~ '^job_events(_[0-9]+)?$' AND relnamespace = %s::regnamespace AND relkind = 'r'
"""


@dataclass(frozen=True)
class Way:
    """One of the two, and how it empties a month."""

    name: str
    schema: str


WAYS = (Way("one table", "ledger"), Way("a table a month", "months"))


def main(runs: int) -> None:
    """Print the table."""
    with bench_factory(browser=False) as factory:
        ledger_rows.hurry(factory)
        ledger_rows.fill(factory, runs)
        with ledger_rows.superuser(factory.settings) as connection:
            connection.execute(_MONTHS)
            connection.execute("VACUUM ANALYZE months.jobs, months.job_events")
            some = "SELECT run_id FROM ledger.jobs ORDER BY run_id LIMIT %s"
            keys = [run for (run,) in connection.execute(some, [PAGES]).fetchall()]
            rows = [_row(factory, connection, way, keys) for way in WAYS]
        print_table(
            f"{runs:,} runs, {10 * runs:,} events: CPU ms of PostgreSQL, and MB",
            (
                "events in",
                "a run's page",
                f"{EVENTS_ADDED} events in",
                "a run of the oldest month out",
                "vacuum then, whole",
                "size",
            ),
            rows,
        )
        console.print(
            "A month's own table could be dropped instead, but its runs have to go one by one either way."
        )


def _row(factory: BenchFactory, connection: psycopg.Connection, way: Way, keys: list[str]) -> list[object]:
    def page() -> None:
        for key in keys:
            connection.execute(_PAGE.format(way.schema).encode(), [key])

    def add() -> None:
        for key in keys[:RUNS_ADDED]:
            connection.execute(_ADD.format(way.schema).encode(), [EVENTS_ADDED, key])

    gone = 0

    def delete() -> None:
        nonlocal gone
        while count := connection.execute(_DELETE.format(way.schema, way.schema).encode()).rowcount:
            gone += count

    page()
    [(megabytes,)] = connection.execute(_SIZE, [way.schema]).fetchall()
    pages, added, deleted = (_cpu(factory, work) for work in (page, add, delete))
    vacuum = _cpu(factory, lambda: connection.execute(f"VACUUM {way.schema}.job_events".encode()))
    return [
        way.name,
        pages / len(keys),
        added / RUNS_ADDED,
        deleted / gone,
        f"{vacuum:,.0f}",
        f"{megabytes:,.0f}",
    ]


def _cpu(factory: BenchFactory, work: Callable[[], object]) -> float:
    """Milliseconds."""
    with measured(factory.postmaster) as cost:
        work()
    return 1000 * cost.postgres
