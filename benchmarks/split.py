"""What a game costs, by kind of work: all twelve steps in this process, no Dagster."""

import statistics
from collections import defaultdict
from collections.abc import Callable

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import Cost, console, measured, print_table
from gamefactory_dagster.production import dispatch, worker
from gamefactory_dagster.production.steps import StepJob, StepResult
from gamefactory_dagster.studio.providers import embedded

KINDS = {
    "design": (1, 2, 3, 4, 5),
    "levels": (6, 9),
    "art and sound": (7,),
    "checks": (8, 10),
    "build and publish": (11, 12),
}
"""Kind of work -> numbers of the steps that do it."""

GAMES = 6


def main() -> None:
    """Print the table, over games of all families."""
    with bench_factory(browser=True) as factory:
        browser = "in Chromium" if factory.settings.chromium else "without a browser"
        batch = factory.submit(GAMES + 1, seed=2026)
        dispatch.plan_next(factory.engine, factory.settings)
        warm, *games = factory.games(batch)
        shop = worker.Workshop(factory.engine, factory.settings, embedded(factory.settings))
        _make(factory, shop, warm)
        costs = [_make(factory, shop, game) for game in games]
    rows = []
    for kind in [*KINDS, "database and repository", "whole game"]:
        cpu = [cost[kind].cpu for cost in costs]
        wall = [cost[kind].wall for cost in costs]
        rows.append(
            (kind, statistics.median(cpu), min(cpu), max(cpu), statistics.median(wall), min(wall), max(wall))
        )
    header = ("seconds a game", "CPU median", "least", "most", "wall median", "least", "most")
    print_table(f"A game's twelve steps, {GAMES} games, checked {browser}", header, rows)
    console.print("CPU counts this process, the browser and PostgreSQL.")


def _make(factory: BenchFactory, shop: worker.Workshop, game: object) -> dict[str, Cost]:
    """Make one game; kind -> cost. What is not in a step's own function is database and repository."""
    costs: dict[str, Cost] = defaultdict(Cost)
    timed = {number: _timed(run, number, costs, factory) for number, run in worker.RUN.items()}
    original, worker.RUN = worker.RUN, timed
    try:
        with measured(factory.postmaster) as whole:
            for number in timed:
                worker.perform(shop, game, number, str(game))
    finally:
        worker.RUN = original
    steps = Cost()
    for cost in list(costs.values()):
        _add(steps, cost)
    costs["database and repository"] = Cost(
        whole.own - steps.own,
        whole.children - steps.children,
        whole.postgres - steps.postgres,
        whole.wall - steps.wall,
    )
    costs["whole game"] = whole
    return costs


def _timed(
    run: Callable[[StepJob], StepResult], number: int, costs: dict[str, Cost], factory: BenchFactory
) -> Callable[[StepJob], StepResult]:
    kind = next(kind for kind, numbers in KINDS.items() if number in numbers)

    def timed(job: StepJob) -> StepResult:
        with measured(factory.postmaster) as cost:
            result = run(job)
        _add(costs[kind], cost)
        return result

    return timed


def _add(total: Cost, cost: Cost) -> None:
    total.own += cost.own
    total.children += cost.children
    total.postgres += cost.postgres
    total.wall += cost.wall
