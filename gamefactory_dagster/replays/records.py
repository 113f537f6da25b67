"""What a replay file says once it is read: players, matches, games, and the cards each player was seen with.

What belongs here: plain values, and what follows from one alone. What does not: reading bytes
(``parsing.py``), who won (``outcomes.py``), and tables of many (``frames.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Seat = Literal[0, 1]
"""0: the file's player1 (and player3 in a tag duel); 1: player2 (and player4)."""

Score = tuple[int, int, int]
"""Games won by seat 0, by seat 1, and drawn."""

Ending = Literal["admitted", "quit", "game loss", "match loss"]
"""How a game was lost; the last two are a judge's."""

Decision = Literal["games", "quit", "judge", "lead"]
"""Why a match is somebody's: games enough, a quitter, a judge, or more games when the recording ends."""


@dataclass(frozen=True, slots=True)
class Game:
    """One game; it begins when somebody chooses who goes first."""

    number: int
    """In its match, from 1: every later one is after siding."""
    first: Seat | None
    """Who went first; None where the file does not say."""
    loser: Seat | None
    """None: a draw."""
    ending: Ending | None
    """None where nobody lost it."""
    score: Score
    """After it, over all matches of the file, as the site counts."""
    seconds: int | None
    """How long it took; None where the file does not say."""
    cards: Mapping[str, Mapping[str, int]]
    """Player -> card -> most copies of it that had left this player's deck at one time, at least 1."""

    @property
    def winner(self) -> Seat | None:
        """None: a draw."""
        return None if self.loser is None else other(self.loser)


@dataclass(frozen=True, slots=True)
class Match:
    """Games until somebody has won enough of them, or has gone."""

    number: int
    """In its file, from 1: a rematch is another match."""
    games: tuple[Game, ...]
    """None where somebody quit before the first began."""
    winner: Seat | None
    """None: nobody is ahead."""
    decision: Decision | None

    def won(self, seat: Seat) -> int:
        """How many of its games a seat won."""
        return sum(game.winner == seat for game in self.games)


@dataclass(frozen=True, slots=True)
class Replay:
    """All of one file."""

    id: int | None
    played_at: datetime | None
    """As the site wrote it, which says no time zone: taken as UTC."""
    format: str
    rated: bool
    players: tuple[tuple[str, ...], tuple[str, ...]]
    """Names by seat: one each, two each in a tag duel."""
    matches: tuple[Match, ...]
    """None where nothing was played and nobody quit."""
    notes: tuple[str, ...]
    """What in the file contradicts what was read of it, in sentences."""

    @property
    def is_tag(self) -> bool:
        """Whether two play on each side."""
        return any(len(names) > 1 for names in self.players)

    @property
    def games(self) -> int:
        """How many were begun."""
        return sum(len(match.games) for match in self.matches)

    def seat_of(self, player: str) -> Seat | None:
        """Where somebody of this name sat, however it is capitalised; None where nobody has it."""
        for seat in SEATS:
            if any(name.casefold() == player.casefold() for name in self.players[seat]):
                return seat
        return None


SEATS: tuple[Seat, Seat] = (0, 1)


def other(seat: Seat) -> Seat:
    """The one across the table."""
    return 1 if seat == 0 else 0
