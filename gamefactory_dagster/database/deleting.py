"""Deleting what is old in short transactions, and nothing else."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa

from .sql import load


def delete_before(
    transaction: Callable[[], AbstractContextManager[sa.Connection]],
    statement: str,
    before: dt.datetime,
    *,
    batch: int,
    batches: int,
) -> int:
    """Delete rows from ``before``, ``batch`` a transaction and as many of these at most; returns how many.

    ``statement`` names a file of ``sql/`` with the parameters ``before`` and ``limit``. What is deleted stays
    so when a later transaction fails.
    """
    total = 0
    for _ in range(batches):
        with transaction() as connection:
            gone = connection.execute(sa.text(load(statement)), {"before": before, "limit": batch}).rowcount
        total += gone
        if gone < batch:
            break
    return total
