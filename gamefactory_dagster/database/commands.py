"""``gamefactory db``: the command line of the database. Parses, calls, prints; nothing else."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.terminal import AsJson, say, say_json

if TYPE_CHECKING:
    from gamefactory_dagster.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Start, migrate, check, back up the database.\n\n"
        "Without DATABASE_URL an embedded PostgreSQL runs in .gamefactory/postgres: every command starts it "
        "when it is needed and leaves it running; `stop` ends it. With DATABASE_URL the server it names is "
        "used, and starting and stopping it is not our business."
    ),
)


@app.command("start")
def start() -> None:
    """Start the embedded server unless it runs, and make the databases that are missing."""
    from .address import describe, url

    settings = _running()
    say(f"Running: {describe(url(settings))}")


@app.command("stop")
def stop() -> None:
    """Stop the embedded server. Work in progress is rolled back; nothing committed is lost."""
    from gamefactory_dagster.settings import get_settings

    from . import server

    stopped = server.stop(get_settings())
    say("Stopped." if stopped else "It was not running.")


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Say where the database is, whether it answers, and which revision it is at. Starts nothing.

    Exit code 0 when it answers and is at the newest revision, else 1.
    """
    from gamefactory_dagster.settings import get_settings

    from . import migrations, server

    settings = get_settings()
    found = server.status(settings)
    revision = migrations.current(settings) if found.running else None
    newest = migrations.head()
    facts = {**dataclasses.asdict(found), "revision": revision, "newest_revision": newest}
    if as_json:
        say_json(facts)
    else:
        for name, value in facts.items():
            say(f"{name.replace('_', ' '):<16} {value if value is not None else '-'}")
    if revision != newest:
        raise typer.Exit(1)


@app.command("url")
def address(
    dagster: Annotated[bool, typer.Option("--dagster", help="Dagster's database instead of ours.")] = False,
) -> None:
    """Print the database's address, password included, for other tools: psql "$(gamefactory db url)"."""
    from gamefactory_dagster.settings import get_settings

    from .address import url
    from .uri import render

    settings = get_settings()
    typer.echo(render(url(settings, settings.dagster_database if dagster else None)))


@app.command("upgrade")
def upgrade(
    revision: Annotated[str, typer.Argument(help="A revision, such as 0003, or head: the newest.")] = "head",
) -> None:
    """Bring the schema up to date, all or nothing. Safe to run at any time and by two at once.

    Also lets other tools, such as psql, find the tables without the schema's name.
    """
    from . import migrations

    migrations.check_revision(revision, "head")
    settings = _running()
    before = migrations.current(settings)
    migrations.upgrade(settings, revision)
    say(f"Schema: {before or 'nothing'} -> {migrations.current(settings) or 'nothing'}")


@app.command("downgrade")
def downgrade(
    revision: Annotated[str, typer.Argument(help="A revision, such as 0002, or base: nothing at all.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take the schema back to a revision. What later ones added is lost, data included: back up first."""
    from . import migrations
    from .address import describe, url

    migrations.check_revision(revision, "base")
    settings = _running()
    before = migrations.current(settings)
    migrations.check_direction(before, revision, up=False)
    if not yes:
        typer.confirm(f"Take {describe(url(settings))} from {before} back to {revision}?", abort=True)
    migrations.downgrade(settings, revision)
    say(f"Schema: {before or 'nothing'} -> {migrations.current(settings) or 'nothing'}")


@app.command("verify")
def verify() -> None:
    """Compare every table, column, default, constraint and index with what the code expects.

    Also looks whether other tools, such as psql, find the tables without the schema's name. Prints each
    difference; exit code 1 when there is any.
    """
    from . import migrations

    settings = _running()
    problems = migrations.verify(settings)
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(1)
    say("The schema is as it should be.")


@app.command("backup")
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(help="Where to write it. Default: backups/ in .gamefactory, named by time."),
    ] = None,
) -> None:
    """Write the factory's database to one file (pg_dump's custom format) that only you can read.

    The factory may go on working meanwhile.
    """
    from . import backup as backups

    if file is not None and file.is_dir():
        raise InputError("FILE", str(file), "a file, not a folder")
    settings = _running()
    name = f"gamefactory-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}.dump"
    target = backups.backup(settings, file or backups.default_folder(settings) / name)
    say(f"Wrote {target} ({target.stat().st_size:,} bytes).")


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `gamefactory db backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Replace the factory's database by a backup, whole or not at all.

    Sessions on the present database are ended and its contents are lost: stop the factory first. A backup of
    an older version is brought up to date. Rows alone are taken from the file, into the factory's own tables:
    nothing in it can act, and nothing you added yourself comes back.
    """
    from . import backup as backups
    from . import migrations
    from .address import describe, url

    settings = _running()
    if not yes:
        typer.confirm(f"Replace {describe(url(settings))} by {file}?", abort=True)
    left_out = backups.restore(settings, file)
    if left_out:
        say(f"Left out, as no tables of the factory: {', '.join(left_out)}.")
    say(f"Restored {file}; schema at {migrations.current(settings) or 'nothing'}.")


def _running() -> "Settings":
    """The settings, once the server they name runs."""
    from gamefactory_dagster.settings import get_settings

    from . import server

    settings = get_settings()
    server.ensure(settings)
    return settings
