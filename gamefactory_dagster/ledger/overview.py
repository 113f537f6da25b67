"""The whole ledger in numbers: runs by state, kind and owner, and how many a day.

What belongs here: counting, as the service, which alone sees everybody's. What does not: whose runs did what
(``reading.py``), and whether it is as it should be (``checks.py``).
"""

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load
from gamefactory_dagster.database.tables.ledger import STATUSES
from gamefactory_dagster.days import day_bounds, day_range, first_of

from .access import as_service
from .reading import KINDS

SPAN = 30
"""Days of the picture, the last one included."""

_COLOURS = {
    "completed": "#2a9d6f",
    "failed": "#c8553d",
    "cancelled": "#e0a12d",
    "running": "#5b4bdb",
    "pending": "#b9b4d6",
}


@dataclass(frozen=True, slots=True)
class Overview:
    """Runs by state, by kind and by owner, the most first; and by day and state."""

    statuses: dict[str, int]
    kinds: dict[str, int]
    owners: dict[str, int]
    days: dict[dt.date, dict[str, int]]

    @property
    def runs(self) -> int:
        """All of them."""
        return sum(self.statuses.values())


def overview(connection: sa.Connection, until: dt.date) -> Overview:
    """Count everything there is, and the days to ``until``."""
    first = first_of(SPAN, until)
    start, end = day_bounds(first, until)
    with as_service(connection):
        rows = connection.execute(sa.text(load("ledger/overview")), {"kinds": list(KINDS)}).all()
        daily = connection.execute(sa.text(load("ledger/runs_a_day")), {"first": start, "end": end}).all()
    days: dict[dt.date, dict[str, int]] = {day: {} for day in day_range(first, until)}
    for row in daily:
        days[row.day][row.status] = row.runs
    return Overview(
        statuses={row.status: row.runs for row in rows if row.status is not None},
        kinds={row.kind: row.runs for row in rows if row.status is None and row.owner is None},
        owners={row.owner: row.runs for row in rows if row.owner is not None},
        days=days,
    )


def runs_chart(days: Mapping[dt.date, Mapping[str, int]]) -> bytes:
    """PNG: runs a day, one upon the other by what has become of them."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.add_subplot()
    below = [0] * len(days)
    for status in sorted(STATUSES, key=list(_COLOURS).index):
        runs = [day.get(status, 0) for day in days.values()]
        if any(runs):
            axes.bar(range(len(days)), runs, bottom=below, color=_COLOURS[status], label=status)
        below = [low + more for low, more in zip(below, runs, strict=True)]
    ticks = range(len(days) - 1, -1, -7)
    names = list(days)
    axes.set_xticks(list(ticks), [f"{names[tick]:%d %b}" for tick in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0, top=None if any(below) else 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("Runs a day" if any(below) else "No run in these days")
    if any(below):
        axes.legend(frameon=False, ncols=5, loc="upper left", fontsize=8)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()
