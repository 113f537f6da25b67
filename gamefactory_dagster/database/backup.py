"""Backups of our database: one file out, one file in.

What belongs here: running pg_dump of the right version, filling a new database from a file, swapping it in.
What does not: reading the file (``dump.py``), Dagster's own database (its run history can be lost),
repositories, artifacts.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gamefactory_dagster.errors import InputError, PermanentError, TransientError
from gamefactory_dagster.settings import Settings

from . import databases, migrations, roles, sessions
from .address import MAINTENANCE, describe, is_embedded, named, url
from .cluster import binaries
from .dump import Dump, Table
from .engine import get_engine
from .sql import load

_SWAP_TRIES = 5
"""PostgreSQL waits 5 s each time for sessions to leave the database it is to rename."""

_END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pg_has_role(usesysid, 'USAGE')
"""
"""A session of another role is not ours to end, and keeps the database busy."""

_OWNERS_FOLDER = 0o700
_OWNERS_FILE = 0o600

_PARTITION = re.compile(r"factory\.analytics_events_(\d{4})_(\d\d)")
_EVENTS = "factory.analytics_events"
_ARCHIVED = "factory.archived_events_"
"""Tables of months that are in the artifact store already, and were about to be dropped."""

_SCHEMAS = ("factory", "ledger", "requests", "replays", "public")
"""What is dumped; public for the revision and the jobs."""

_JOBS = "public.jobs"

_USERS = "auth.users"
"""Dumped as well where it is ours. Where it is not, whom the rows name must be there already."""

_DUMP = (
    "--format=custom",
    "--encoding=UTF8",
    "--no-owner",
    "--enable-row-security",  # or pg_dump refuses tables with policies, also those that show it everything
)

_READS_EVERYTHING = {"ledger.backup": "on"}
"""What the ledger's policies want to hear before they show all rows to the tables' owner."""


def default_folder(settings: Settings) -> Path:
    """Where backups go that are not told where."""
    return settings.home / "backups"


def backup(settings: Settings, target: Path) -> Path:
    """Write our database to ``target`` in pg_dump's custom format; an existing file is replaced at the end.

    Only its owner can read it, from the first byte on, or enter a folder that is made for it. Raises
    PermanentError when the tools are missing, too old, or fail, or policies would hide rows from them; then
    ``target`` is as it was.
    """
    address = sessions.started_with(url(settings), _READS_EVERYTHING)
    program = _program(settings, "pg_dump")
    schemas = [f"--schema={name}" for name in _schemas(address)]
    target.parent.mkdir(mode=_OWNERS_FOLDER, parents=True, exist_ok=True)
    if target.parent == default_folder(settings):
        target.parent.chmod(_OWNERS_FOLDER)
    draft = target.with_name(f".{target.name}.{uuid4().hex}")
    draft.touch(_OWNERS_FILE, exist_ok=False)
    try:
        _run(program, [*_DUMP, *schemas, f"--file={draft}"], address)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _schemas(address: sa.URL) -> list[str]:
    """What to dump. Raises PermanentError where a session that asks for everything would get less."""
    with databases.connect(address) as connection:
        schemas = [*_SCHEMAS, "auth"] if _users_are_ours(connection) else [*_SCHEMAS]
        rows = connection.execute(load("database/hidden").encode(), {"schemas": schemas}).fetchall()
    if rows:
        raise PermanentError(
            f"{address.username} would not see every row of {', '.join(name for (name,) in rows)}; "
            "back up as the role that made the tables, or see: gamefactory db verify"
        )
    return schemas


def _users_are_ours(connection: psycopg.Connection) -> bool | None:
    """Whether the migrations made them; None where there are none."""
    found = connection.execute(
        "SELECT obj_description(oid, 'pg_class') IS NOT DISTINCT FROM 'made for the run ledger' "
        "FROM pg_class WHERE oid = to_regclass('auth.users')"
    ).fetchone()
    return None if found is None else bool(found[0])


