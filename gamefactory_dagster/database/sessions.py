"""What our sessions rely on, set by the connection itself, whoever's role and whichever database it is.

What belongs here: those settings, and how a connection asks for them. What does not: connecting
(``databases.py``, ``engine.py``), and what other tools find (``migrations.py``).

A role, a database and the environment each may set them otherwise, and a database restored plainly or copied
from a template has none of its own. What is in the start of a session goes before all of these.
"""

import sqlalchemy as sa
from psycopg import Connection

SCHEMA = "factory"

SEARCH_PATH = f"{SCHEMA}, public"

_READING = {
    "DateStyle": "ISO, MDY",
    "TimeZone": "UTC",
    "IntervalStyle": "postgres",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "default_transaction_isolation": "read committed",
}
"""How values are read and written, and what a transaction sees."""

OURS = {"search_path": SEARCH_PATH, **_READING}
DAGSTERS = {"search_path": "public", **_READING}
"""Dagster's tables are in public, and its moments are UTC without saying so."""

_NOTICING = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",
}
"""By what the server finds out that our machine is gone, and lets go what it had locked."""

ENCODING = "utf8"


def started_with(address: sa.URL, settings: dict[str, str]) -> sa.URL:
    """``address`` with ``settings`` for every session, after the options it has: the last one counts."""
    given = str(address.query.get("options", ""))
    options = " ".join(filter(None, [_words(_NOTICING), given, _words(settings)]))
    return address.update_query_dict({"options": options, "client_encoding": ENCODING})


def _words(settings: dict[str, str]) -> str:
    return " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())


def hold(connection: Connection) -> None:
    """Set again what PGTZ and PGDATESTYLE put in place of ours; nothing is sent where all is well.

    libpq sends these two of the environment beside our options, and the server prefers them. What PostgreSQL
    reports by itself tells whether that happened. Takes as well what SQLAlchemy makes of an async connection.
    """
    for name, value in OURS.items():
        if (connection.info.parameter_status(name) or value) != value:
            connection.cursor().execute("SELECT set_config(%s, %s, false)", [name, value])
    if not connection.autocommit:
        connection.commit()
