"""Days and months in UTC, which is how everything here counts them.

What belongs here: today, and going between days, months and moments. What does not: reading a day somebody
typed, writing one for people, and which days anything is about.

A stretch of time is half open: its start belongs to it, its end does not. Days and months named in pairs,
``first`` and ``last``, are both included. A month is its first day.
"""

import datetime as dt

_DAY = dt.timedelta(1)


def today() -> dt.date:
    """The UTC day it is now."""
    return day_of(dt.datetime.now(dt.UTC))


def yesterday() -> dt.date:
    """The last UTC day that is over."""
    return today() - _DAY


def day_of(moment: dt.datetime) -> dt.date:
    """The UTC day of a moment, which has a time zone."""
    return moment.astimezone(dt.UTC).date()


def midnight(day: dt.date) -> dt.datetime:
    """The moment a UTC day begins."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def day_bounds(first: dt.date, last: dt.date | None = None) -> tuple[dt.datetime, dt.datetime]:
    """Start and end of the UTC days ``first`` to ``last``, or of ``first`` alone."""
    return midnight(first), midnight((last or first) + _DAY)


def day_range(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from ``first`` to ``last``, in order; none when ``last`` is before ``first``."""
    return [first + number * _DAY for number in range((last - first).days + 1)]


def first_of(days: int, last: dt.date) -> dt.date:
    """The first of the ``days`` days that end with ``last``."""
    return last - (days - 1) * _DAY


def month_of(day: dt.date) -> dt.date:
    """The month a day is in."""
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """The month after."""
    return month_of(month + 31 * _DAY)


def month_bounds(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Start and end of a month."""
    return midnight(month), midnight(next_month(month))
