"""Where the database is: one address from the settings, in the form each driver wants it.

What belongs here: reading ``DATABASE_URL``, the embedded server's socket, naming drivers and databases, and
naming a server to people without its password. What does not: connecting (``databases.py``, ``engine.py``).
"""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote

import sqlalchemy as sa

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings

DATABASE = "gamefactory"
"""Our database, where ``DATABASE_URL`` names none."""

SUPERUSER = "postgres"
"""Role of the embedded server; its socket folder is closed to everybody but the owner and root."""

OURS = "postgresql+psycopg"
DAGSTERS = "postgresql+psycopg2"
"""Drivers are always named: SQLAlchemy 2.1 reads ``postgresql://`` as psycopg 3, Dagster needs psycopg2."""

CONNECT_SECONDS = "10"
"""How long to wait for a server to answer, unless the address says otherwise."""

_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_LIMIT = 103
"""Bytes in a socket's path: 103 on macOS, 107 on Linux."""

_EXAMPLE = "postgresql://user:password@host:5432/database"


def is_embedded(settings: Settings) -> bool:
    """Whether we run the server ourselves, because no ``DATABASE_URL`` is set."""
    return not settings.database_url


def server_folder(settings: Settings) -> Path:
    """Folder of the embedded server."""
    return settings.home.absolute() / "postgres"


def socket_folder(settings: Settings) -> Path:
    """Folder of the embedded server's socket: its own, or a short one in ``/tmp`` when that is too long.

    Depends on nothing but ``settings.home``, so that every process finds the same one. PostgreSQL reads
    commas and quotes in this path as syntax: a home with such characters has its socket in ``/tmp`` too.
    """
    folder = server_folder(settings)
    if re.fullmatch(r"[\w/.+-]+", str(folder), re.ASCII) and len(str(folder / _SOCKET_NAME)) <= _SOCKET_LIMIT:
        return folder
    return Path("/tmp") / f"gamefactory-{fingerprint(settings)}"  # noqa: S108 (its owner is checked on every start)


def fingerprint(settings: Settings) -> str:
    """Sixteen hex digits that tell this home from others on the machine."""
    return hashlib.sha256(os.fsencode(server_folder(settings))).hexdigest()[:16]


def url(settings: Settings, database: str | None = None) -> sa.URL:
    """Address of ``database`` (default: ours) for psycopg 3.

    Raises PermanentError when ``DATABASE_URL`` makes no sense.
    """
    if is_embedded(settings):
        query = {"host": str(socket_folder(settings))}
        address = sa.URL.create(OURS, username=SUPERUSER, database=DATABASE, query=query)
    else:
        address = _parse(settings.database_url or "")
    return address.set(database=database or address.database or DATABASE)


def dagster_url(settings: Settings) -> str:
    """Address of Dagster's own database, for ``DAGSTER_POSTGRES_URL``. Holds the password: never show it."""
    address = url(settings)
    if address.database == settings.dagster_database:
        raise PermanentError(
            f'Dagster\'s database and ours are both called "{address.database}"; '
            "set GAMEFACTORY_DAGSTER_DATABASE to another name"
        )
    address = address.set(drivername=DAGSTERS, database=settings.dagster_database)
    return address.render_as_string(hide_password=False)


def describe(address: sa.URL) -> str:
    """Name a database to people: ``"name" on host:port``, never user or password."""
    host = address.host or address.query.get("host") or "the local socket"
    where = ", ".join([host] if isinstance(host, str) else host)
    return f'database "{address.database}" on {where}' + (f":{address.port}" if address.port else "")


def _parse(text: str) -> sa.URL:
    try:
        address = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        # the original message may hold the password
        raise PermanentError(f"DATABASE_URL is not a database's address; expected {_EXAMPLE}") from None
    if address.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise PermanentError(f"DATABASE_URL names {address.drivername}; only PostgreSQL will do: {_EXAMPLE}")
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": CONNECT_SECONDS})
    host = unquote(address.host) if address.host else address.host  # libpq's way to name a socket folder
    if host and host.startswith("/"):
        return address.set(drivername=OURS, host="").update_query_dict({"host": host})
    return address.set(drivername=OURS)
