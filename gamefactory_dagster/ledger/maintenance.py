"""What the ledger forgets: runs that ended long ago, each with all that was told of it.

What belongs here: which runs go, and how many at once. What does not: when it is asked (production's nightly
job), and what the runs made: files belong to games and stay.
"""

import datetime as dt
from functools import partial

import sqlalchemy as sa

from gamefactory_dagster.database.deleting import delete_before

from .access import services_view

RUNS_AT_ONCE = 200
"""Runs a transaction, with events and artifacts some ten thousand rows: a second at most."""

BATCHES = 250
"""Transactions in one night at most: fifty thousand runs."""


def prune_runs(
    engine: sa.Engine, before: dt.datetime, *, batch: int = RUNS_AT_ONCE, batches: int = BATCHES
) -> int:
    """Delete runs that ended before, the longest ended first, whole; returns how many.

    One that is pending or running is never touched, however old. Raises TransientError for passing failures
    of the database; what was deleted before stays deleted.
    """
    view = partial(services_view, engine)
    return delete_before(view, "ledger/delete_runs", before, batch=batch, batches=batches)
