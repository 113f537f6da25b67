"""What all models share: one MetaData and how Python types become columns. No tables."""

import datetime as dt
from typing import Annotated, Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NOW = sa.text("now()")


class Base(DeclarativeBase):
    """Every model of the database, whatever its schema."""

    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it so)
        str: sa.Text(),
        dt.datetime: sa.TIMESTAMP(timezone=True),
        UUID: sa.UUID(),
        Any: JSONB(),
    }


Id = Annotated[UUID, mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))]
Moment = Annotated[dt.datetime, mapped_column(sa.TIMESTAMP(timezone=True))]
BigInt = Annotated[int, mapped_column(sa.BigInteger)]
Str20 = Annotated[str, mapped_column(sa.String(20))]
Str50 = Annotated[str, mapped_column(sa.String(50))]
Str100 = Annotated[str, mapped_column(sa.String(100))]
Str255 = Annotated[str, mapped_column(sa.String(255))]
Str500 = Annotated[str, mapped_column(sa.String(500))]
Share = Annotated[Any, mapped_column(sa.Numeric(5, 4))]
"""A share between 0 and 1 with four decimals, as Decimal."""
Json = Annotated[Any, mapped_column(JSONB)]


def number(value: int) -> sa.TextClause:
    """Server default for a numeric column."""
    return sa.text(str(value))


def word(value: str) -> sa.TextClause:
    """Server default for a text or JSON column."""
    return sa.text(f"'{value}'")


def one_of(column: str, *values: str) -> str:
    """Text of a CHECK that allows ``values`` only."""
    return f"{column} IN ({', '.join(map(repr, values))})"


class Leased:
    """Columns of a row one worker at a time holds (``work/leases.py``)."""

    lease_owner: Mapped[str | None]
    lease_epoch: Mapped[BigInt] = mapped_column(server_default=number(0))
    lease_expires_at: Mapped[Moment | None]


class Requested(Leased):
    """Columns of a row that wants a run (``orchestration/tick.py``)."""

    attempt: Mapped[int] = mapped_column(server_default=number(1))
    requested_at: Mapped[Moment | None]


def table_of(model: type[DeclarativeBase]) -> sa.Table:
    """The table behind a model, for statements by column name."""
    return cast("sa.Table", model.__table__)
