"""``gamefactory metrics``: compute days and get the numbers out.

What belongs here: reading options, showing progress, printing. What does not: computing (``rollup.py``),
which days are due (``late.py``), formats (``export.py``).
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gamefactory_dagster.analytics import export as exports
from gamefactory_dagster.analytics.late import due_days
from gamefactory_dagster.analytics.rollup import Computed
from gamefactory_dagster.analytics.rollup import refresh as compute
from gamefactory_dagster.analytics.scoring import Scoring
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.days import day_range, today
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import Settings, get_settings

from .show import console


class Format(StrEnum):
    """What ``export`` writes."""

    csv = "csv"
    json = "json"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else, for scripts.")]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First UTC day, such as 2026-03-01.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last UTC day. Default: today.")]


def refresh(
    day: Annotated[
        list[str] | None, typer.Option("--day", metavar="DAY", help="A UTC day; may be repeated.")
    ] = None,
    first: From = None,
    last: To = None,
    as_json: AsJson = False,
) -> None:
    """Compute days from their raw events: player_days, game_metrics, scores. Safe to repeat, in any order.

    Days whose metrics depend on what changes are computed as well. Without options: every day whose events
    changed since it was computed, up to today.

    Example: gamefactory metrics refresh --from 2026-01-01 --to 2026-03-31
    """
    settings = get_settings()
    asked = asked_days(day or [], first, last, settings)
    engine = ready_engine(settings)
    if asked is None:
        with transaction(engine) as connection:
            asked = due_days(connection, settings.first_day, today())
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=as_json or not console.is_terminal,
    ) as progress:
        task = progress.add_task("player days, then metrics", total=2 * len(asked))
        computed = compute(
            engine,
            asked,
            Scoring.of(settings),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        typer.echo(json.dumps(asdict(computed), default=str))
    else:
        console.print(_summary(computed), highlight=False)


def asked_days(
    days: list[str], first: str | None, last: str | None, settings: Settings
) -> list[dt.date] | None:
    """The days the options name, in order; None when they name none. Raises InputError."""
    earliest, latest = settings.first_day, today()
    if days and (first or last):
        raise InputError("--day", ", ".join(days), "either --day or --from and --to")
    if last and not first:
        raise InputError("--to", last, "--from with it")
    if first:
        start = parse_day("--from", first, earliest, latest)
        end = parse_day("--to", last or f"{latest}", earliest, latest)
        if end < start:
            raise InputError("--to", last, f"a day not before --from {start}")
        return day_range(start, end)
    return sorted({parse_day("--day", text, earliest, latest) for text in days}) or None


def export(
    format: Annotated[Format, typer.Option(help="csv has a line of column names, json is one list.")],
    first: From = None,
    last: To = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write, replaced when all is written. Default: stdout.")
    ] = None,
) -> None:
    """Write the daily metrics of all games, ordered by day and game.

    Example: gamefactory metrics export --format csv --from 2026-03-01 --output march.csv
    """
    start = parse_day("--from", first, dt.date.min, dt.date.max) if first else dt.date.min
    end = parse_day("--to", last, dt.date.min, dt.date.max) if last else dt.date.max
    with transaction(ready_engine(get_settings())) as connection, opened(output) as stream:
        rows = exports.export(connection, stream, format.value, start, end)
    if output is not None:
        console.print(f"{rows:,} rows are in {output}.", highlight=False)


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file beside ``output`` that takes its place at the end."""
    if output is None:
        yield sys.stdout
        return
    draft = output.with_name(f"{output.name}.part")
    try:
        with draft.open("w", encoding="utf-8") as stream:
            yield stream
        draft.replace(output)
    except OSError as error:
        raise InputError("--output", str(output), f"a file that can be written ({error.strerror})") from error
    finally:
        draft.unlink(missing_ok=True)


def parse_day(option: str, text: str, earliest: dt.date, latest: dt.date) -> dt.date:
    """The day an option names; raises InputError unless it is one from ``earliest`` to ``latest``."""
    expected = f"a UTC day from {earliest} to {latest}, written like 2026-03-01"
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(option, text, expected) from None
    if not earliest <= day <= latest:
        raise InputError(option, text, expected)
    return day


def _summary(computed: Computed) -> str:
    if not computed.days:
        return "Every day is up to date."
    days = computed.days
    span = f"{days[0]}" if len(days) == 1 else f"{len(days):,} days from {days[0]} to {days[-1]}"
    return (
        f"Computed {span}: {computed.rows:,} rows of game_metrics, "
        f"{computed.changed:,} of them changed, and {computed.scored:,} scores."
    )