def restore(settings: Settings, source: Path) -> list[str]:
    """Replace our database by what is in ``source``, at the newest revision, whole or not at all.

    The schema is made by our migrations, at the revision of the backup; rows alone come from the file, and
    are brought up to date. Only a database that is then as it should be takes the place of the old one, in
    one transaction; sessions on that one are ended. Gives the names of tables that are not the factory's and
    were left out. Raises InputError when ``source`` is not a backup of ours or of a newer version,
    PermanentError when it does not fit or the role may not, or more than ours would be lost, TransientError
    when others keep the old database busy. Then nothing has changed.
    """
    dump = Dump(_program(settings, "pg_restore"), source)
    _refuse_loss(settings)
    revision = dump.revision()
    _refuse_newer(source, revision)
    address = url(settings)
    fresh = named(settings, f"gamefactory_restore_{uuid4().hex[:12]}")
    name = str(url(fresh).database)
    _create(settings, name)
    try:
        if is_embedded(settings):
            roles.introduce(settings)
        migrations.upgrade(fresh, revision)
        with databases.connect(url(fresh)) as connection, _in_words(source), connection.transaction():
            left_out = _fill(connection, dump)
        migrations.upgrade(fresh)
        if problems := migrations.verify(fresh):
            raise PermanentError(f"{source} does not give the schema it should: {'; '.join(problems[:3])}")
        get_engine(fresh).dispose()
        with databases.connect(url(settings, MAINTENANCE)) as connection:
            _swap(connection, str(address.database), name)
    finally:  # by now this is the old database, or the half-made new one
        get_engine(fresh).dispose()
        _drop(settings, name)
    return left_out


def _refuse_newer(source: Path, revision: str) -> None:
    try:
        migrations.check_revision(revision)
    except InputError:
        raise InputError(
            "backup",
            str(source),
            f"one of this version: it was made at revision {revision}, and this version knows those up to "
            f"{migrations.head()}",
        ) from None


def _refuse_loss(settings: Settings) -> None:
    """Raise PermanentError where the present database has users that are somebody else's: they would go."""
    with databases.connect(url(settings)) as connection:
        if _users_are_ours(connection) is not False:
            return
    raise PermanentError(
        f"{describe(url(settings))} has an auth.users that is not the factory's and in no backup of it; "
        "restoring would replace it: restore into a database of its own, named by DATABASE_URL"
    )


def _create(settings: Settings, name: str) -> None:
    try:
        databases.create(settings, [name])
    except PermanentError as error:
        role = url(settings).username
        raise PermanentError(
            "restoring makes a database beside the present one, which the role may not; "
            f'have it said: ALTER ROLE "{role}" CREATEDB'
        ) from error


@contextmanager
def _in_words(source: Path) -> Iterator[None]:
    try:
        yield
    except psycopg.DataError as error:
        raise PermanentError(f"{source} does not fit: {error.diag.message_primary}") from error
    except psycopg.IntegrityError as error:
        raise PermanentError(f"{source} contradicts itself: {error.diag.message_primary}") from error


def _fill(connection: psycopg.Connection, dump: Dump) -> list[str]:
    """Put the rows of ``dump`` in the place of what the migrations wrote; gives the tables left out.

    Foreign keys are made again at the end: the tables come in any order, and all at once is much faster.
    """
    tables: dict[str, list[str]] = dict(connection.execute(load("database/columns").encode()).fetchall())
    keys = connection.execute(load("database/foreign_keys").encode()).fetchall()
    for table, name, _, _ in keys:
        _alter(connection, table, "DROP CONSTRAINT {}", name)
    everything = sql.SQL(", ").join(_identifier(name) for name in tables if name != _USERS)
    connection.execute(sql.SQL("TRUNCATE {}").format(everything))
    with _unguarded(connection):
        left_out = _copy_all(connection, dump, tables)
        connection.execute(load("database/go_on_counting").encode())
        if "message_id" in tables.get(_JOBS, ()):  # queues are in no backup: a number in these is another's
            connection.execute("UPDATE public.jobs SET message_id = NULL WHERE message_id IS NOT NULL")
        for table, name, definition, owner in keys:
            if owner and _users_are_ours(connection):
                _add_users(connection, table, owner)
            with _owners_in_words(dump.source, owner):
                _alter(connection, table, f"ADD CONSTRAINT {{}} {definition}", name)
    return left_out


