"""``gamefactory replays status --watch``: following a job until it ends or waits for its team.

What belongs here: looking again, and showing how far it is. What does not: working at it.
"""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

import typer

from gamefactory_dagster.errors import TransientError
from gamefactory_dagster.ledger.commands.asking import say_who_works
from gamefactory_dagster.terminal import bar, say, say_json

from .asking import ask, find, lines, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from gamefactory_dagster.database.tables.replays import Job
    from gamefactory_dagster.replays.service import ReplayJobs

LOOK_SECONDS = 0.5
GONE_SECONDS = 60
"""How long who follows a job waits for a database that went away."""

RESTS = ("AWAITING_CONFIRMATION", "COMPLETED", "FAILED", "CANCELLED")
"""Where nothing happens any more, or not by itself."""


def follow_to_end(wanted: str, user: str | None, as_json: bool) -> None:
    """Follow a job, then tell how it stands; exit code 1 where it failed or was cancelled."""
    say_who_works("replay jobs")
    with bar(unit="links") as shown:
        task = shown.add_task("reading", total=None)

        def move(job: "Job") -> None:
            shown.update(
                task, description=job.status.lower(), total=job.total_urls, completed=job.processed_urls
            )

        job = ask(user, lambda jobs: _look(jobs, wanted, move))
    if as_json:
        say_json(told(job))
    else:
        for line in lines(job):
            say(line)
    if job.status in ("FAILED", "CANCELLED"):
        raise typer.Exit(1)


async def _look(jobs: "ReplayJobs", wanted: str, move: "Callable[[Job], None]") -> "Job":
    seen, id_ = monotonic(), ""
    while True:
        try:
            job = await find(jobs, id_ or wanted)
            seen, id_ = monotonic(), str(job.id)
            move(job)
            if job.status in RESTS:
                return job
        except TransientError:  # the server may be starting again
            if monotonic() - seen > GONE_SECONDS:
                raise
        await asyncio.sleep(LOOK_SECONDS)
