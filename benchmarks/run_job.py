"""Run one job in this process as a run worker does, and print its CPU seconds and those inside our steps.

Usage: python -m benchmarks.run_job empty | make_game GAME_ID
"""

import json
import sys
import time

import dagster as dg

from gamefactory_dagster.production import defs
from gamefactory_dagster.production.lifecycle import STEPS


def _empty_op(number: int) -> dg.OpDefinition:
    @dg.op(
        name=STEPS[number],
        ins={"before": dg.In(dg.Nothing)} if number else {},
        out=dg.Out(dg.Nothing),
        config_schema={"game_id": str},
    )
    def nothing(_: dg.OpExecutionContext) -> None:
        return None

    return nothing


@dg.graph
def empty_graph() -> None:
    """Twelve ops that do nothing, chained as the game's are."""
    before = _empty_op(0)()
    for number in range(1, len(STEPS)):
        before = _empty_op(number)(before=before)


empty = empty_graph.to_job(name="empty", config=defs.one_game, executor_def=dg.in_process_executor)


def main() -> None:
    """Run the job named on the command line."""
    name, game = sys.argv[1], (sys.argv[2:] or ["none"])[0]
    inside = [0.0]
    perform = defs.perform

    def timed(*arguments: object) -> object:
        before = time.process_time()
        try:
            return perform(*arguments)  # type: ignore[arg-type]
        finally:
            inside[0] += time.process_time() - before

    defs.perform = timed  # type: ignore[assignment]
    job = dg.reconstructable(get_empty) if name == "empty" else dg.reconstructable(get_make_game)
    with dg.DagsterInstance.get() as instance:
        result = dg.execute_job(job, instance=instance, run_config={"game_id": game})
    print(json.dumps({"ok": result.success, "cpu": time.process_time(), "inside": inside[0]}))


def get_empty() -> dg.JobDefinition:
    """For ``reconstructable``."""
    return empty


def get_make_game() -> dg.JobDefinition:
    """For ``reconstructable``."""
    return defs.make_game


if __name__ == "__main__":
    main()
