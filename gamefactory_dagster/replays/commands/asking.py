"""What the commands about replay jobs share: options, whose a job is, how one looks.

What belongs here: what more than one command needs. What does not: doing anything to a job.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from gamefactory_dagster.terminal import in_colour, moment

if TYPE_CHECKING:
    from rich.text import Text

    from gamefactory_dagster.database.tables.replays import Job
    from gamefactory_dagster.replays.service import ReplayJobs

T = TypeVar("T")

WhichJob = Annotated[str, typer.Argument(metavar="JOB", help="A replay job's id, or 'latest'.")]
Links = Annotated[
    list[str] | None,
    typer.Argument(metavar="LINK", help="Such as https://www.duelingbook.com/replay?id=123456."),
]

_COLOURS = {"COMPLETED": "green", "FAILED": "red", "CANCELLED": "yellow", "AWAITING_CONFIRMATION": "magenta"}


def ask(user: str | None, question: "Callable[[ReplayJobs], Awaitable[T]]") -> T:
    """Put a question to the jobs of a user, by default the settings'."""
    from gamefactory_dagster.database.engine import connected
    from gamefactory_dagster.ledger.commands.asking import asking
    from gamefactory_dagster.replays.service import ReplayJobs
    from gamefactory_dagster.settings import get_settings

    _, owner = asking(user)  # which also has the database be there

    async def put() -> T:
        async with connected(get_settings()) as engine:
            return await question(ReplayJobs(engine, get_settings(), user=str(owner)))

    return asyncio.run(put())


async def find(jobs: "ReplayJobs", wanted: str) -> "Job":
    """The job that is meant; raises InputError."""
    from gamefactory_dagster.errors import InputError
    from gamefactory_dagster.replays.service import A_JOB

    if wanted != "latest":
        return await jobs.job(wanted)
    page = await jobs.jobs(limit=1)
    if not page.rows:
        raise InputError("job", wanted, f"{A_JOB}; there is none yet")
    return page.rows[0]


def told(job: "Job") -> dict[str, Any]:
    """A job as scripts read it: the document's columns, and whose matches it is about."""
    names = (
        *("id", "job_type", "status", "urls", "team_data", "total_urls", "processed_urls", "error_message"),
        *("shareable_id", "is_public", "started_at", "completed_at", "created_at", "updated_at"),
        *("player", "report_url"),
    )
    return {name: getattr(job, name) for name in names}


def coloured(state: str) -> "Text":
    """A state in its colour."""
    return in_colour(state, _COLOURS.get(state, "cyan"))


def lines(job: "Job") -> list[str]:
    """What there is to say of a job."""
    more = [
        f"Player: {job.player}" if job.player else "",
        f"Failed: {job.error_message}" if job.error_message else "",
        f"Began (UTC): {moment(job.started_at)}" if job.started_at else "",
        f"Ended (UTC): {moment(job.completed_at)}" if job.completed_at else "",
        f"Shared: /shared/{job.shareable_id}" if job.is_public else "",
    ]
    return [
        f"Replay job {job.id}: {job.status}",
        f"{job.job_type}, {job.processed_urls} of {job.total_urls} links done",
        *filter(None, more),
        *filter(None, [_next_step(job)]),
    ]


def _next_step(job: "Job") -> str:
    match job.status:
        case "AWAITING_CONFIRMATION":
            return f"Say who plays for the team: gamefactory replays players {job.id}"
        case "COMPLETED":
            return f"Read it: gamefactory replays report {job.id} --output report.html"
        case "PENDING" | "RUNNING":
            return f"Follow it: gamefactory replays status {job.id} --watch"
    return ""
