"""A play of a recording as what matters of it: what kind it is, who did it, and the lines of its log.

What belongs here: the recording's words, and how little of a play has to be there. What does not: what
follows from one (``outcomes.py``). A chat line is somebody's words and never tells anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from .records import Ending

Kind = Literal["first", "loss", "next", "rematch", "other"]

_KINDS: dict[str, tuple[Kind, Ending | None]] = {
    "Pick first": ("first", None),
    "Admit defeat": ("loss", "admitted"),
    "Quit duel": ("loss", "quit"),
    "Game loss": ("loss", "game loss"),
    "Match loss": ("loss", "match loss"),
    "Begin next duel": ("next", None),
    "Back to RPS": ("next", None),
    "Accept rematch": ("rematch", None),
}

GOES_FIRST, GOES_SECOND = "Chose to go first", "Chose to go second"

_LINES: dict[str, tuple[Kind, Ending | None]] = {
    GOES_FIRST: ("first", None),
    GOES_SECOND: ("first", None),
    "Admitted defeat": ("loss", "admitted"),
    "Lost Duel": ("loss", "quit"),
    "Received a game loss by a judge": ("loss", "game loss"),
    "Received a match loss by a judge": ("loss", "match loss"),
    "Accepted the rematch offer": ("rematch", None),
}
"""What tells the same where a play does not say its name."""

_CHAT = {"Duel message", "Watcher message"}


class Line(NamedTuple):
    """A line of the log: who did it, what everybody read, and what only he did where that was more."""

    username: str | None
    public: str
    private: str


@dataclass(frozen=True, slots=True)
class Play:
    """What matters of one play."""

    kind: Kind
    ending: Ending | None
    """Of a loss."""
    username: str | None
    owner: str | None
    """Whose cards are meant where they are not his who moved them."""
    seconds: int | None
    """Since the recording began."""
    over: bool | None
    """Whether the site took the match to be over with it; None where it does not say."""
    score: str | None
    """What the site counted, of games of this many: ``(player1-player2-draws)``."""
    player1: str | None
    """Whom it calls player1, beside a score."""
    order: tuple[str, ...]
    """Of one that settles who goes first: the players, the first one first."""
    lines: tuple[Line, ...]


def read_play(given: Any) -> Play | None:
    """Read a play; None for what is none, and for what somebody said."""
    if not isinstance(given, Mapping):
        return None
    name = given.get("play")
    if isinstance(name, str) and name in _CHAT:
        return None
    lines = tuple(_lines(given.get("log")))
    kind, ending = _kind(name, lines)
    seconds, over, player1 = given.get("seconds"), given.get("over"), given.get("player1")
    return Play(
        kind=kind,
        ending=ending,
        username=_text(given.get("username")) or next((line.username for line in lines), None),
        owner=_text(given.get("owner")),
        seconds=seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None,
        over=over if isinstance(over, bool) else None,
        score=_text(given.get("score")),
        player1=_text(player1.get("username")) if isinstance(player1, Mapping) else None,
        order=_names(given.get("order")) if kind == "first" else (),
        lines=lines,
    )


def _kind(name: Any, lines: tuple[Line, ...]) -> tuple[Kind, Ending | None]:
    if isinstance(name, str) and name in _KINDS:
        return _KINDS[name]
    for line in lines:
        if line.public in _LINES:
            return _LINES[line.public]
    return "other", None


def _lines(given: Any) -> Iterator[Line]:
    """A log is an object, a list of objects, or not there."""
    for line in given if isinstance(given, list) else (given,):
        if isinstance(line, Mapping) and line.get("type") != "chat":
            yield Line(
                _text(line.get("username")), _text(line.get("public_log")) or "",
                _text(line.get("private_log")) or "",
            )  # fmt: skip


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None


def _names(given: Any) -> tuple[str, ...]:
    return tuple(name for name in given if isinstance(name, str)) if isinstance(given, list) else ()
