"""Faults, tried many times: a job's worker killed with -9 anywhere, again and again until the job has ended.

What belongs here: one trial, and as many as are wanted. One of the tests tries a few; ``python -m
tests.replays.trials --times 100`` kills so often, on a database of its own.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from uuid import UUID

from gamefactory_dagster.database import server
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.settings import CHECKOUT, get_settings

from .site import Site

LINKS = 12
LONGEST = 0.6
"""Seconds from the beginning of a worker's work to its death, at most: longer than the work takes."""

_WORKER = """
import sys
from uuid import UUID
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.replays.working import work_at
from gamefactory_dagster.settings import get_settings

settings = get_settings()
engine = get_engine(settings)
engine.connect().close()
print("begins", flush=True)
work_at(engine, settings, UUID(sys.argv[1]), sys.argv[2])
"""


def trial(site: Site, rng: random.Random, *, team: bool) -> int:
    """One job, whose every worker but the last is killed somewhere; how many that were.

    Every link is counted once, and the report is of all of them.
    """
    first = rng.randrange(1, 10**9)
    links = [site.record(first + place, "Ann", f"Bob {place}") for place in range(LINKS - 1)]
    links.append(site.record(first + LINKS, content=b"<html>"))
    job = site.submit(*links, team="Owls" if team else None)
    kills, attempts = 0, 0
    while site.row(job).status not in ("COMPLETED", "FAILED"):
        if site.row(job).status == "AWAITING_CONFIRMATION":
            site.ask(lambda jobs: jobs.confirm(job, ["Ann"]))
        [wanted] = [one for one in site.tick().wanted if one.subject == str(job)]
        attempts += 1
        dies = rng.uniform(0, LONGEST) if attempts < 4 else None
        run = f"{job} {attempts}"
        kills += _worked(site, job, run, dies)
        site.board.put(run, "failed", key=wanted.run_key)
        site.let_run_out(job)
    row = site.row(job)
    assert (row.status, row.processed_urls, row.total_urls) == ("COMPLETED", LINKS, LINKS), row
    states = [state for state, _ in site.links(job)]
    assert states == ["done"] * (LINKS - 1) + ["failed"]
    [player] = site.report(job).players
    assert (player.name, player.matches.won, player.matches.n) == ("Ann", LINKS - 1, LINKS - 1)
    return kills


def _worked(site: Site, job: UUID, run: str, dies: float | None) -> int:
    """Let a worker begin, and die after so many seconds; whether it was killed at work."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAMEFACTORY_")}
    environment |= {
        "GAMEFACTORY_HOME": str(site.settings.home),
        "DATABASE_URL": str(site.settings.database_url or ""),
    }
    command = [sys.executable, "-c", _WORKER, str(job), run]
    worker = subprocess.Popen(
        command, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert worker.stdout is not None
    with worker, worker.stdout:
        assert worker.stdout.readline() == b"begins\n"
        try:
            worker.wait(dies)
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
            return 1
    return 0


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="gamefactory-trials-") as folder:
        os.environ |= {"GAMEFACTORY_HOME": folder}
        get_settings.cache_clear()
        settings = get_settings()
        ready_engine(settings)
        kills, jobs, rng = 0, 0, random.Random()
        try:
            site = Site(settings, get_engine(settings))
            while kills < times:
                kills += trial(site, rng, team=bool(jobs % 2))
                jobs += 1
                _forget_limit(site)
                sys.stdout.write(json.dumps({"jobs": jobs, "kills": kills}) + "\n")
                sys.stdout.flush()
        finally:
            site.engine.dispose()
            server.stop(settings)


def _forget_limit(site: Site) -> None:
    """Let there be more jobs than somebody may submit in an hour."""
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE replays.jobs SET created_at = created_at - interval '1 hour'")


if __name__ == "__main__":
    _main()
