"""What the page is put together from: rates as bars and dots, records, names, long tables folded.

What belongs here: HTML that knows of tallies and nothing else of replays. What does not: where it stands.
"""

from collections.abc import Sequence
from html import escape
from typing import Literal

from gamefactory_dagster.replays.results import Tally
from gamefactory_dagster.report import parts, words
from gamefactory_dagster.report.parts import Column
from gamefactory_dagster.terminal import counted

LONGEST = 80
"""Characters of a name that are shown; the pointer shows all."""

FOLDED = 300
"""Rows that unfold, at most."""

KEYS = [("key-won", "share won"), ("key-sure", "95 % interval"), ("key-half", "one half")]


def name(value: str, longest: int = LONGEST) -> str:
    """A name a stranger gave: escaped, apart from the direction of the writing around it, and not endless."""
    if len(value) <= longest:
        return words.name(value)
    return f'<span title="{escape(value)}">{words.name(value[: longest - 1])}…</span>'


def rate(tally: Tally) -> str:
    """The share won, with its interval."""
    return words.rate(tally.won, tally.n)


def won_of(tally: Tally) -> str:
    """The share won, with its interval, and of how many."""
    return f"{rate(tally)}<small>{tally.won:,} of {tally.n:,}</small>" if tally.n else words.NONE


def record(tally: Tally, of: Literal["match", "game"]) -> str:
    """Won, lost and, where there are such, drawn; and how many that is."""
    drawn = f"–{tally.drawn:,}" if tally.drawn else ""
    many = counted(tally.n, of, "matches" if of == "match" else None)
    return f'<span class="record">{tally.won:,}–{tally.lost:,}{drawn}</span><small>{many}</small>'


def under_bar(label: str, tally: Tally) -> str:
    """A label, and under it the share won as a bar with its interval."""
    return f"{label}{_drawn(tally, 'bar-of')}"


def under_dot(label: str, tally: Tally) -> str:
    """A label, and under it the share won as a dot on its interval."""
    return f"{label}{_drawn(tally, 'dot-of')}"


def _drawn(tally: Tally, kind: str) -> str:
    """For the eye alone: the numbers stand beside it."""
    share, between = tally.rate, tally.interval
    if share is None or between is None:
        return ""
    low, high = between
    won = f'<i class="won" style="--share:{100 * share:.1f}%"></i>'
    sure = f'<i class="sure" style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></i>'
    return f'<span class="share {kind}" aria-hidden="true">{won}{sure}</span>'


def folded(
    anchor: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], first: int
) -> str:
    """A table of the ``first`` rows, and one of the others that unfolds."""
    shown = parts.table(anchor, caption, columns, rows[:first])
    rest = rows[first:]
    said = f"and {len(rest):,} more"
    return shown + (
        unfolding(said, f"{anchor}-more", f"{caption}, the others", columns, rest) if rest else ""
    )


def unfolding(
    said: str, anchor: str, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> str:
    """A table that unfolds from what is ``said`` of it; so many of its rows as a browser bears."""
    some = f", the first {FOLDED} of them" if len(rows) > FOLDED else ""
    table = parts.table(anchor, caption, columns, rows[:FOLDED])
    return f"<details><summary>{said}{some}</summary>{table}</details>"
