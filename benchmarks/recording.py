"""What telling the ledger of a game costs, in CPU of this process and PostgreSQL, against making the game.

Games differ by more than it costs. So what the worker tells of each is kept while it is made, and told again
many times under other runs: in transactions as the worker's, in turn with the same transactions left empty.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import measured, print_table, spread
from gamefactory_dagster.ledger.access import as_service
from gamefactory_dagster.production import dispatch, worker
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.studio.providers import embedded

GAMES = 5
ROUNDS = 8
AT_ONCE = 5
"""Recordings of a game that make one figure: PostgreSQL's clock counts hundredths of a second."""

TARGET = 0.03
RUN = "benchmark"
_TOLD = ("step_begun", "step_ended", "keep_games")
"""What the worker calls with a transaction; what it makes for them before is ``files_of``."""

Call = tuple[Callable[..., Any], tuple[Any, ...]]


def main() -> None:
    """Print the table."""
    with bench_factory(browser=False) as factory:
        shop = Workshop(factory.engine, factory.settings, embedded(factory.settings))
        batch = factory.submit(GAMES + 1, seed=7)
        dispatch.plan_next(factory.engine, factory.settings)
        rows, shares = [], []
        for number, game in enumerate(factory.games(batch)):
            _forget_prompts(factory)
            with _kept() as calls, measured(factory.postmaster) as making:
                for step in worker.RUN:
                    worker.perform(shop, game, step, RUN + str(game))
            if number == 0:  # warms up
                continue
            counts = _counts(factory, RUN + str(game))
            telling = [_extra(factory, calls, str(game)) for _ in range(ROUNDS)]
            share = [cost / making.cpu for cost in telling]
            shares.append(statistics.median(share))
            milliseconds = spread([1000 * cost for cost in telling])
            rows.append((f"game {number}", making.cpu, *counts, milliseconds, f"{shares[-1]:.2%}"))
        print_table(
            f"Telling of a game, {ROUNDS} times {AT_ONCE} recordings each, in pairs with empty transactions",
            ("", "CPU s of the game", "events", "artifacts", "prompts", "CPU ms of telling", "share"),
            [*rows, ("median", "", "", "", "", "", f"{statistics.median(shares):.2%}, may be {TARGET:.0%}")],
        )


@contextmanager
def _kept() -> Iterator[list[Call]]:
    """What the worker tells in the block, in its order; it is told as always."""
    calls: list[Call] = []

    def keeping(function: Callable[..., Any]) -> Callable[..., Any]:
        def kept(*arguments: Any) -> Any:
            calls.append((function, arguments))
            return function(*arguments)

        return kept

    before = {name: getattr(worker, name) for name in (*_TOLD, "files_of")}
    for name, function in before.items():
        setattr(worker, name, keeping(function))
    try:
        yield calls
    finally:
        for name, function in before.items():
            setattr(worker, name, function)


def _extra(factory: BenchFactory, calls: list[Call], game: str) -> float:
    """CPU seconds a recording beyond what the transactions cost without."""
    extra = 0.0
    for _ in range(AT_ONCE):
        for told in (True, False):
            _forget_prompts(factory)
            with measured(factory.postmaster) as cost:
                _tell(factory, calls, game, told=told)
            extra += cost.cpu if told else -cost.cpu
    return extra / AT_ONCE


def _tell(factory: BenchFactory, calls: list[Call], game: str, *, told: bool) -> None:
    run = uuid4().hex
    for function, arguments in calls:
        asked = [run if isinstance(given, str) and given == RUN + game else given for given in arguments]
        in_transaction = function.__name__ in _TOLD
        with factory.engine.begin() if in_transaction else nullcontext() as connection:
            if connection is not None:
                connection.execute(sa.text("SELECT 1"))
                asked[0] = connection
            if told:
                function(*asked)


def _forget_prompts(factory: BenchFactory) -> None:
    with factory.engine.begin() as connection, as_service(connection):
        connection.execute(sa.text("DELETE FROM ledger.prompts"))


def _counts(factory: BenchFactory, run: str) -> list[int]:
    with factory.engine.begin() as connection, as_service(connection):
        return [
            connection.scalar(
                sa.text(f"SELECT count(*) FROM ledger.{table} WHERE run_id = :run"), {"run": run}
            )
            for table in ("job_events", "artifacts")
        ] + [connection.scalar(sa.text("SELECT count(*) FROM ledger.prompts"))]
