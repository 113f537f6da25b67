"""How values read on the page: numbers, money, days, names.

What belongs here: one value to its HTML or its text. What does not: anything made of several (``parts.py``).

A number is a ``data`` element that holds the exact value beside the rounded one people read, so a script (and
a test) can take it from the page.
"""

import datetime as dt
from decimal import Decimal
from html import escape
from urllib.parse import urlsplit

from gamefactory_dagster.analytics.trends import interval_of

NONE = '<span class="none" title="Nothing to count yet">–</span>'
"""Shown where a rate has no trials."""


def whole(value: int) -> str:
    """A count: 12,345."""
    return _data(value, f"{value:,}")


def percent(share: float | None) -> str:
    """A share of 1, to a tenth of a percent."""
    return NONE if share is None else _data(round(share, 6), percent_text(share))


def rate(part: int, trials: int) -> str:
    """A share of trials with its 95 % interval beside it: 12.3% 10.2–14.8."""
    if not trials:
        return NONE
    share = part / trials
    return _data(round(share, 6), f"{percent_text(share)} {between(part, trials)}")


def between(part: int, trials: int) -> str:
    """The 95 % interval of a share of trials; nothing without a trial."""
    bounds = interval_of(part, trials)
    if bounds is None:
        return ""
    low, high = (f"{100 * bound:.1f}" for bound in bounds)
    return f'<small class="between" title="95 % sure to be between {low}% and {high}%">{low}–{high}</small>'


def percent_text(share: float) -> str:
    """The same as text."""
    return f"{100 * share:.1f}%"


def usd(cents: int) -> str:
    """US cents as dollars: $1,234.56."""
    return _data(cents, usd_text(cents))


def usd_text(cents: int) -> str:
    """The same as text."""
    return f"${cents / 100:,.2f}"


def decimal(value: Decimal | None, places: int) -> str:
    """A score or weight."""
    return NONE if value is None else _data(value, f"{value:.{places}f}")


def short(value: float) -> str:
    """A number for an axis, as text: 950, 1.2k, 3M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def short_usd(cents: float) -> str:
    """US cents for an axis, as text: $0.50, $12, $1.2k."""
    dollars = cents / 100
    return f"${dollars:.2f}" if 0 < dollars < 1 else f"${short(dollars)}"


def day(date: dt.date) -> str:
    """30 Mar 2026."""
    return f'<time datetime="{date}">{day_text(date)}</time>'


def day_text(date: dt.date) -> str:
    """The same as text."""
    return f"{date.day} {date:%b} {date.year}"


def moment(at: dt.datetime) -> str:
    """30 Mar 2026, 05:00 UTC."""
    at = at.astimezone(dt.UTC)
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{day_text(at.date())}, {at:%H:%M} UTC</time>'


def span(first: dt.date, last: dt.date) -> str:
    """1 Mar 2026 – 30 Mar 2026, the year said once where it is the same."""
    start = f"{first.day} {first:%b}" if first.year == last.year else day_text(first)
    return f'<time datetime="{first}">{start}</time> – {day(last)}' if first != last else day(last)


def name(value: str) -> str:
    """A name somebody gave: escaped, and set apart from the direction of the writing around it."""
    return f"<bdi>{escape(value)}</bdi>"


def label(value: str) -> str:
    """A word of a table such as ``in_progress``, as people write it: In progress."""
    return escape(f"{value[:1].upper()}{value[1:]}".replace("_", " "))


def link(url: str | None, text: str) -> str:
    """``text`` (HTML) as a link; just the text unless ``url`` is one a browser may be sent to."""
    if url is None or not _is_web(url):
        return text
    return f'<a href="{escape(url)}" rel="noreferrer">{text}</a>'


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _data(value: object, shown: str) -> str:
    return f'<data value="{value}">{shown}</data>'
