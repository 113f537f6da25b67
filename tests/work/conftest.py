"""Tables of leased rows, one for each kind of primary key a document gives, and rows in them."""

from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa


def leased(*key: sa.Column) -> sa.Table:
    """A table with this primary key and what work wants of a row."""
    return sa.Table(
        "things",
        sa.MetaData(),
        *key,
        sa.Column("status", sa.Text, nullable=False, server_default="pending"),
        sa.Column("rank", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_epoch", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_expires_at", sa.TIMESTAMP(timezone=True)),
    )


KEYS = {
    "uuid": ([("id", sa.Uuid)], [UUID(int=number) for number in range(1, 5)]),
    "serial": ([("id", sa.Integer)], [1, 2, 3, 4]),
    "text": ([("id", sa.Text)], ["a", "it's", "%s", "ü"]),
    "pair": (
        [("url", sa.Text), ("part", sa.Integer)],
        [("a", 1), ("a", 2), ("b", 1), (":x", 2)],
    ),
}
"""Name -> key columns, and the keys of four rows in order."""


@pytest.fixture(params=list(KEYS))
def rows(request, engine) -> SimpleNamespace:
    """A table and the keys of its four rows; ``rank`` counts them from 0."""
    columns, keys = KEYS[request.param]
    table = leased(*(sa.Column(*column, primary_key=True, autoincrement=False) for column in columns))
    with engine.begin() as connection:
        table.create(connection)
        for rank, key in enumerate(keys):
            values = key if isinstance(key, tuple) else (key,)
            names = table.primary_key.columns.keys()
            connection.execute(table.insert().values(rank=rank, **dict(zip(names, values, strict=True))))
    return SimpleNamespace(table=table, keys=keys)
