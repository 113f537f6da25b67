"""Dagster's share of a game against the floor: an empty job of twelve ops, run the same way."""

import json
import statistics

from benchmarks.factory import bench_factory, run_python
from benchmarks.measure import console, measured, print_table, spread
from gamefactory_dagster.production import dispatch

RUNS = 5


def main() -> None:
    """Print the table. Both jobs start in a fresh interpreter, in process, on PostgreSQL storage."""
    empty, share, empty_pg, game_pg = [], [], [], []
    with bench_factory(browser=False) as factory:
        batch = factory.submit(RUNS, seed=7)
        dispatch.plan_next(factory.engine, factory.settings)
        run_python(factory, "benchmarks.run_job", "empty")
        for game in factory.games(batch):
            with measured(factory.postmaster) as cost:
                empty.append(_report(run_python(factory, "benchmarks.run_job", "empty"))["cpu"])
            empty_pg.append(cost.postgres)
            with measured(factory.postmaster) as cost:
                report = _report(run_python(factory, "benchmarks.run_job", "make_game", str(game)))
            share.append(report["cpu"] - report["inside"])
            game_pg.append(cost.postgres)
    floor = statistics.median(empty)
    ratio = statistics.median(share) / floor
    print_table(
        f"Dagster's overhead, {RUNS} runs each, CPU seconds: median (range)",
        ("run", "process", "PostgreSQL", "to the floor"),
        [
            ("twelve empty ops (floor)", spread(empty), spread(empty_pg), "1.00"),
            (
                "a game, without what its steps do",
                spread(share),
                f"{spread(game_pg)} with the steps'",
                f"{ratio:.2f}",
            ),
        ],
    )
    console.print("Both include starting the interpreter and importing Dagster.")


def _report(line: str) -> dict[str, float]:
    report: dict[str, float] = json.loads(line)
    if not report["ok"]:
        raise SystemExit("the run failed")
    return report
