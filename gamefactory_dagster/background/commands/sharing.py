"""What the commands about background jobs share: options, the service, following a job, how a state looks."""

import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from gamefactory_dagster.errors import InputError, TransientError
from gamefactory_dagster.ledger.commands.asking import asking
from gamefactory_dagster.terminal import in_colour, moment

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.text import Text

    from gamefactory_dagster.background.reading import Job
    from gamefactory_dagster.background.service import JobQueueService

TYPES = sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parents[1] / "types")]))
"""Names of the types, by their files: help must not wait for what they import."""

WhichJob = Annotated[
    str, typer.Argument(metavar="JOB", help="A job's id, its first characters, or 'latest'.")
]
OfType = Annotated[
    str | None, typer.Option("--type", metavar="TYPE", help=f"Only jobs of this type: {', '.join(TYPES)}.")
]

LOOK_SECONDS = 0.5
GONE_SECONDS = 60
"""How long who follows a job waits for a database that went away."""

_COLOURS = {
    "completed": "green",
    "failed": "red",
    "cancelled": "yellow",
    "asked to stop": "yellow",
    "tried again at": "yellow",
    "waiting": "dim",
    "waits until": "dim",
}


def serving(user: str | None) -> "tuple[JobQueueService, sa.Engine, UUID]":
    """The service of jobs, its database, and who asks."""
    engine, owner = asking(user)

    from gamefactory_dagster.background.service import JobQueueService
    from gamefactory_dagster.settings import get_settings

    return JobQueueService(engine, get_settings()), engine, owner


def own(engine: "sa.Engine", owner: UUID, wanted: str) -> "Job":
    """The job of this owner's that is meant; raises InputError."""
    from gamefactory_dagster.background.reading import find_job
    from gamefactory_dagster.ledger.access import owners_view

    with owners_view(engine, owner) as connection:
        return find_job(connection, wanted)


def follow(
    engine: "sa.Engine", owner: UUID, ids: Sequence[UUID], tell: "Callable[[list[Job]], None]"
) -> "list[Job]":
    """Look at jobs until all are over, and ``tell`` of them each time; gives them without their logs.

    A database that goes away is waited for; TransientError when it does not come back.
    """
    from gamefactory_dagster.background import reading
    from gamefactory_dagster.ledger.access import owners_view

    found: dict[UUID, Job] = {}
    seen = monotonic()
    while True:
        going_on = [id_ for id_ in ids if id_ not in found or not found[id_].is_over]
        try:
            with owners_view(engine, owner) as connection:
                page = reading.jobs(connection, ids=going_on, limit=len(going_on))
            seen = monotonic()
        except TransientError:  # the server may be starting again
            if monotonic() - seen > GONE_SECONDS:
                raise
        else:
            found |= {job.id: job for job in page.rows}
            if gone := [id_ for id_ in ids if id_ not in found]:
                raise InputError("job", str(gone[0]), reading.A_JOB)
            tell(list(found.values()))
            if all(job.is_over for job in found.values()):
                return [found[id_] for id_ in ids]
        sleep(LOOK_SECONDS)


def state_of(job: "Job") -> str:
    """What has become of a job, in words."""
    return job.state if job.until is None else f"{job.state} {moment(job.until)}"


def coloured(job: "Job") -> "Text":
    """The same in a colour."""
    return in_colour(state_of(job), _COLOURS.get(job.state, "cyan"))
