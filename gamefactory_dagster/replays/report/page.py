"""The page of a report: what stands on it, in which order. Pure: a report in, HTML out.

What belongs here: its top and foot, the table of a team, what could not be read. What does not: what there
is to say of one player (``player.py``), and the document (``gamefactory_dagster/report/document.py``).
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from gamefactory_dagster.replays.results import Games, Player, Remark, Report, Tally
from gamefactory_dagster.report import parts, words
from gamefactory_dagster.report.document import document, header
from gamefactory_dagster.report.parts import Column
from gamefactory_dagster.terminal import counted

from . import player
from .pieces import name, rate, record

REMARKS = 8
"""Remarks that are shown at once; the others unfold."""

_FOOT = (
    "<p>A rate is what was won of all; beside it stands where the true share lies with 95 % confidence"
    " (Wilson), which few games leave wide open. A drawn game counts as a game and not as a win. A match in"
    " which nobody is ahead is undecided, and counts as one not won.</p>"
    "<p>Decks are told by the cards a player was seen with in a match; what everybody plays says little. How"
    " sure that is follows from how far any other deck is behind in overlap. A card counts in the games its"
    " player was seen with it: that says what went along with winning, not what caused it. Cards are ranked"
    " by (wins + 25) / (games + 50), so that luck in few games does not lead. Days are as the site dates"
    " them.</p>"
)


def render(report: Report) -> str:
    """Make the page, one HTML document that asks the network for nothing."""
    several = report.team is not None or len(report.players) > 1
    whom = report.team if report.team is not None else ", ".join(one.name for one in report.players)
    content = (
        _remarks(report)
        + (_team(report) if several else "")
        + "".join(player.section(one, place) for place, one in enumerate(report.players))
    )
    title = f"Replay report, {whom[:60]}" if whom else "Replay report"
    return document(title, _top(report, several), content, _FOOT, _looks())


@cache
def _looks() -> str:
    return (Path(__file__).parent / "replays.css").read_text(encoding="utf-8")


def _top(report: Report, several: bool) -> str:
    days = f" · {words.span(*report.days)}" if report.days else ""
    under = f'{counted(report.replays, "replay")}<span class="soft">{days}</span>'
    links = [(player.anchor(place), name(one.name)) for place, one in enumerate(report.players)]
    title = "Replay report" if report.team is None else name(report.team)
    return header(title, under, links if several and len(links) <= 12 else [])


def _team(report: Report) -> str:
    """All players side by side, and all together."""
    columns = (
        Column("Player"),
        Column("Matches won", "The share, and its 95 % interval"),
        Column("Matches", "Won, lost, undecided"),
        Column("Games won", "The share, and its 95 % interval"),
        Column("Games", "Won, lost, drawn"),
        Column("First", "Games won of those going first"),
        Column("Second", "Games won of those going second"),
    )
    rows = [
        _line(f'<a href="#{player.anchor(place)}">{name(one.name)}</a>', [one])
        for place, one in enumerate(report.players)
    ]
    if len(rows) > 1:
        rows.append(_line("All together", report.players))
    return parts.section("all", "All players", parts.table("players", "All players", columns, rows))


def _line(label: str, players: Sequence[Player]) -> list[str]:
    matches = sum((one.matches for one in players), Tally())
    games = sum((one.games for one in players), Tally())
    turns: list[Games] = [kind for one in players for kind in one.turn]
    first, second = (
        sum((kind.games for kind in turns if kind.name == label), Tally())
        for label in ("Going first", "Going second")
    )
    return [
        label,
        rate(matches),
        record(matches, "match"),
        rate(games),
        record(games, "game"),
        rate(first),
        rate(second),
    ]


def _remarks(report: Report) -> str:
    unread = _listed(
        f"{counted(len(report.unread), 'file')} could not be read. Everything else is reported.",
        report.unread,
    )
    notes = _listed(f"{counted(len(report.notes), 'remark')} on what was read.", report.notes)
    return f'<div class="attention">{unread}{notes}</div>' if unread or notes else ""


def _listed(title: str, remarks: Sequence[Remark]) -> str:
    if not remarks:
        return ""
    items = [f"<li><b>{name(one.source)}</b> <span>{words.name(one.text)}</span></li>" for one in remarks]
    more = "".join(items[REMARKS:])
    folded = f"<details><summary>and {len(items) - REMARKS:,} more</summary><ul>{more}</ul></details>"
    return f"<h2>{title}</h2><ul>{''.join(items[:REMARKS])}</ul>{folded if more else ''}"
