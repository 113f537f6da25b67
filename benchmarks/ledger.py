"""What an owner's page of the ledger costs the server: our policies, the same written plainly, and none.

Server time is planning and execution as EXPLAIN ANALYZE has them, with what the statement reads in memory.
The statements are those of ``gamefactory_dagster/ledger/reading.py``; they do not say whose rows they want,
but where there is no policy and they have to.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks import ledger_rows
from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import console, print_table
from gamefactory_dagster.database.sql import load

TIMES = 20
PAGE = 50
DEEP = 0.9
"""How far down the list of an owner's runs the deep page is."""

TARGET_MS = 10

_PLAIN = {
    "ledger.caller(), a row": "owner_id = ledger.caller()",
    "auth.uid(), a row": "owner_id = auth.uid()",
}
"""The policy's text without the sub-select, and as document 002's examples have it."""

_ALTER = "ALTER POLICY {0}_read ON ledger.{0} USING ({1})"
_TABLES = ("jobs", "job_events", "artifacts")
_AS_OWNER = sa.text(
    "SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', :claims, true)"
)

_NTH = """
SELECT created_at::text AS moment, run_id FROM ledger.jobs WHERE owner_id = %s
ORDER BY created_at DESC, run_id DESC OFFSET %s LIMIT 1
"""
_SOME = """
SELECT run_id, owner_id FROM ledger.jobs
WHERE (project_spec ->> 'number')::int %% 5000 = %s ORDER BY 1 LIMIT %s
"""

Asked = dict[str, Any]

_CONTENT: Asked = {"checksums": ["0" * 64], "urls": []}
"""What ``runs verify-files`` asks about files that are not as they were: every artifact is looked at."""


@dataclass(frozen=True)
class Case:
    """A page: its statements, and of whom and of what it is asked, in turn."""

    name: str
    statements: Sequence[str]
    asked: Sequence[tuple[UUID, Asked]]


def main(runs: int) -> None:
    """Print the table, at a tenth of the rows and at all of them."""
    with bench_factory(browser=False) as factory:
        ledger_rows.hurry(factory)
        for size in (runs // 10, runs):
            begun = time.perf_counter()
            ledger_rows.fill(factory, size)
            filled = time.perf_counter() - begun
            counts = [ledger_rows.rows(factory.settings, table) for table in _TABLES]
            title = "{:,} runs, {:,} events, {:,} artifacts".format(*counts)
            cases = _cases(factory, size)
            print_table(
                f"{title}, {ledger_rows.OWNERS:,} owners: ms of server time, median (most) of {TIMES}",
                ("page", "ours", *_PLAIN, "no policy"),
                [(case.name, *_row(factory, case)) for case in cases],
            )
            console.print(f"Filled in {filled:.0f} s. A page may take {TARGET_MS} ms.")


def _cases(factory: BenchFactory, runs: int) -> list[Case]:
    most = ledger_rows.owner(0)
    others = [
        ledger_rows.owner(number) for number in range(1, ledger_rows.OWNERS, ledger_rows.OWNERS // TIMES)
    ]
    first = {"moment": "infinity", "id": "", "limit": PAGE + 1, "status": None, "kind": None}
    deep = int(runs * ledger_rows.SHARE_OF_ONE * DEEP)
    with ledger_rows.superuser(factory.settings) as connection:
        keys = [connection.execute(_NTH, [most, deep - number]).fetchall()[0] for number in range(TIMES)]
        long, short = (connection.execute(_SOME, [rest, TIMES]).fetchall() for rest in (0, 10))
    deeper = [first | {"moment": moment, "id": run} for moment, run in keys]
    parts = ["ledger/run", "ledger/events", "ledger/artifacts"]
    return [
        Case("runs of the one with most: first page", ["ledger/runs"], [(most, first)] * TIMES),
        Case(f"... page {deep // PAGE:,}", ["ledger/runs"], [(most, asked) for asked in deeper]),
        Case("... those that failed", ["ledger/runs"], [(most, first | {"status": "failed"})] * TIMES),
        Case("... of a kind there is not", ["ledger/runs"], [(most, first | {"kind": "batch"})] * TIMES),
        Case("runs of others: first page", ["ledger/runs"], [(owner, first) for owner in others]),
        Case("a game's run: 26 events, 20 artifacts", parts, [_run(*row) for row in short]),
        Case("a long run: 1,026 events, 120 artifacts", parts, [_run(*row) for row in long]),
        Case("a run by its id", ["ledger/run_named"], [(owner, {"wanted": run}) for run, owner in short]),
        Case("whose a file's content is: no index", ["ledger/artifacts_with"], [(most, _CONTENT)]),
    ]


def _run(run: str, owner: UUID) -> tuple[UUID, Asked]:
    beginning = {"moment": "-infinity", "id": str(UUID(int=0)), "limit": 1001}
    return owner, {"run": run, **beginning}


def _row(factory: BenchFactory, case: Case) -> list[str]:
    ways = [_measured(factory, case, None), *(_measured(factory, case, plain) for plain in _PLAIN.values())]
    return [_spread(times) for times in (*ways, _without(factory, case))]


def _measured(factory: BenchFactory, case: Case, policy: str | None) -> list[float]:
    """As the owner, under our policies or those written otherwise for this moment."""

    def prepare(connection: sa.Connection, owner: UUID) -> None:
        for table in _TABLES if policy else ():
            connection.exec_driver_sql(_ALTER.format(table, policy))
        connection.execute(_AS_OWNER, {"claims": f'{{"sub": "{owner}", "role": "authenticated"}}'})

    return _times(factory.engine, case, prepare, lambda text: text)


def _without(factory: BenchFactory, case: Case) -> list[float]:
    """As a superuser, who has to say whose rows are wanted."""
    everything = sa.create_engine(ledger_rows.superusers_url(factory.settings))
    try:
        return _times(everything, case, lambda connection, owner: None, _of_owner)
    finally:
        everything.dispose()


def _of_owner(text: str) -> str:
    return text.replace("WHERE ", "WHERE owner_id = :owner AND ").replace(
        "AND run_id = :wanted OR (", "AND (run_id = :wanted OR "
    )


def _times(
    engine: sa.Engine,
    case: Case,
    prepare: Callable[[sa.Connection, UUID], None],
    changed: Callable[[str], str],
) -> list[float]:
    texts = [changed(load(name)) for name in case.statements]
    with engine.connect() as connection:
        found = []
        for owner, asked in (case.asked[0], *case.asked):  # the first once more, to warm up
            with connection.begin() as transaction:
                prepare(connection, owner)
                found.append(sum(_explained(connection, text, {"owner": owner, **asked}) for text in texts))
                transaction.rollback()
    return found[1:]


def _explained(connection: sa.Connection, text: str, asked: Asked) -> float:
    explain = sa.text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}")
    [plan] = connection.execute(explain, asked).scalar_one()
    return float(plan["Planning Time"]) + float(plan["Execution Time"])


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} ({max(times):.2f})"
