"""Where the database is: one address from the settings, in the form each driver wants it.

What belongs here: the embedded server's socket, naming drivers and databases, and naming a server to people
without its password. What does not: the text of a URL (``uri.py``), connecting (``databases.py``,
``engine.py``).
"""

import hashlib
import os
import re
from pathlib import Path

import sqlalchemy as sa

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.settings import Settings

from . import sessions
from .uri import OURS, parse, render

DATABASE = "gamefactory"
"""Our database, where ``DATABASE_URL`` names none."""

ROLE = "gamefactory"
"""Whom everything of ours connects as to the embedded server (``roles.py``)."""

SUPERUSER = "postgres"
"""Who starts the embedded server; its socket folder is closed to everybody but the owner and root."""

MAINTENANCE = "postgres"
"""A database every server has: where the others are created from."""

DAGSTERS = "postgresql+psycopg2"
"""Dagster's driver."""

NOTICING = {
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""How long to wait for a server to answer, in seconds, and for its link, in milliseconds and seconds, unless
the address says otherwise: a link that was cut does not say so. What a system does not know it ignores."""

_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_LIMIT = 103
"""Bytes in a socket's path: 103 on macOS, 107 on Linux."""


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
        address = sa.URL.create(OURS, username=ROLE, database=DATABASE, query=query)
    else:
        address = parse(settings.database_url or "")
        missing = {name: value for name, value in NOTICING.items() if name not in address.query}
        address = address.update_query_dict(missing)
    return address.set(database=database or address.database or DATABASE)


def superusers_url(settings: Settings, database: str = MAINTENANCE) -> sa.URL:
    """Address of the embedded server for its superuser: to start it, to make role and databases."""
    return url(settings, database).set(username=SUPERUSER)


def dagster_url(settings: Settings) -> str:
    """Address of Dagster's own database, for ``DAGSTER_POSTGRES_URL``. Holds the password: never show it."""
    address = url(settings)
    if address.database == settings.dagster_database:
        raise PermanentError(
            f'Dagster\'s database and ours are both called "{address.database}"; '
            "set GAMEFACTORY_DAGSTER_DATABASE to another name"
        )
    address = address.set(database=settings.dagster_database)
    return render(sessions.started_with(address, sessions.DAGSTERS), DAGSTERS)


def named(settings: Settings, database: str) -> Settings:
    """These settings, with another database of the same server as ours."""
    return settings.model_copy(update={"database_url": render(url(settings, database))})


def describe(address: sa.URL) -> str:
    """Name a database to people: ``"name" on host:port``, never user or password."""
    if address.host:
        places = [f"{address.host}:{address.port}" if address.port else address.host]
    else:
        hosts = str(address.query.get("host", "the local socket")).split(",")
        ports = str(address.query.get("port") or address.port or "").split(",")
        ports *= len(hosts) // len(ports)
        places = [f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=True)]
    return f'database "{address.database}" on {", ".join(places)}'
