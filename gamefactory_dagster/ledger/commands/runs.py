"""``gamefactory runs list | show | events | artifacts | prompts``: what is in the ledger.

What belongs here: reading options, and how answers look on a terminal. What does not: any question to the
ledger (``ledger/reading.py``).
"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.terminal import AsJson, User, choice, console, moment, say, say_json, show, table

from .asking import (
    After,
    Limit,
    WhichRun,
    asking,
    coloured,
    part_of_run,
    seconds_of,
    short,
    tell_next,
)

if TYPE_CHECKING:
    from rich.table import Table

    from gamefactory_dagster.ledger.reading import Event, Run, Summary
    from gamefactory_dagster.ledger.timeline import Step


def list_(
    status: Annotated[str | None, typer.Option(help="Only runs in this state.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only runs of this kind, such as game or import.")] = None,
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List your runs, newest first.

    Example: gamefactory runs list --status failed --kind game
    """
    from gamefactory_dagster.database.paging import parse_key
    from gamefactory_dagster.database.tables.ledger import STATUSES
    from gamefactory_dagster.ledger import reading
    from gamefactory_dagster.ledger.access import owners_view

    choice("--status", status, STATUSES)
    choice("--kind", kind, reading.KINDS)
    if after is not None:
        parse_key(after)
    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        page = reading.runs(connection, status=status, kind=kind, after=after, limit=limit)
    if as_json:
        say_json({"runs": page.rows, "after": page.after})
        return
    rows = [
        (
            short(run.run_id),
            coloured(run.status),
            run.kind,
            run.title,
            moment(run.created_at),
            seconds_of(run.seconds),
            run.error_message,
        )
        for run in page.rows
    ]
    columns = ("run", "state", "kind", "what", "began (UTC)", "seconds", "error")
    filtered = status or kind or after
    show(
        table(columns, rows, numbers=("seconds",)),
        "There is no such run of yours." if filtered else "You have no run yet.",
    )
    tell_next(page)


def show_(run: WhichRun = "latest", user: User = None, as_json: AsJson = False) -> None:
    """Show a run: its steps, how long each took, what went wrong; at the end its summary.

    Example: gamefactory runs show latest
    """
    from gamefactory_dagster.ledger import reading
    from gamefactory_dagster.ledger.access import owners_view
    from gamefactory_dagster.ledger.timeline import timeline

    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        run_id = reading.find_run(connection, run)
        found = reading.summary(connection, run_id)
        events = reading.events(connection, run_id)
    assert found is not None  # it was there a moment ago, and nobody else may remove it meanwhile
    steps = timeline(events.rows)
    if as_json:
        say_json({"run": found.run, "steps": steps, "summary": _summary(found)})
        return
    console().print(steps_table(found.run, steps))
    if events.after:
        say(f"These are the first {len(events.rows):,} events; all: gamefactory runs events {run_id[:8]}")
    for line in summary_lines(found):
        say(line)


def steps_table(run: "Run", steps: "list[Step]") -> "Table":
    """A run's steps in their order."""
    return table(
        ("step", "state", "began (UTC)", "seconds", "said"),
        [
            (
                step.bot,
                coloured(step.state),
                moment(step.started) if step.started else None,
                seconds_of(step.seconds),
                step.words or "; ".join(filter(None, step.notes)),
            )
            for step in steps
        ],
        numbers=("seconds",),
        title=f"{run.title}: {run.status}",
        caption=None if steps else "It has no steps.",
    )


def summary_lines(found: "Summary") -> list[str]:
    """What there is to say of a run at its end."""
    run = found.run
    took = "" if run.seconds is None else f", {run.seconds:,.1f} s"
    times = [f"{word} {moment(when)}" for word, when in _times(run) if when is not None]
    events = ", ".join(f"{number:,} {name}" for name, number in sorted(found.events.items()))
    kinds = ", ".join(f"{kind['files']:,} {name}" for name, kind in sorted(found.artifacts.items()))
    return [
        f"Run {run.run_id}: {run.kind or 'of no kind'}, {run.status}{took}",
        f"Times: {', '.join(times)} (UTC)",
        f"Events: {sum(found.events.values()):,} ({events or 'none'})",
        f"Artifacts: {found.files:,}, {found.size:,} bytes ({kinds or 'none'})",
        *([f"Error: {run.error_message}"] if run.error_message else []),
    ]


def _times(run: "Run") -> list[tuple[str, Any]]:
    return [("entered", run.created_at), ("started", run.started_at), ("ended", run.completed_at)]


def _summary(found: "Summary") -> dict[str, Any]:
    return {
        "status": found.run.status,
        "seconds": found.run.seconds,
        "events": found.events,
        "artifacts": found.artifacts,
        "files": found.files,
        "bytes": found.size,
    }


def events_(
    run: WhichRun = "latest",
    limit: Limit = 200,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List what the steps of a run said, in order: start, note, end, error.

    Example: gamefactory runs events latest --limit 20
    """
    from gamefactory_dagster.ledger import reading

    page = part_of_run(reading.events, run, limit, after, user)
    if as_json:
        say_json({"events": page.rows, "after": page.after})
        return
    rows = [
        (moment(event.created_at), event.bot_name, coloured(event.event_type), _said(event))
        for event in page.rows
    ]
    show(table(("at (UTC)", "by", "type", "said"), rows), "There is no such event.")
    tell_next(page)


def _said(event: "Event") -> str:
    return event.said("message") or json.dumps(event.payload, ensure_ascii=False)[:200]


def artifacts_(
    run: WhichRun = "latest",
    limit: Limit = 200,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List what a run made, in order: files, pictures, sounds, reports, builds.

    Example: gamefactory runs artifacts latest --json
    """
    from gamefactory_dagster.ledger import reading

    page = part_of_run(reading.artifacts, run, limit, after, user)
    if as_json:
        say_json({"artifacts": page.rows, "after": page.after})
        return
    rows = [
        (short(str(one.id)), one.kind, one.name, one.content_type, one.file_size, (one.checksum or "-")[:12])
        for one in page.rows
    ]
    columns = ("artifact", "kind", "name", "type", "bytes", "SHA-256")
    show(table(columns, rows, numbers=("bytes",)), "There is no such artifact.")
    tell_next(page)


def prompts_(
    category: Annotated[str | None, typer.Option(help="Only texts of this category, such as player.")] = None,
    context: Annotated[
        str | None, typer.Option(help="Only texts used there, such as 'title screen'.")
    ] = None,
    id_: Annotated[
        str, typer.Option("--id", help="Only texts whose id begins so, such as pearl-dash/.")
    ] = "",
    limit: Limit = 50,
    after: After = None,
    user: User = None,
    as_json: AsJson = False,
) -> None:
    """List the texts the factory sends to models or shows to players, by id.

    Example: gamefactory runs prompts --category store --id pearl-dash/
    """
    from gamefactory_dagster.ledger import reading
    from gamefactory_dagster.ledger.access import owners_view

    engine, owner = asking(user)
    with owners_view(engine, owner) as connection:
        if category is not None:
            choice("--category", category, reading.categories(connection))
        page = reading.prompts(
            connection, category=category, context=context, prefix=id_, after=after, limit=limit
        )
    if as_json:
        say_json({"prompts": page.rows, "after": page.after})
        return
    rows = [(prompt.id, prompt.category, prompt.context, prompt.prompt_text) for prompt in page.rows]
    show(table(("id", "category", "context", "text"), rows), "There is no such text.")
    tell_next(page)
