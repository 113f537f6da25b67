"""Small PNG pictures of the metrics, for the metadata of assets in the Dagster UI.

What belongs here: drawing. What does not: reading (``trends.py``), and the report's charts, which are SVG.

The paper is opaque, so that a picture reads the same in the UI's light and dark theme. Equal data give equal
bytes. Names of games are data: never markup, never mathematics.
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gamefactory_dagster.days import first_of

from . import trends

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPAN = 30
"""Days a picture covers, the last one included."""

TOP = 10
"""Games in the picture of the best."""

_PAPER, _INK, _SOFT, _LINE = "#fbfaff", "#1d1a33", "#5d5877", "#dfdcee"
_FIRST, _SECOND = "#5b4bdb", "#e0862d"
_NAME_LENGTH = 30


def activity(connection: sa.Connection, until: dt.date) -> bytes:
    """PNG of active players and installs a day, over the 30 days to ``until``."""
    days = trends.days(connection, first_of(SPAN, until), until)
    figure, axes = _paper(f"Players a day, 30 days to {until}")
    if any(day.dau or day.installs for day in days):
        _draw_activity(axes, days)
    else:
        _say(axes, "No players in these 30 days")
    return _png(figure)


def retention(connection: sa.Connection, until: dt.date) -> bytes:
    """PNG of pooled retention on days 0, 1, 7 and 30, of the cohorts that came to those days by ``until``."""
    kept = trends.retention(connection, first_of(SPAN, until), until)
    figure, axes = _paper(f"Retention, 30 days to {until}")
    known = [(one, one.share) for one in kept if one.share is not None]
    if known:
        _draw_retention(axes, known)
    else:
        _say(axes, "Nobody has installed a game yet")
    return _png(figure)


def top_games(connection: sa.Connection, until: dt.date) -> bytes:
    """PNG of the ten games with the best score, as it last was in the 30 days to ``until``."""
    games = trends.best_games(connection, first_of(SPAN, until), until, TOP)
    figure, axes = _paper(f"Best scores, {until}")
    if games:
        _draw_games(axes, games)
    else:
        _say(axes, "No game has a score yet")
    return _png(figure)


def _draw_activity(axes: "Axes", days: Sequence[trends.Day]) -> None:
    from matplotlib.ticker import MaxNLocator

    gap = float("nan")  # a day nobody computed is a gap, not a zero
    places = range(len(days))
    installs = [day.installs if day.computed else 0 for day in days]
    dau = [day.dau if day.computed else gap for day in days]
    axes.bar(places, installs, width=0.7, color=_SECOND, label="installs")
    axes.plot(places, dau, color=_FIRST, linewidth=2, marker="o", markersize=3.5, label="active players")
    ticks = places[:: -max(1, len(days) // 5)][::-1]
    axes.set_xticks(ticks, labels=[f"{days[place].date:%d %b}" for place in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=_LINE, linewidth=0.8)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 0.99), ncols=2, frameon=False, labelcolor=_INK)


def _draw_retention(axes: "Axes", known: Sequence[tuple[trends.Kept, float]]) -> None:
    places = range(len(known))
    shares = [100 * share for _, share in known]
    axes.plot(places, shares, color=_FIRST, linewidth=2, marker="o", markersize=6)
    axes.fill_between(places, shares, color=_FIRST, alpha=0.12, linewidth=0)
    for place, share in zip(places, shares, strict=True):
        axes.annotate(f"{share:.1f}%", (place, share), (6, 5), textcoords="offset points", color=_INK)
    axes.set_xticks(places, labels=[f"day {one.day}\n{one.cohort:,} players" for one, _ in known])
    axes.set_xlim(-0.4, len(known) - 0.6)
    axes.set_ylim(0, 118)
    axes.set_yticks([0, 25, 50, 75, 100], labels=["0", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=_LINE, linewidth=0.8)


def _draw_games(axes: "Axes", games: Sequence[trends.Ranked]) -> None:
    places = range(len(games))
    scores = [float(game.score) for game in games]
    axes.barh(places, scores, height=0.68, color=_FIRST)
    for place, score in zip(places, scores, strict=True):
        axes.annotate(
            f"{score:.1f}", (score, place), (5, 0), textcoords="offset points", va="center", color=_INK
        )
    axes.set_yticks(places, labels=[_short(game.name) for game in games], parse_math=False)
    axes.set_ylim(TOP - 0.4, -0.6)
    axes.set_xlim(0, 110)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.grid(axis="x", color=_LINE, linewidth=0.8)


def _short(name: str) -> str:
    plain = " ".join(name.split())
    return plain if len(plain) <= _NAME_LENGTH else f"{plain[: _NAME_LENGTH - 1]}…"


def _say(axes: "Axes", message: str) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, message, transform=axes.transAxes, ha="center", va="center", color=_SOFT, fontsize=13)


def _paper(title: str) -> tuple["Figure", "Axes"]:
    """A figure of its own, not pyplot's: nothing global, nothing to close, safe in any thread."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.1)  # inches
    figure = Figure(figsize=(7.2, 3.2), dpi=100, facecolor=_PAPER, layout=layout)
    figure.suptitle(title, x=0.02, ha="left", color=_INK, fontsize=12, fontweight="bold")
    axes: Any = figure.add_subplot(facecolor=_PAPER)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=_SOFT, labelcolor=_INK, length=0, labelsize=9)
    axes.set_axisbelow(True)
    return figure, axes


def _png(figure: "Figure") -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None}, pil_kwargs={"optimize": True})
    return content.getvalue()
