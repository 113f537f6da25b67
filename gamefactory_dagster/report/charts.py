"""The page's charts: shapes in SVG that stretch with the page, words around them in HTML that do not.

What belongs here: drawing numbers. What does not: what they mean, and colours (``report.css``).

A shape's box is 100 high, a day is 1 wide, and it is stretched to its place; lines keep their width.
Each chart is one picture to a screen reader, described in words; the numbers are in a table beside it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import groupby

from gamefactory_dagster.analytics.trends import Day, Kept, interval_of

from . import words

LABELS = 5
"""Dates under a chart, at most."""

_CURVE_LEFT, _CURVE_RIGHT = 7, 86
"""Percent of the curve's width where day 0 and the last day stand: labels need the rest."""


def players(days: Sequence[Day]) -> str:
    """Active players as a line over installs as columns; a day that was not computed is a gap."""
    ticks = axis(max((max(day.dau, day.installs) for day in days), default=0))
    active = [100 * day.dau / ticks[-1] if day.computed else None for day in days]
    shapes = (
        f'<path class="fill-b" d="{columns([100 * day.installs / ticks[-1] for day in days])}"/>'
        + f'<g class="bare" transform="translate(.5)">{_line(active)}</g>'
        + hints(
            f"{words.day_text(day.date)}: {day.dau:,} active, {day.installs:,} installs"
            if day.computed
            else f"{words.day_text(day.date)}: not computed"
            for day in days
        )
    )
    busiest = max(days, key=lambda day: day.dau)
    told = (
        f"Active players and installs by day. Most active players: {busiest.dau:,} on "
        f"{words.day_text(busiest.date)}; on the last day {days[-1].dau:,}."
    )
    return plot(told, svg(len(days), shapes), ticks, words.short, _dates(days))


def revenue(days: Sequence[Day]) -> str:
    """Ad and in-app revenue as columns, one upon the other."""
    ticks = axis(max((day.ad_revenue_cents + day.iap_revenue_cents for day in days), default=0))
    ads = [100 * day.ad_revenue_cents / ticks[-1] for day in days]
    iap = [100 * day.iap_revenue_cents / ticks[-1] for day in days]
    shapes = (
        f'<path class="fill-a" d="{columns(ads)}"/><path class="fill-b" d="{columns(iap, ads)}"/>'
        + hints(
            f"{words.day_text(day.date)}: {words.usd_text(day.ad_revenue_cents)} ads, "
            f"{words.usd_text(day.iap_revenue_cents)} in-app"
            for day in days
        )
    )
    total_ads = sum(day.ad_revenue_cents for day in days)
    total_iap = sum(day.iap_revenue_cents for day in days)
    told = (
        f"Revenue by day. Altogether {words.usd_text(total_ads)} from ads and "
        f"{words.usd_text(total_iap)} from in-app purchases."
    )
    return plot(told, svg(len(days), shapes), ticks, words.short_usd, _dates(days))


def curve(kept: Sequence[Kept]) -> str:
    """Retention by day since the install, days on a logarithmic scale; upright lines are 95 % intervals."""
    furthest = math.log1p(max(one.day for one in kept))
    points = [
        (_CURVE_LEFT + (_CURVE_RIGHT - _CURVE_LEFT) * math.log1p(one.day) / furthest, 100 * one.share, one)
        for one in kept
        if one.share is not None
    ]
    path = "".join(f"{'L' if place else 'M'}{_n(x)} {_n(100 - y)}" for place, (x, y, _) in enumerate(points))
    floor = f"L{_n(points[-1][0])} 100L{_n(points[0][0])} 100Z"
    dots = "".join(f"M{_n(x)} {_n(100 - y)}h0" for x, y, _ in points)
    sure = "".join(
        f"M{_n(x)} {_n(100 - 100 * between[0])}V{_n(100 - 100 * between[1])}"
        for x, _, one in points
        if one.day and (between := interval_of(one.returned, one.cohort))
    )
    shapes = (
        f'<path class="area" d="{path}{floor}"/><path class="line" d="{path}"/>'
        f'<path class="sure" d="{sure}"/><path class="dots" d="{dots}"/>'
    )
    marks = "".join(
        f'<span class="mark" style="left:{_n(x)}%;bottom:{_n(y)}%">{words.percent_text(y / 100)}</span>'
        for x, y, _ in points
    )
    told = "Retention. " + ", ".join(
        f"day {one.day}: {words.percent_text(y / 100)} of {one.cohort:,} players" for _, y, one in points
    )
    labels = [(x, f"Day {one.day}") for x, _, one in points]
    return plot(told, svg(100, shapes) + marks, [0, 25, 50, 75, 100], lambda tick: f"{tick:g}%", labels)