@contextmanager
def _unguarded(connection: psycopg.Connection) -> Iterator[None]:
    """Let rows of the ledger in past its policies and triggers: they were judged when they were written.

    COPY refuses a table with policies, and one trigger refuses what belongs to a run that has ended.
    """
    protected = [name for (name,) in connection.execute(load("database/protected").encode()).fetchall()]
    for table in protected:
        _alter(connection, table, "NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
    yield
    for table in protected:
        _alter(connection, table, "FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def _copy_all(connection: psycopg.Connection, dump: Dump, tables: dict[str, list[str]]) -> list[str]:
    found: set[str] = set()
    left_out: list[str] = []
    for table in dump.tables():
        name = _home(connection, table.name)
        if name in tables:
            if name == _USERS:
                connection.execute("DELETE FROM auth.users")
            _copy(connection, name, table, tables[name])
            found.add(name)
        elif not name.startswith(_ARCHIVED):
            left_out.append(_said(name))
    if missing := sorted(tables.keys() - found - {_EVENTS, _USERS}):
        raise PermanentError(f"{dump.source} does not hold the rows of {', '.join(map(_said, missing))}")
    return left_out


def _add_users(connection: psycopg.Connection, table: str, owner: str) -> None:
    """Whom the rows name is somebody: the backup may be of a database whose users are not ours."""
    found = "SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL"
    add = sql.SQL(f"INSERT INTO auth.users (id) {found} ON CONFLICT DO NOTHING")
    connection.execute(add.format(sql.Identifier(owner), _identifier(table)))


@contextmanager
def _owners_in_words(source: Path, owner: str | None) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.ForeignKeyViolation as error:
        if owner is None:
            raise
        raise PermanentError(
            f"{source} has rows of somebody whom auth.users does not have: {error.diag.message_detail}"
        ) from error


def _home(connection: psycopg.Connection, table: str) -> str:
    """Which table takes the rows of ``table``: the whole one those of a partition, which is made."""
    month = _PARTITION.fullmatch(table)
    if month is None:
        return table
    first = f"{month[1]}-{month[2]}-01"
    connection.execute("SELECT factory.ensure_events_partition(%s::timestamptz)", [first])
    return _EVENTS


def _copy(connection: psycopg.Connection, name: str, table: Table, columns: list[str]) -> None:
    if strange := [column for column in table.columns if column not in columns]:
        raise PermanentError(
            f"the backup does not fit: {_said(name)} has no column {strange[0]} at its revision"
        )
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(_identifier(name), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for rows in table.rows:
            copy.write(rows)


def _alter(connection: psycopg.Connection, table: str, change: str, *names: str) -> None:
    """``change`` a table; its ``{}`` are names of what there is."""
    words = sql.SQL(change).format(*map(sql.Identifier, names))
    connection.execute(sql.SQL("ALTER TABLE {} {}").format(_identifier(table), words))


def _identifier(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def _said(table: str) -> str:
    """A table as people name it: the factory's without their schema."""
    return table.removeprefix("factory.")


def _swap(connection: psycopg.Connection, name: str, fresh: str) -> None:
    old = f"{fresh}_old"
    for _ in range(_SWAP_TRIES):
        connection.execute(_END_SESSIONS, [name])
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
    """Drop it, not by force: that fails for us where a worker of PostgreSQL's own is at work in it."""
    with databases.connect(url(settings, MAINTENANCE)) as connection:
        connection.execute(_END_SESSIONS, [name])
        databases.execute(connection, "DROP DATABASE IF EXISTS {}", name)


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
