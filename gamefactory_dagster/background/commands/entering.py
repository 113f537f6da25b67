"""``gamefactory jobs enqueue | cancel | retry``: entering jobs and telling their fate.

What belongs here: reading options, and saying what was done. What does not: doing it (``service.py``).
"""

import json
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ledger.commands.asking import say_who_works
from gamefactory_dagster.terminal import (
    AsJson,
    User,
    choice,
    counted,
    parse_duration,
    parse_values,
    progress,
    say,
    say_json,
)

from .sharing import TYPES, WhichJob, follow, own, serving, state_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from gamefactory_dagster.background.reading import Job

PRIORITIES = ("high", "low", "normal")

MOST = 10_000
"""Jobs one command enters."""

_SHOWN = 10
"""Jobs named that failed; all are counted."""


def enqueue(
    job_type: Annotated[str, typer.Argument(metavar="TYPE", help=f"What to do: {', '.join(TYPES)}.")],
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A parameter; JSON, else text. May be repeated."),
    ] = None,
    params: Annotated[
        str | None, typer.Option(metavar="JSON", help="Parameters as an object; --param is put over it.")
    ] = None,
    priority: Annotated[str, typer.Option(help="high, normal or low: which jobs it goes before.")] = "normal",
    delay: Annotated[
        str | None, typer.Option(metavar="TIME", help="Not before so long, such as 30s, 10m, 2h or 1d.")
    ] = None,
    unique: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Only where no job of yours of this type and key is open."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --unique: take the place of one that waits.")
    ] = False,
    count: Annotated[int, typer.Option(min=1, max=MOST, help="Enter as many of the same.")] = 1,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for their ends. Exit code 1 when any failed.")
    ] = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Enter a job. The running factory (gamefactory dev) takes it up within seconds.

    Types and their parameters: gamefactory jobs types

    Example: gamefactory jobs enqueue sample_task --param seconds=2 --wait
    """
    choice("--priority", priority, PRIORITIES)
    given = parameters(params, param or [])
    if replace and unique is None:
        raise InputError("--replace", True, "--unique KEY with it")
    if unique is not None and count > 1:
        raise InputError("--count", count, "1 with --unique: of the same jobs only one is open")
    later = None if delay is None else parse_duration("--delay", delay)

    from gamefactory_dagster.background.registry import registry

    registry().read(job_type, given)  # before there is a database

    from gamefactory_dagster.background.service import Order

    service, engine, owner = serving(user)
    how: dict[str, Any] = {"priority": priority, "on_conflict": "replace" if replace else "skip"}
    order = Order(job_type, given, user_id=owner, delay=later, unique_key=unique, **how)
    entered = service.create_jobs([order] * count)
    if not as_json:
        say(_entered_line(job_type, [(str(one.id), one.is_new) for one in entered]))
    if not wait:
        if as_json:
            say_json({"jobs": entered})
        elif count == 1:
            say(f"Follow it: gamefactory jobs show {str(entered[0].id)[:8]} --watch")
        return
    _wait_for(engine, owner, [one.id for one in entered], as_json)


def _wait_for(engine: "sa.Engine", owner: UUID, ids: list[UUID], as_json: bool) -> None:
    """Follow jobs to their ends and tell those; exit code 1 when any failed."""
    say_who_works("jobs")
    with progress("Jobs that have ended", len(ids), unit="jobs") as move:
        ended = follow(engine, owner, ids, lambda jobs: move(sum(job.is_over for job in jobs)))
    if as_json:
        say_json({"jobs": [job.told() for job in ended]})
    else:
        for line in _ended_lines(ended):
            say(line)
    if any(job.status == "failed" for job in ended):
        raise typer.Exit(1)


def parameters(whole: str | None, single: list[str]) -> dict[str, Any]:
    """Parameters from ``--params`` with those of ``--param`` over them; raises InputError."""
    try:
        found = json.loads(whole or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or whole == "":
        raise InputError("--params", whole, "an object in JSON, such as '{\"seconds\": 2}'")
    return {**found, **parse_values("--param", single, "seconds=2")}


def _entered_line(job_type: str, entered: list[tuple[str, bool]]) -> str:
    if len(entered) > 1:
        return f"{counted(len(entered), 'job')} of type {job_type} are in; the first is {entered[0][0]}."
    [(id_, is_new)] = entered
    return f"Job {id_} ({job_type}) is in." if is_new else f"The same job is in already: {id_}"


def _ended_lines(jobs: "list[Job]") -> list[str]:
    if len(jobs) == 1:
        [job] = jobs
        made = json.dumps(job.data_references, ensure_ascii=False)
        said = made if job.status == "completed" else job.error_message
        took = "" if job.seconds is None else f" after {job.seconds:,.1f} s"
        return [f"It {'was ' if job.state == 'cancelled' else ''}{job.state}{took}: {said}"]
    good = sum(job.status == "completed" for job in jobs)
    bad = [job for job in jobs if job.status == "failed"]
    return [
        f"{counted(good, 'job')} completed, {len(bad):,} not.",
        *(f"Job {job.id} {job.state}: {job.error_message}" for job in bad[:_SHOWN]),
    ]


def cancel(job: WhichJob, user: User = None, as_json: AsJson = False) -> None:
    """Cancel a job: one that waits ends at once; one at work is stopped by its worker within 5 seconds.

    Example: gamefactory jobs cancel latest
    """
    service, engine, owner = serving(user)
    id_ = own(engine, owner, job).id
    service.cancel_job(id_)
    found = own(engine, owner, str(id_))
    if as_json:
        say_json(found.told())
    elif found.is_over:
        say(f"Job {id_} is {state_of(found)}.")
    else:
        say(f"Job {id_} is asked to stop; its worker ends it within 5 seconds.")


def retry(job: WhichJob, user: User = None, as_json: AsJson = False) -> None:
    """Try a failed job anew: a new job with the same parameters, and the old one's dead letter goes.

    Example: gamefactory jobs retry 0b9c2f5e
    """
    service, engine, owner = serving(user)
    old = own(engine, owner, job)
    entered = service.retry_job(old.id)
    if as_json:
        say_json({"id": entered.id, "is_new": entered.is_new, "retry_of": old.id})
    elif entered.is_new:
        say(f"Job {entered.id} ({old.job_type}) is another try of {old.id}.")
    else:
        say(f"The same job is in already: {entered.id}")
