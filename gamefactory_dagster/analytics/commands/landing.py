"""``gamefactory events landed``: what became of the files of the landing zone."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamefactory_dagster.terminal import AsJson, choice, console, moment, say, say_json, table

if TYPE_CHECKING:
    from rich.table import Table


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
    from gamefactory_dagster.analytics.landing import FILE, landed_files

    choice("--status", status, FILE.legal)

    from gamefactory_dagster.database.engine import transaction
    from gamefactory_dagster.database.migrations import ready_engine
    from gamefactory_dagster.settings import get_settings

    settings = get_settings()
    with transaction(ready_engine(settings)) as connection:
        files = landed_files(connection, status=status, limit=limit)
    if as_json:
        say_json(files)
    elif files:
        console().print(files_table(files))
    else:
        say(f"No such file has been found in {settings.landing}.")


def files_table(files: list[dict[str, Any]]) -> "Table":
    """One row a file."""
    numbers = ("bytes", "stored", "duplicate", "quarantined")
    return table(
        ("file", "found (UTC)", "state", *numbers, "error"),
        [
            (
                file["url"],
                moment(file["found_at"]),
                file["status"],
                *(file[name] for name in ("size_bytes", "stored", "duplicate", "quarantined")),
                file["error_message"],
            )
            for file in files
        ],
        numbers=numbers,
    )
