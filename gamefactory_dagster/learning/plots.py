"""Pictures of what was learned, for people. What does not belong here: numbers nobody stored."""

import io
from collections.abc import Sequence

from .weights import Learned

_BETTER, _WORSE = "#2a9d6f", "#c8553d"

_SHOWN = 12
"""Weights at each end."""

_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def weights_chart(rows: Sequence[Learned]) -> bytes:
    """PNG: the weights farthest from average, the best on top; of pairs that a game has told of.

    ``rows`` as ``weights.stored`` gives them, the best first. Bars grow from 1, on a logarithmic scale: a
    weight of 2 and one of 0.5 are equally far from average.
    """
    from matplotlib.figure import Figure

    told = [row for row in rows if row.sample_count]
    shown = told if len(told) <= 2 * _SHOWN else [*told[:_SHOWN], *told[-_SHOWN:]]
    labels = [f"{row.mechanic}, {row.genre} ({row.sample_count})" for row in shown]
    values = [float(row.weight or 1) for row in shown]
    figure = Figure(figsize=(8, 1.2 + 0.28 * max(len(shown), 2)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(
        range(len(shown)),
        [value - 1 for value in values],
        left=1,
        color=[_BETTER if value >= 1 else _WORSE for value in values],
    )
    axes.set_yticks(range(len(shown)), labels, parse_math=False)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    axes.minorticks_off()
    axes.set_xlim(min([0.5, *values]) / 1.1, max([2, *values]) * 1.1)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlabel("weight; 1 is average for the genre")
    axes.set_title("What was learned: mechanic, genre (games)" if shown else "No game has told anything yet")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()
