"""``gamefactory jobs list | show | stats | types``: what there is, and how it is doing.

What belongs here: reading options, and how answers look on a terminal. What does not: any question to the
database (``reading.py``, ``overview.py``).
"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.ledger.commands.asking import (
    After,
    Limit,
    asking,
    say_who_works,
    seconds_of,
    short,
    tell_next,
)
from gamefactory_dagster.terminal import (
    AsJson,
    User,
    Watch,
    choice,
    console,
    counted,
    moment,
    say,
    say_aside,
    say_json,
    show,
    table,
)

from .sharing import TYPES, OfType, WhichJob, coloured, follow, own, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from gamefactory_dagster.background.kinds import Kind
    from gamefactory_dagster.background.overview import Overview
    from gamefactory_dagster.background.reading import Job


def list_(
    status: Annotated[
        str | None, typer.Option(help="Only jobs that are pending, processing, completed or failed.")
    ] = None,
    job_type: OfType = None,
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List your jobs, newest first.

    Example: gamefactory jobs list --status failed --type export_game
    """
    from gamefactory_dagster.background import reading
    from gamefactory_dagster.database.paging import parse_uuid_key
    from gamefactory_dagster.database.tables.background import STATUSES
    from gamefactory_dagster.ledger.access import owners_view

    choice("--status", status, STATUSES)
    choice("--type", job_type, TYPES)
    if after is not None:
        parse_uuid_key(after)
    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        page = reading.jobs(connection, status=status, job_type=job_type, after=after, limit=limit)
    if as_json:
        say_json({"jobs": [job.told() for job in page.rows], "after": page.after})
        return
    rows = [
        (
            short(str(job.id)),
            coloured(job),
            job.job_type,
            moment(job.created_at),
            seconds_of(job.seconds),
            job.retry_count,
            job.error_message,
        )
        for job in page.rows
    ]
    columns = ("job", "state", "type", "entered (UTC)", "seconds", "retries", "error")
    filtered = status or job_type or after
    show(
        table(columns, rows, numbers=("seconds", "retries")),
        "There is no such job of yours." if filtered else "You have no job yet.",
    )
    tell_next(page)


