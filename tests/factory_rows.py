"""Rows of the factory's tables: put there without what usually puts them there, and read back.

What belongs here: one row, one game, reading. What does not: what the tests of one slice make of several rows
(modules in their own folder).

``where`` is an engine, whose transaction is then the call's own, or a connection in the caller's transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gamefactory_dagster.database.tables import METADATA

Where = sa.Engine | sa.Connection


def insert(where: Where, table: str, **values: Any) -> Any:
    """Insert a row of schema ``factory``; returns the first column of its primary key."""
    into = METADATA.tables[f"factory.{table}"]
    key = next(iter(into.primary_key))
    with _connection(where) as connection:
        return connection.execute(sa.insert(into).values(**values).returning(key)).scalar_one()


def add_game(where: Where, slug: str = "pear", **columns: Any) -> UUID:
    """Insert a game, a runner called by its slug if not said otherwise; returns its id."""
    return insert(where, "games", **{"name": slug, "slug": slug, "genre": "runner"} | columns)


def add_games(where: Where, games: Iterable[str]) -> None:
    """Insert games by their ids; ``games`` may be a mapping that says each one's genre."""
    genres = games if isinstance(games, Mapping) else dict.fromkeys(games, "runner")
    for id, genre in genres.items():
        add_game(where, f"game-{id}", id=UUID(id), genre=genre)


def rows(where: Where, statement: str, **parameters: Any) -> list[sa.Row]:
    """Run a statement; its rows, if it gives any."""
    with _connection(where) as connection:
        result = connection.execute(sa.text(statement), parameters)
        return list(result) if result.returns_rows else []


def scalar(where: Where, statement: str, **parameters: Any) -> Any:
    """The one value of a query."""
    [(value,)] = rows(where, statement, **parameters)
    return value


def everything(where: Where, table: str) -> list[sa.Row]:
    """All rows of a table that has an id, in its order."""
    return rows(where, f"SELECT * FROM {table} ORDER BY id")


def count(where: Where, table: str) -> int:
    """How many rows a table has."""
    return scalar(where, f"SELECT count(*) FROM {table}")


@contextmanager
def _connection(where: Where) -> Iterator[sa.Connection]:
    if isinstance(where, sa.Engine):
        with where.begin() as connection:
            yield connection
    else:
        yield where
