"""Backups of our database: one file out, one file in.

What belongs here: running pg_dump and pg_restore of the right version, swapping in a restored database.
What does not: Dagster's own database (its run history can be lost), repositories, artifacts.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings

from . import databases
from .address import describe, is_embedded, url
from .cluster import binaries

_SWAP_TRIES = 5
"""PostgreSQL waits 5 s each time for sessions to leave the database it is to rename."""


def backup(settings: Settings, target: Path) -> Path:
    """Write our database to ``target`` in pg_dump's custom format; an existing file is replaced at the end.

    Raises PermanentError when the tools are missing, too old, or fail; then ``target`` is as it was.
    """
    address = url(settings)
    program = _program(settings, "pg_dump")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        _run(program, ["--format=custom", "--no-owner", f"--file={draft}"], address)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def restore(settings: Settings, source: Path) -> None:
    """Replace our database by the one in ``source``, whole or not at all.

    Restores beside the database in use and swaps the two names at the end, in one transaction; sessions on
    the old one are ended. Raises InputError when ``source`` is not a backup of ours, PermanentError when
    restoring fails, TransientError when others keep the old database busy. Then nothing has changed.
    """
    program = _program(settings, "pg_restore")
    _check_archive(program, source)
    address = url(settings)
    name, fresh = str(address.database), f"gamefactory_restore_{uuid4().hex[:12]}"
    databases.create(settings, [fresh])
    try:
        options = ["--exit-on-error", "--no-owner", "--single-transaction", str(source)]
        _run(program, options, address.set(database=fresh))
        with databases.connect(url(settings, databases.MAINTENANCE)) as connection:
            databases.set_search_path(connection, fresh)
            _swap(connection, name, fresh)
    finally:  # by now this is the old database, or the half-made new one
        _drop(settings, fresh)


def _swap(connection: psycopg.Connection, name: str, fresh: str) -> None:
    old = f"{fresh}_old"
    for _ in range(_SWAP_TRIES):
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            with connection.transaction():
                databases.execute(connection, "ALTER DATABASE {} RENAME TO {}", name, old)
                databases.execute(connection, "ALTER DATABASE {} RENAME TO {}", fresh, name)
        except psycopg.errors.ObjectInUse:
            continue
        databases.execute(connection, "ALTER DATABASE {} RENAME TO {}", old, fresh)
        return
    raise TransientError(f"{name} stays in use; stop the factory (daemon, web server) and restore again")


def _drop(settings: Settings, name: str) -> None:
    with databases.connect(url(settings, databases.MAINTENANCE)) as connection:
        databases.execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _check_archive(program: str, source: Path) -> None:
    listing = None
    if source.is_file():
        listing = subprocess.run(
            [program, "--list", str(source)], check=False, capture_output=True, text=True
        )
    if (
        listing is None
        or listing.returncode != 0
        or not re.search(r"\bTABLE factory games\b", listing.stdout)
    ):
        raise InputError("backup", str(source), "a file written by gamefactory db backup")


def _program(settings: Settings, name: str) -> str:
    """Path of a tool that fits the server: the wheel's when embedded, else the one on PATH."""
    if is_embedded(settings):
        return str(binaries() / name)
    found = shutil.which(name)
    address = url(settings)
    try:
        with databases.connect(address) as connection:
            needed = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise databases.unreachable(error, address) from error
    if found is None:
        raise PermanentError(f"{name} is not on PATH; install PostgreSQL's client programs, version {needed}")
    check_version(name, subprocess.check_output([found, "--version"], text=True), needed, describe(address))
    return found


def check_version(name: str, said: str, needed: int, where: str) -> None:
    """Raise PermanentError when a tool that ``said`` its version is older than major version ``needed``."""
    match = re.search(r"\b(\d+)(\.\d+|devel|beta|rc)", said)
    if match is None or int(match.group(1)) < needed:
        raise PermanentError(
            f"{name} is too old for {where}: it says {said.strip()!r}, the server is PostgreSQL {needed}; "
            f"install PostgreSQL's client programs, version {needed}, and put them first on PATH"
        )


def _run(program: str, arguments: Sequence[str], address: sa.URL) -> None:
    """Run a tool against a database; the password goes through the environment, out of sight of ``ps``."""
    _, parts = address.get_dialect()().create_connect_args(address)
    parts.pop("context", None)
    password = parts.pop("password", None)
    environment = dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})
    where = f"--dbname={make_conninfo(**parts)}"
    done = subprocess.run(
        [program, where, *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        env=environment,
    )
    if done.returncode != 0:
        said = done.stderr.strip()[-2000:]
        raise PermanentError(f"{Path(program).name} failed on {describe(address)}: {said}")
