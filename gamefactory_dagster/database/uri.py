"""Addresses as text: reading what a person wrote, writing what libpq takes.

What belongs here: taking a URL apart as libpq does, more leniently where it is clear what was meant, and
putting one together. What does not: where it comes from and which driver wants it (``address.py``).

No message here holds a part of a password, however the URL is written: of a URL only the host is named, and
the name of an option. See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
"""

import re
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import sqlalchemy as sa
from psycopg import pq

from gamefactory_dagster.errors import PermanentError

OURS = "postgresql+psycopg"
"""Drivers are always named: SQLAlchemy 2.1 reads ``postgresql://`` as psycopg 3, Dagster needs psycopg2."""

EXAMPLE = "postgresql://user:password@host:5432/database"

_SCHEME = re.compile(r"postgres(ql)?(\+\w+)?://")
_PLACE = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::(\d{0,5}))?")
_NAMEABLE = re.compile(r"[\w.-]+(?::\d+)?(?=[/?]|$)", re.ASCII)

_MISREAD = f"DATABASE_URL is not a PostgreSQL database's address; expected {EXAMPLE}"


def parse(text: str) -> sa.URL:
    """Read ``DATABASE_URL``, for psycopg 3; options that are parts of a URL too become parts.

    One host is in ``host`` and ``port``; several, and the folder of a socket, are in the query, where
    SQLAlchemy looks for them. Raises PermanentError that says what to write instead.
    """
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise PermanentError(_MISREAD)
    login, at, rest = text[scheme.end() :].rpartition("@")
    _refuse_unescaped(login, rest)
    place, _, query = rest.partition("?")
    hosts, _, database = place.partition("/")
    user, colon, password = login.partition(":")
    places = [_place(part) for part in hosts.split(",")]
    options = _options(query)
    if "host" in options:
        places = [_place(part) for part in options.pop("host").split(",")]
    return sa.URL.create(
        OURS,
        username=options.pop("user", unquote(user) if at else "") or None,
        password=options.pop("password", unquote(password) if colon else None),
        database=options.pop("dbname", unquote(database)) or None,
        **_where(places, options.pop("port", ""), options),
    )


def render(address: sa.URL, scheme: str = "postgresql") -> str:
    """Write an address so that libpq reads it, and SQLAlchemy. Holds the password: never show it."""

    def plain(value: object) -> str:
        return quote(str(value), safe="")

    user = plain(address.username or "")
    password = "" if address.password is None else f":{plain(address.password)}"
    at = "@" if user or password else ""
    host = address.host or ""
    host = f"[{host}]" if ":" in host else plain(host)
    port = f":{address.port}" if address.port else ""
    query = "&".join(f"{plain(name)}={plain(value)}" for name, value in sorted(address.query.items()))
    return f"{scheme}://{user}{password}{at}{host}{port}/{plain(address.database or '')}" + (
        f"?{query}" if query else ""
    )


def _refuse_unescaped(login: str, rest: str) -> None:
    """Refuse what can be read in two ways: in one of them a part of the password is the host."""
    if "?" in login:
        raise PermanentError(
            "DATABASE_URL has a ? before an @: write ? in a user or password as %3F, @ in an option as %40"
        )
    if "@" in login:
        host = _NAMEABLE.match(rest)
        where = f" (host {host[0]})" if host else ""
        raise PermanentError(
            f"DATABASE_URL{where} has more than one @: "
            "write @ in a password as %40, likewise in a user or a database's name"
        )


def _place(text: str) -> tuple[str, str]:
    """Host and port as they stand in a URL or an option; the port may be empty."""
    if text.startswith("/"):  # a socket's folder, as only an option can name it unescaped
        return text, ""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise PermanentError(_MISREAD)
    six, name, port = found.groups(default="")
    return unquote(six or name), port


def _where(places: list[tuple[str, str]], ports: str, options: dict[str, str]) -> dict[str, Any]:
    """Host, port and query for ``sa.URL.create``; one port given for several hosts is every host's."""
    names = [name for name, _ in places]
    numbers = ports.split(",") if ports else [port for _, port in places]
    if ports and len(numbers) == 1:
        numbers *= len(names)
    if len(numbers) != len(names) or not all(re.fullmatch(r"\d{0,5}", number) for number in numbers):
        raise PermanentError(_MISREAD)
    if len(names) == 1 and not names[0].startswith("/"):
        return {"host": names[0] or None, "port": int(numbers[0] or 0) or None, "query": options}
    hosts = {"host": ",".join(names)} | ({"port": ",".join(numbers)} if any(numbers) else {})
    return {"query": options | hosts}


def _options(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, equals, value = map(unquote, pair.partition("="))
        if (name, value) == ("ssl", "true"):  # JDBC's way, which libpq reads too
            name, value = "sslmode", "require"
        if not equals:
            raise PermanentError(
                f"DATABASE_URL has an option without a value; expected {EXAMPLE}?sslmode=require"
            )
        if name not in _known_options():
            raise PermanentError(
                f'DATABASE_URL has the option "{name}", which PostgreSQL\'s client library does not know; '
                "leave it out (the factory's tables are always in the schema factory)"
            )
        several = name == "host" and name in found  # SQLAlchemy's way
        found[name] = f"{found[name]},{value}" if several else value
    if not re.fullmatch(r"-?\d+", found.get("connect_timeout", "0")):
        raise PermanentError("DATABASE_URL: connect_timeout is not a whole number; expected seconds")
    return found


@cache
def _known_options() -> frozenset[str]:
    return frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults())