def sparkline(values: Sequence[float | None]) -> str:
    """A line without words, from zero up; the number it goes with stands beside it. None is a gap."""
    highest = max((value for value in values if value is not None), default=0)
    if not highest or len(values) < 2:
        return ""
    heights = [None if value is None else 96 * value / highest for value in values]
    return f'<div class="spark">{svg(len(values) - 1, _line(heights))}</div>'


def axis(highest: float) -> list[float]:
    """Round numbers from 0 to at least ``highest``, three to six of them, whole ones."""
    rough = max(highest, 2) / 4
    size = 10 ** math.floor(math.log10(rough))
    step = max(1, next(factor * size for factor in (1, 2, 5, 10) if factor * size >= rough))
    return [step * number for number in range(max(2, math.ceil(highest / step)) + 1)]


def plot(
    told: str,
    picture: str,
    ticks: Sequence[float],
    say: Callable[[float], str],
    labels: Sequence[tuple[float, str]],
) -> str:
    """A picture with its axes: ``ticks`` from the bottom up, ``labels`` under it at percent from the left.

    ``told`` is what a screen reader says of it; all but ``picture`` is text.
    """
    lines = "".join(
        f'<span style="bottom:{_n(100 * tick / ticks[-1])}%">{escape(say(tick))}</span>' for tick in ticks
    )
    under = "".join(f'<span style="left:{_n(left)}%">{escape(text)}</span>' for left, text in labels)
    return (
        f'<div class="plot" role="img" aria-label="{escape(told)}"><div class="ys">{lines}</div>'
        f'<div class="area-box">{picture}</div><div class="xs">{under}</div></div>'
    )


def svg(width: int, shapes: str) -> str:
    """A picture ``width`` by 100 that is stretched to its place."""
    return f'<svg viewBox="0 0 {width} 100" preserveAspectRatio="none" aria-hidden="true">{shapes}</svg>'


def columns(heights: Sequence[float], below: Sequence[float] | None = None) -> str:
    """One path of columns a day wide with a little air, each from what is ``below`` it."""
    floors = below or [0.0] * len(heights)
    return "".join(
        f"M{place + 0.14:g} {_n(100 - floor)}v{_n(-height)}h.72v{_n(height)}z"
        for place, (height, floor) in enumerate(zip(heights, floors, strict=True))
        if height > 0
    )


def _line(heights: Sequence[float | None]) -> str:
    """A line from point to point, 1 apart, and the area under it; a stretch of its own after each gap."""
    area = line = ""
    for known, stretch in groupby(enumerate(heights), key=lambda pair: pair[1] is not None):
        if not known:
            continue
        points = [(place, 100 - (height or 0.0)) for place, height in stretch]
        path = "L".join(f"{place} {_n(y)}" for place, y in points)
        line += f"M{path}" + ("h0" if len(points) == 1 else "")
        area += f"M{path}V100H{points[0][0]}Z"
    return f'<path class="area" d="{area}"/><path class="line" d="{line}"/>'


def hints(texts: Iterable[str]) -> str:
    """Invisible columns that say a day's numbers under the pointer."""
    return "".join(
        f'<path class="hint" d="M{place} 0h1v100h-1z"><title>{escape(text)}</title></path>'
        for place, text in enumerate(texts)
    )


def _dates(days: Sequence[Day]) -> list[tuple[float, str]]:
    """Labels for a few of the days, evenly spaced back from the last: percent from the left, and text."""
    every = max(1, math.ceil(len(days) / LABELS))
    return [
        (100 * (place + 0.5) / len(days), f"{days[place].date.day} {days[place].date:%b}")
        for place in range(len(days) - 1, -1, -every)
    ]


def _n(number: float) -> str:
    return f"{round(number, 2):g}"
