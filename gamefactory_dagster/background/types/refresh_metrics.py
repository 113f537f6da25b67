"""Computing days of metrics, as ``gamefactory metrics refresh`` does."""

import datetime as dt
import logging
from typing import Any, Self

from pydantic import model_validator

from gamefactory_dagster.analytics.late import EARLIEST_DAY, due_days, with_earlier
from gamefactory_dagster.background.kinds import Kind, Parameters, Work
from gamefactory_dagster.database.engine import transaction
from gamefactory_dagster.days import day_range, today
from gamefactory_dagster.terminal import EARLIEST

log = logging.getLogger(__name__)


class RefreshMetrics(Parameters):
    """UTC days from ``first`` to ``last``, both included; without them every day that is due."""

    first: dt.date | None = None
    last: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (self.first is None) != (self.last is None):
            raise ValueError("both first and last, or neither")
        if self.first is not None and self.last is not None and not EARLIEST <= self.first <= self.last:
            raise ValueError(f"days from {EARLIEST} on, last not before first")
        return self


def run(work: Work, given: RefreshMetrics) -> dict[str, Any]:
    """Compute them, and the earlier days whose events changed since; how much that was."""
    from gamefactory_dagster.analytics.rollup import refresh
    from gamefactory_dagster.analytics.scoring import Scoring

    with transaction(work.engine) as connection:
        if given.first is None or given.last is None:
            days = due_days(connection, EARLIEST_DAY, today())
        else:
            days = with_earlier(connection, day_range(given.first, min(given.last, today())))
    computed = refresh(work.engine, days, Scoring.of(work.settings), _tell)
    return {
        name: str(value) if isinstance(value, dt.date) else value
        for name, value in computed.in_numbers().items()
    }


def _tell(done: int, total: int | None = None, what: str | None = None) -> None:
    log.info("%s of %s %s", done, total, what or "")


KIND = Kind(
    "refresh_metrics",
    RefreshMetrics,
    run,
    "Computes days of metrics from their raw events; without days, all that are due.",
    example={"first": "2026-03-01", "last": "2026-03-31"},
    timeout=3600,
    retries=5,
    memory_mb=2048,
    alone=True,
)
