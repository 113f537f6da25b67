"""What is deleted when it is old: Dagster's runs and the ledger's, lines of logs, what addresses claimed.

What belongs here: which go and which stay. What does not: Dagster itself (``defs.py`` gives it as
``RunHistory``), tables of others (``analytics/strangers.py``, ``ledger/maintenance.py``), and anything a
person or a metric may still want: events, rollups, quarantine, artifacts.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import sqlalchemy as sa

from gamefactory_dagster.analytics.strangers import forget_addresses
from gamefactory_dagster.database.deleting import delete_before
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import day_of
from gamefactory_dagster.ledger import maintenance as ledger
from gamefactory_dagster.settings import Settings

RUNS_DELETED_AT_ONCE = 5000
"""Runs deleted in one night at most: several times what a busy factory starts in a day."""

IDLE_TICKS_KEPT = dt.timedelta(days=1)
"""For ticks that asked for nothing: some sixty thousand a day, a kilobyte each."""

TICKS_KEPT = dt.timedelta(days=30)
"""For all others, or as long as runs are kept where that is less."""

LOGS_AT_ONCE = 5000
"""Log lines a transaction, so that nobody waits long for the table's locks."""

LOG_BATCHES = 200
"""Transactions in one night at most."""


class RunHistory(Protocol):
    """The runs Dagster remembers."""

    def ended_before(self, moment: dt.datetime) -> Iterator[str]:
        """Ids of runs that have ended and last changed before ``moment``, oldest first."""

    def newest(self) -> Collection[str]:
        """Ids of runs that made the newest materialization of an asset or of one of its partitions."""

    def delete(self, run_id: str) -> None:
        """Forget a run, with its events and captured output."""

    def forget_ticks(self, idle_before: dt.datetime, before: dt.datetime) -> None:
        """Forget ticks of sensors and schedules from before, and those that asked for nothing sooner."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed."""

    runs: int
    runs_kept: int
    """Old runs kept because without them a computed partition would look as if it never had been."""
    logs: int
    addresses: int
    """Of one day and game each."""
    ledger_runs: int
    """Runs of the ledger, each with its events and its artifacts' rows."""


def prune(engine: sa.Engine, history: RunHistory | None, now: dt.datetime, settings: Settings) -> Pruned:
    """Delete what is older than the settings keep; idempotent, and bounded in one go.

    A run that is queued or at work is never touched, and none of Dagster's without its ``history``. Raises
    TransientError for passing failures of the database; what was deleted before stays deleted.
    """
    runs_before = now - dt.timedelta(days=settings.keep_runs_days)
    deleted, kept = (0, 0) if history is None else prune_runs(history, runs_before)
    if history is not None:
        history.forget_ticks(now - IDLE_TICKS_KEPT, max(runs_before, now - TICKS_KEPT))
    logs_before = now - dt.timedelta(days=settings.keep_logs_days)
    logs = prune_logs(engine, logs_before)
    addresses = forget_addresses(engine, day_of(logs_before))
    ledger_runs = ledger.prune_runs(engine, now - dt.timedelta(days=settings.keep_ledger_days))
    return Pruned(deleted, kept, logs, addresses, ledger_runs)


def prune_runs(
    history: RunHistory, before: dt.datetime, limit: int = RUNS_DELETED_AT_ONCE
) -> tuple[int, int]:
    """Delete up to ``limit`` runs that ended before; returns how many were deleted and how many kept."""
    newest = history.newest()
    deleted = kept = 0
    for run_id in history.ended_before(before):
        if run_id in newest:
            kept += 1
        elif deleted < limit:
            history.delete(run_id)
            deleted += 1
        else:
            break
    return deleted, kept


def prune_logs(
    engine: sa.Engine, before: dt.datetime, *, batch: int = LOGS_AT_ONCE, batches: int = LOG_BATCHES
) -> int:
    """Delete lines of ``generation_logs`` from before, oldest first; returns how many."""
    opened = partial(transaction, engine)
    return delete_before(opened, "production/delete_logs", before, batch=batch, batches=batches)
