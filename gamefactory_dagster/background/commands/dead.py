"""``gamefactory jobs dead list | redrive | drop``: jobs that failed for good, whose messages are kept.

What belongs here: reading options, and how answers look. What does not: doing it (``service.py``).
"""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.commands.asking import After, Limit, asking, short, tell_next
from gamefactory_dagster.terminal import AsJson, User, choice, counted, moment, say, say_json, show, table

from .sharing import TYPES, OfType, own, serving

if TYPE_CHECKING:
    import sqlalchemy as sa

dead_app = typer.Typer(no_args_is_help=True, help="Jobs that failed for good: look at them, try them anew.")

Some = Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")]


@dead_app.command("list")
def list_(
    job_type: OfType = None,
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List your dead letters: jobs that failed and were neither tried anew nor dropped, newest first.

    Example: gamefactory jobs dead list --type export_game
    """
    choice("--type", job_type, TYPES)

    from gamefactory_dagster.background import reading
    from gamefactory_dagster.database.paging import parse_uuid_key
    from gamefactory_dagster.ledger.access import owners_view

    if after is not None:
        parse_uuid_key(after)
    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        page = reading.jobs(connection, job_type=job_type, dead=True, after=after, limit=limit)
    if as_json:
        say_json({"jobs": [job.told() for job in page.rows], "after": page.after})
        return
    rows = [
        (
            short(str(job.id)),
            job.job_type,
            None if job.completed_at is None else moment(job.completed_at),
            job.retry_count + 1,
            f"{job.error_type}: {job.error_message}",
        )
        for job in page.rows
    ]
    columns = ("job", "type", "failed (UTC)", "tries", "error")
    show(table(columns, rows, numbers=("tries",)), "There is no dead letter of yours.")
    tell_next(page)


@dead_app.command("redrive")
def redrive(
    jobs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[JOB]...", help="Ids or their first characters. Default: all of yours."),
    ] = None,
    job_type: OfType = None,
    limit: Some = 1000,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Try dead letters anew, those that failed first first: a new job each, with the same parameters.

    Example: gamefactory jobs dead redrive --type export_game
    """
    choice("--type", job_type, TYPES)
    if jobs and job_type is not None:
        raise InputError("--type", job_type, "either jobs by their ids or --type")
    service, engine, owner = serving(user)
    if jobs:
        entered = [service.retry_job(id_) for id_ in dead_ones(engine, owner, jobs)]
    else:
        entered = service.redrive(job_type=job_type, limit=limit, user_id=owner)
    if as_json:
        say_json({"jobs": entered})
    else:
        say(f"{counted(len(entered), 'dead letter')} tried anew.")


@dead_app.command("drop")
def drop(
    jobs: Annotated[
        list[str] | None, typer.Argument(metavar="[JOB]...", help="Ids or their first characters.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of yours, as far as --limit goes.")] = False,
    job_type: OfType = None,
    limit: Some = 1000,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Forget dead letters. The jobs stay failed, and can still be tried anew one by one.

    Example: gamefactory jobs dead drop --all --type sample_task
    """
    choice("--type", job_type, TYPES)
    if bool(jobs) == everything:
        raise InputError("JOB", jobs or None, "either jobs by their ids or --all")
    if jobs and job_type is not None:
        raise InputError("--type", job_type, "--all with it")
    service, engine, owner = serving(user)
    ids = dead_ones(engine, owner, jobs) if jobs else _dead_ids(engine, owner, job_type, limit)
    dropped = service.drop_dead(ids)
    if as_json:
        say_json({"dropped": dropped})
    else:
        say(f"{counted(dropped, 'dead letter')} dropped.")


def dead_ones(engine: "sa.Engine", owner: UUID, wanted: list[str]) -> list[UUID]:
    """Ids of the owner's dead letters that are meant; InputError where one is none."""
    found = {text: own(engine, owner, text) for text in wanted}
    for text, job in found.items():
        if not job.is_dead_letter:
            raise InputError("job", text, f"a dead letter of yours; this job is {job.state}")
    return list({job.id: None for job in found.values()})


def _dead_ids(engine: "sa.Engine", owner: UUID, job_type: str | None, limit: int) -> list[UUID]:
    from gamefactory_dagster.background import reading
    from gamefactory_dagster.ledger.access import owners_view

    with owners_view(engine, owner) as connection:
        page = reading.jobs(connection, job_type=job_type, dead=True, limit=limit)
    return [job.id for job in page.rows]
