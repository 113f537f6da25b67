"""Run all benchmarks, or those named: ``python -m benchmarks [split] [overhead] [batch]``.

``--events`` and ``--days`` size the generated log of those that use one, ``--games`` how many are made where
that is asked, ``--runs`` how many the ledger holds: it is meant for 500,000, which take minutes to fill.
``--minutes`` is how long an idle factory is looked at: two for its CPU, hours for its memory.
Background jobs are meant for ``--jobs 10000 --held 180``, with ``--peer`` the Python of an environment that
has procrastinate or pgqueuer.
"""

import argparse
import sys
from collections.abc import Callable

from benchmarks import (
    background,
    batch,
    busy,
    collector,
    idle,
    ingestion,
    learning,
    ledger,
    ledger_months,
    levels,
    overhead,
    recording,
    replays,
    requests,
    rollup,
    split,
    start_up,
    verifying,
    whole_games,
)
from benchmarks.measure import console

ALL: dict[str, Callable[[], None]] = {
    "split": split.main,
    "overhead": overhead.main,
    "recording": recording.main,
    "verifying": verifying.main,
    "batch": batch.main,
    "collector": collector.main,
    "learning": learning.main,
    "start_up": start_up.main,
    "levels": levels.main,
    "requests": requests.main,
    "replays": replays.main,
}

ON_A_LOG: dict[str, Callable[[int, int], None]] = {"ingestion": ingestion.main, "rollup": rollup.main}
"""Called with the log's number of events and of days."""

ON_GAMES: dict[str, Callable[[int], None]] = {"whole_games": whole_games.main, "busy": busy.main}
"""Called with the number of games."""


ON_RUNS: dict[str, Callable[[int], None]] = {"ledger": ledger.main, "ledger_months": ledger_months.main}
"""Called with the number of runs in the ledger."""

ON_JOBS: dict[str, Callable[[int, float, str], None]] = {"background": background.main}
"""Called with the number of jobs, the seconds a transaction is held open, and a peer's Python."""

FOR_MINUTES: dict[str, Callable[[int], None]] = {"idle": idle.main}
"""Called with how many minutes it looks on."""


def main() -> None:
    """Run them in order."""
    names = [*ALL, *ON_A_LOG, *ON_GAMES, *ON_RUNS, *ON_JOBS, *FOR_MINUTES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is timed, against what.")
    parser.add_argument("name", nargs="*", help=f"some of {', '.join(names)}; default all")
    parser.add_argument("--events", type=int, default=10_000_000, help="events in the generated log")
    parser.add_argument("--games", type=int, default=100, help="games that are made and played whole")
    parser.add_argument(
        "--runs", type=int, default=100_000, help="runs in the ledger, with ten times the events"
    )
    parser.add_argument("--minutes", type=int, default=2, help="minutes an idle factory is looked at")
    parser.add_argument("--days", type=int, default=60, help="days they are spread over")
    parser.add_argument(
        "--jobs", type=int, default=1000, help="background jobs entered and completed each way"
    )
    parser.add_argument(
        "--held", type=float, default=10.0, help="seconds a transaction is held open under load"
    )
    parser.add_argument("--peer", default=sys.executable, help="Python with procrastinate or pgqueuer")
    asked = parser.parse_args()
    if unknown := [name for name in asked.name if name not in names]:
        parser.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(names)}")
    for name in asked.name or names:
        console.rule(name)
        if name in ALL:
            ALL[name]()
        elif name in ON_GAMES:
            ON_GAMES[name](asked.games)
        elif name in ON_RUNS:
            ON_RUNS[name](asked.runs)
        elif name in FOR_MINUTES:
            FOR_MINUTES[name](asked.minutes)
        elif name in ON_JOBS:
            ON_JOBS[name](asked.jobs, asked.held, asked.peer)
        else:
            ON_A_LOG[name](asked.events, asked.days)


if __name__ == "__main__":
    main()
