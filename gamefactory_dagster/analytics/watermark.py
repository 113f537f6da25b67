"""How far the late events sensor has got: what it keeps between two looks. Pure, but for reading the clock.

What belongs here: since when to look, and when to look again after a run that failed. What does not: which
days are out of date (``late.py``), and asking for runs (``defs/sensors.py``).
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Self

import sqlalchemy as sa

from gamefactory_dagster.database.sql import load

OVERLAP = dt.timedelta(minutes=15)
"""Looked at twice: a collector says itself when it received events, and stores them a little later."""

LONGEST_WAIT = dt.timedelta(hours=1)
"""Between two tries at days that fail again and again."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """The sensor's cursor. Days touched by events received before ``since`` are dealt with."""

    since: dt.datetime
    seen: dt.datetime | None = None
    """Until when the last look saw everything; becomes ``since`` when its runs have succeeded."""
    run_keys: tuple[str, ...] = ()
    """Runs the last look asked for."""
    whole: bool = True
    """Whether it asked for all that was to do."""
    failures: int = 0
    """Looks in a row whose runs did not all succeed."""

    @classmethod
    def start(cls, now: dt.datetime, horizon_days: int) -> Self:
        """The first one: what came in longer ago than the horizon would not be computed anyway."""
        return cls(now - dt.timedelta(days=horizon_days))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``as_json`` wrote."""
        values = json.loads(text)
        for name in ("since", "seen"):
            values[name] = values[name] and dt.datetime.fromisoformat(values[name])
        return cls(**{**values, "run_keys": tuple(values["run_keys"])})

    def as_json(self) -> str:
        """Text for Dagster to keep."""
        return json.dumps(asdict(self), default=dt.datetime.isoformat)

    def settled(self, succeeded: Sequence[bool]) -> Self:
        """The watermark after the runs it asked for have ended: moved on if nothing is left to do."""
        if self.seen is None:
            return self
        if not all(succeeded):
            return replace(self, run_keys=(), failures=self.failures + 1)
        since = self.seen if self.whole else self.since
        return replace(self, since=since, run_keys=(), whole=True, failures=0)

    def must_wait(self, now: dt.datetime) -> bool:
        """Whether it is too early to try again what failed: 2, 4, 8 minutes and so on, up to an hour."""
        pause = min(dt.timedelta(minutes=2 ** min(self.failures, 10)), LONGEST_WAIT)
        return self.failures > 0 and self.seen is not None and now < self.seen + pause

    def looked(self, seen: dt.datetime, run_keys: Iterable[str], *, whole: bool) -> Self:
        """The watermark after another look."""
        return replace(self, seen=seen, run_keys=tuple(run_keys), whole=whole)

    @property
    def look_from(self) -> dt.datetime:
        """Since when to look."""
        return self.since - OVERLAP


def visible_until(connection: sa.Connection) -> dt.datetime:
    """The moment before which everything received can be seen, by the database's clock."""
    moment: dt.datetime = connection.execute(sa.text(load("analytics/watermark"))).scalar_one()
    return moment


def spans(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each stretch without a gap, in order."""
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == dt.timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
