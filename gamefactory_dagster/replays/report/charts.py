"""Matches over time, drawn.

What belongs here: which days stand together, and their columns. What does not: axes and shapes
(``gamefactory_dagster/report/charts.py``).
"""

import datetime as dt
import math
from collections.abc import Sequence

from gamefactory_dagster.replays.results import Day, Tally
from gamefactory_dagster.report import charts, parts, words
from gamefactory_dagster.terminal import counted

COLUMNS = 40
"""At most."""

_WIDTHS = (1, 7, 14, 28, 91, 364)
"""Days a column may stand for; where even the last leaves too many, a multiple of it."""

_LABELS = 4


def timeline(days: Sequence[Day]) -> str:
    """Matches won, undecided and lost as columns upon each other; nothing where all are of one day."""
    if len(days) < 2:
        return ""
    bins = columns(days)
    ticks = charts.axis(max(tally.n for _, _, tally in bins))
    heights = [
        [100 * count / ticks[-1] for count in counts]
        for counts in zip(*((tally.won, tally.drawn, tally.lost) for _, _, tally in bins), strict=True)
    ]
    won, drawn, lost = heights
    below = [one + other for one, other in zip(won, drawn, strict=True)]
    shapes = (
        f'<path class="fill-a" d="{charts.columns(won)}"/>'
        f'<path class="fill-f" d="{charts.columns(drawn, won)}"/>'
        f'<path class="fill-c" d="{charts.columns(lost, below)}"/>'
        + charts.hints(f"{_when(first, last)}: {_counts(tally)}" for first, last, tally in bins)
    )
    total = sum((tally for _, _, tally in bins), Tally())
    told = f"Matches over time, {_when(bins[0][0], bins[-1][1])}. Altogether {_counts(total)}."
    every = math.ceil(len(bins) / _LABELS)
    labels = [
        (100 * (place + 0.5) / len(bins), f"{bins[place][0].day} {bins[place][0]:%b}")
        for place in range(0, len(bins), every)
    ]
    wide = (bins[0][1] - bins[0][0]).days + 1
    title = "Matches by day" if wide == 1 else f"Matches in {wide} days each"
    undecided = [("fill-f", "undecided")] if total.drawn else []
    picture = charts.plot(told, charts.svg(len(bins), shapes), ticks, words.short, labels)
    return parts.figure(title, [("fill-a", "won"), *undecided, ("fill-c", "lost")], picture)


def columns(days: Sequence[Day]) -> list[tuple[dt.date, dt.date, Tally]]:
    """First day, last day and matches of columns of one width, without a gap; ``days`` are in order."""
    span = (days[-1].date - days[0].date).days + 1
    wide = next((width for width in _WIDTHS if span <= width * COLUMNS), None)
    wide = wide or _WIDTHS[-1] * math.ceil(span / (_WIDTHS[-1] * COLUMNS))
    tallies = [Tally() for _ in range(math.ceil(span / wide))]
    for day in days:
        tallies[(day.date - days[0].date).days // wide] += day.matches
    starts = [days[0].date + dt.timedelta(wide * place) for place in range(len(tallies))]
    return [
        (start, start + dt.timedelta(wide - 1), tally) for start, tally in zip(starts, tallies, strict=True)
    ]


def _when(first: dt.date, last: dt.date) -> str:
    return words.day_text(first) if first == last else f"{words.day_text(first)} to {words.day_text(last)}"


def _counts(tally: Tally) -> str:
    undecided = f", {tally.drawn:,} undecided" if tally.drawn else ""
    return f"{counted(tally.n, 'match', 'matches')}, {tally.won:,} won, {tally.lost:,} lost{undecided}"
