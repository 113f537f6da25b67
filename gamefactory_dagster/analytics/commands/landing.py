"""``gamefactory events landed``: what became of the files of the landing zone."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from gamefactory_dagster.analytics.landing import landed_files
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.database.migrations import ready_engine
from gamefactory_dagster.settings import get_settings

from .show import AsJson, console, harmless, moment


def landed(
    status: Annotated[
        str | None, typer.Option(help="Only files in this state: pending, running, completed or failed.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many, the newest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the files found in the landing zone, newest first, with the events each one brought.

    The folder is GAMEFACTORY_LANDING_URL, by default landing/ in the factory's home; a sensor looks there.
    A failed file is tried again when it changes (touch does) or when its run is executed again.

    Example: gamefactory events landed --status failed
    """
    settings = get_settings()
    with transaction(ready_engine(settings)) as connection:
        files = landed_files(connection, status=status, limit=limit)
    if as_json:
        typer.echo(json.dumps(files, indent=2, default=str))
    elif files:
        console.print(files_table(files))
    else:
        console.print(f"No such file has been found in {settings.landing}.", markup=False, soft_wrap=True)


def files_table(files: list[dict[str, Any]]) -> Table:
    """One row a file; its name came from outside."""
    table = Table("file", "found (UTC)", "state")
    for name in ("bytes", "stored", "duplicate", "quarantined"):
        table.add_column(name, justify="right")
    table.add_column("error")
    for file in files:
        numbers = [file[name] for name in ("size_bytes", "stored", "duplicate", "quarantined")]
        table.add_row(
            harmless(file["url"]),
            moment(file["found_at"]),
            file["status"],
            *("-" if number is None else f"{number:,}" for number in numbers),
            harmless(file["error_message"]),
        )
    return table