def show_(
    job: WhichJob = "latest",
    watch: Watch = False,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """Show a job: its state, parameters and times, what it made or what went wrong, and what it said.

    Example: gamefactory jobs show latest --watch
    """
    from gamefactory_dagster.background import reading
    from gamefactory_dagster.ledger.access import owners_view

    engine, owner = asking(user)
    found = own(engine, owner, job)
    if watch and not found.is_over:
        say_who_works("jobs")
        follow(engine, owner, [found.id], _teller())
        found = own(engine, owner, str(found.id))
    with owners_view(engine, owner) as connection:
        runs = reading.runs(connection, found)
    if as_json:
        say_json(found.told() | {"runs": runs})
    else:
        for line in job_lines(found, runs):
            say(line)
    if watch and found.status == "failed":
        raise typer.Exit(1)


def _teller() -> Any:
    """What says aside each new state of a job."""
    told: list[str] = []

    def tell(jobs: "list[Job]") -> None:
        state = state_of(jobs[0])
        if told[-1:] != [state]:
            told.append(state)
            say_aside(f"{moment(jobs[0].seen_at)}  {state}")

    return tell


def job_lines(job: "Job", runs: "Sequence[str]" = ()) -> list[str]:
    """All there is to say of a job, at the end what it said; ``runs``: the ledger's that tell of it."""
    context, trace = job.where_wrong
    times = {"entered": job.created_at, "started": job.started_at, "ended": job.completed_at}
    said = ", ".join(f"{word} {moment(when)}" for word, when in times.items() if when is not None)
    took = "" if job.seconds is None else f", {job.seconds:,.1f} s"
    more = [
        f"Tries that failed: {job.retry_count:,}" if job.retry_count else "",
        f"Key: {job.unique_key}" if job.unique_key else "",
        f"Another try of: {job.retry_of}" if job.retry_of else "",
        f"Tried anew as: {job.retried_as}" if job.retried_as else "",
        "Its message is among the dead letters: gamefactory jobs dead" if job.is_dead_letter else "",
        f"Error: {job.error_type}: {job.error_message}" if job.error_type or job.error_message else "",
        f"Context: {_json(context)}" if context else "",
        f"Made: {_json(job.data_references)}" if job.data_references else "",
        *(f"In the ledger: gamefactory runs show {run}" for run in runs),
    ]
    return [
        f"Job {job.id}: {job.job_type}, {state_of(job)}{took}",
        f"Times: {said} (UTC); priority {job.priority}",
        f"Parameters: {_json(job.job_parameters)}",
        *filter(None, more),
        *(["It said:", job.log.rstrip("\n")] if job.log else []),
        *(["Where it went wrong:", trace.rstrip("\n")] if trace else []),
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def stats(as_json: AsJson = False) -> None:
    """Show the queue in numbers, everybody's jobs together: depth, age, speed, and what ails it.

    Example: gamefactory jobs stats --json
    """
    from gamefactory_dagster.background.overview import overview
    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    with transaction(ready_engine(settings)) as connection:
        found = overview(connection, settings.job_queue)
    if as_json:
        say_json(found)
    else:
        console().print(stats_table(found))


def stats_table(found: "Overview") -> "Table":
    """The numbers of the queue; the day's steps are for scripts and the picture."""
    waiting = ", ".join(f"{number:,} {priority}" for priority, number in found.waiting.items())
    oldest = found.oldest_transaction
    rows = [
        ("waiting", f"{sum(found.waiting.values()):,} ({waiting})"),
        ("oldest of them", None if found.oldest_seconds is None else f"{found.oldest_seconds:,.0f} s"),
        ("not due yet", found.not_due),
        ("at work", found.at_work),
        ("ended within the hour", f"{found.completed_hour:,} completed, {found.failed_hour:,} failed"),
        ("ended within the day", f"{found.completed_day:,} completed, {found.failed_day:,} failed"),
        ("tries after the first", found.retries),
        ("dead letters", found.dead_letters),
        ("dead tuples", ", ".join(f"{dead:,} in {name}" for name, dead in found.dead_tuples.items() if dead)),
        (
            "oldest transaction",
            None
            if oldest is None
            else f"{oldest.seconds:,.0f} s, {oldest.state}, process {oldest.pid}: {oldest.what}",
        ),
    ]
    return table(("what", "how much"), rows, title="Background jobs")


def types_(as_json: AsJson = False) -> None:
    """List the types of jobs: what each does, its parameters and its limits.

    Example: gamefactory jobs types
    """
    from gamefactory_dagster.background.registry import registry

    kinds = list(registry().values())
    if as_json:
        say_json({"types": [_told(kind) for kind in kinds]})
        return
    for kind in kinds:
        say(f"{kind.name}: {kind.summary}")
        for line in kind_lines(kind):
            say(f"  {line}")


def kind_lines(kind: "Kind[Any]") -> list[str]:
    """A type's parameters and limits."""
    schema = kind.parameters.model_json_schema()
    needed = schema.get("required", [])
    parameters = [
        f"{name}: {takes(one)}" + ("; needed" if name in needed else f"; default {_json(one.get('default'))}")
        for name, one in schema.get("properties", {}).items()
    ]
    again = counted(kind.retries, "retry", "retries")
    limits = f"a try has {kind.timeout:,.0f} s and {kind.memory_mb:,} MB; {again}"
    limits += "; has a run to itself" if kind.alone else ""
    return [*(parameters or ["no parameters"]), limits]


def takes(schema: dict[str, Any]) -> str:
    """What a parameter may be, in words, from its JSON schema."""
    if "anyOf" in schema:
        return " or ".join(takes(one) for one in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    found = str(schema.get("format") or schema.get("type") or "object").replace("null", "nothing")
    for least, most, unit in _RANGES:
        if least in schema and most in schema:
            found += f" from {schema[least]:,} to {schema[most]:,}{unit}"
        elif least in schema or most in schema:
            word = "at least" if least in schema else "at most"
            found += f" of {word} {schema.get(least, schema.get(most)):,}{unit}"
    return found


_RANGES = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
)


def _told(kind: "Kind[Any]") -> dict[str, Any]:
    return {
        "name": kind.name,
        "summary": kind.summary,
        "parameters": kind.parameters.model_json_schema(),
        "example": dict(kind.example),
        "timeout_seconds": kind.timeout,
        "retries": kind.retries,
        "memory_mb": kind.memory_mb,
        "alone": kind.alone,
    }
