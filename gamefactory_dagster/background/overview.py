"""The queue of background jobs in numbers, everybody's together: its depth, age, speed and ailments.

What belongs here: counting, and the picture of the last day. What does not: whose job did what
(``reading.py``), and whether a number is as it should be (``checks.py``).

Everything is counted from the rows, which are the truth; of the queues' own tables only the dead letters and
what vacuum has left to do. Asked as our own role, which owns the table.
"""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

from .queue import messages_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEP = dt.timedelta(minutes=10)
STEPS = 144
"""Of the picture: the last day."""

_PAPER, _INK, _SOFT, _LINE = "#fbfaff", "#1d1a33", "#5d5877", "#dfdcee"
_COLOURS = {"completed": "#2a9d6f", "failed": "#c8553d", "entered": "#5b4bdb"}


@dataclass(frozen=True, slots=True)
class Step:
    """Ten minutes: jobs that were entered and that ended in them, and how many had not ended after them."""

    start: dt.datetime
    entered: int
    ended: int
    failed: int
    depth: int


@dataclass(frozen=True, slots=True)
class OldestTransaction:
    """What has been open longest in this database: until it ends, no row it could see is cleared away."""

    pid: int
    seconds: float
    state: str
    what: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue at a moment. What waits could be taken up now; what is to be tried again later is not due.

    ``retries`` are those of the jobs that have not ended, or ended within the day.
    """

    at: dt.datetime
    waiting: dict[str, int]
    not_due: int
    at_work: int
    oldest_seconds: float | None
    completed_hour: int
    failed_hour: int
    completed_day: int
    failed_day: int
    retries: int
    dead_letters: int
    dead_tuples: dict[str, int]
    oldest_transaction: OldestTransaction | None
    steps: list[Step]

    @property
    def depth(self) -> int:
        """All that have not ended."""
        return sum(self.waiting.values()) + self.not_due + self.at_work


def overview(connection: sa.Connection, queue: str) -> Overview:
    """Count everything there is; ``queue`` is the settings' name of the queue."""
    at: dt.datetime = connection.execute(sa.select(sa.func.now())).scalar_one()
    unended = dict(connection.execute(sa.text(load("background/unended"))).mappings().one())
    ended = dict(connection.execute(sa.text(load("background/ended"))).mappings().one())
    waiting = {name: unended.pop(name) for name in ("high", "normal", "low")}
    retries = unended.pop("retries") + ended.pop("retries")
    depth = sum(waiting.values()) + unended["not_due"] + unended["at_work"]
    return Overview(
        at=at,
        waiting=waiting,
        **unended,
        **ended,
        retries=retries,
        dead_letters=dead_letters(connection, queue),
        dead_tuples=dead_tuples(connection, queue),
        oldest_transaction=oldest_transaction(connection),
        steps=_steps(connection, at, depth),
    )


def dead_letters(connection: sa.Connection, queue: str) -> int:
    """How many messages lie in the dead-letter queue; none where there has been no job in this queue yet."""
    dead = f"{queue}_dead"
    if connection.scalar(sa.select(sa.func.to_regclass(f"pgmq.q_{dead}"))) is None:
        return 0
    found = sa.select(sa.func.count()).select_from(messages_in(dead))
    return int(connection.execute(found).scalar_one())


def dead_tuples(connection: sa.Connection, queue: str) -> dict[str, int]:
    """Rows that are gone and still take room, by table, the most first; as PostgreSQL last counted them."""
    found = connection.execute(sa.text(load("background/dead_tuples")), {"queue": queue})
    return {row.name: row.dead for row in found}


def oldest_transaction(connection: sa.Connection) -> OldestTransaction | None:
    """The oldest of the other transactions in this database; None where no other is open."""
    row = connection.execute(sa.text(load("background/oldest_transaction"))).mappings().one_or_none()
    return None if row is None else OldestTransaction(**row)


def _steps(connection: sa.Connection, at: dt.datetime, depth: int) -> list[Step]:
    """The day to ``at`` in steps; the last ends now, and there are as many left as ``depth``."""
    first = at - STEPS * STEP
    asked = {"first": first, "step": STEP}
    rows: dict[int, Any] = {
        row.step: row for row in connection.execute(sa.text(load("background/day")), asked)
    }
    steps = []
    for number in reversed(range(STEPS)):
        row = rows.get(number)
        entered, ended, failed = (row.entered, row.ended, row.failed) if row else (0, 0, 0)
        steps.append(Step(first + number * STEP, entered, ended, failed, depth))
        depth -= entered - ended
    return steps[::-1]


def day_chart(steps: Sequence[Step]) -> bytes:
    """PNG of the day: above how many had not ended, below how many came and ended every ten minutes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.2), layout="constrained", facecolor=_PAPER)
    above, below = figure.subplots(2, 1, sharex=True)
    starts: Any = [step.start for step in steps]
    ends: Any = [step.start + STEP for step in steps]
    depths = [step.depth for step in steps]
    well, failed = [step.ended - step.failed for step in steps], [step.failed for step in steps]
    entered = [step.entered for step in steps]
    above.plot(ends, depths, color=_COLOURS["entered"], linewidth=1.6)
    above.fill_between(ends, depths, color=_COLOURS["entered"], alpha=0.15, linewidth=0)
    wide: Any = {"width": STEP * 0.9, "align": "edge"}
    below.bar(starts, well, color=_COLOURS["completed"], label="completed", **wide)
    below.bar(starts, failed, bottom=well, color=_COLOURS["failed"], label="failed", **wide)
    below.step(starts, entered, where="post", color=_COLOURS["entered"], linewidth=1.2, label="entered")
    some = any([*depths, *entered, *well, *failed])
    _furnish(above, "Jobs that had not ended" if some else "No background job in this day", depths)
    _furnish(below, "Entered and ended, every ten minutes (UTC)" if some else "", [*entered, *well, *failed])
    ticks: Any = _hours(steps)
    below.set_xticks(ticks, [f"{tick:%H:%M}" for tick in ticks])
    below.set_xlim(starts[0], ends[-1])
    if some:
        place: Any = {"loc": "lower right", "bbox_to_anchor": (1, 0.98)}  # beside the title
        below.legend(frameon=False, ncols=3, fontsize=8, labelcolor=_SOFT, **place)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def _furnish(axes: "Axes", title: str, values: Sequence[int]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(title, loc="left", color=_INK, fontsize=11)
    axes.set_facecolor(_PAPER)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_LINE)
    axes.tick_params(colors=_SOFT)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0, top=None if any(values) else 1)


def _hours(steps: Sequence[Step]) -> list[dt.datetime]:
    """Every fourth full hour within the steps, in UTC."""
    first = steps[0].start.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    hours = [first + number * dt.timedelta(hours=1) for number in range(1, 25)]
    return [hour for hour in hours if hour.hour % 4 == 0 and hour <= steps[-1].start + STEP]
