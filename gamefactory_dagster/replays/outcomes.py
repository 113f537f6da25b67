"""Who won: the rules that make games and matches of the plays of a recording.

What belongs here: every rule, each in one place. What does not: the recording's words (``plays.py``).

A game begins when somebody chooses who goes first. Its loser is the first who admits defeat, quits, or is
given a loss by a judge; whoever does so later in the same game changes nothing about it, and a game nobody
lost is drawn. A match ends with its last game before a rematch was accepted. It is lost by the one whom a
judge gives a match loss, and by the one who quits before it is decided, whatever the score: to leave is no
way to win. Otherwise it is won by whoever has won more of its games.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .cards import Seen, deck_change
from .plays import GOES_FIRST, GOES_SECOND, Play
from .records import SEATS, Decision, Ending, Game, Match, Score, Seat, other

_SCORE = re.compile(r"\(\s*(\d{1,4})\s*-\s*(\d{1,4})\s*-\s*(\d{1,4})\s*\)")

WINS_NEEDED = {"m": 2}
"""Games to win by ``match_type``: a match is the best of three; everything else is over with one."""


@dataclass(slots=True)
class _OpenGame:
    first: Seat | None
    began: int | None
    seen: Seen = field(default_factory=Seen)
    loser: Seat | None = None
    ending: Ending | None = None
    ended: int | None = None

    def closed(self, number: int, score: Score) -> Game:
        lasted = None if self.began is None or self.ended is None else self.ended - self.began
        return Game(
            number, self.first, self.loser, self.ending, score,
            lasted if lasted is not None and lasted >= 0 else None, self.seen.most(),
        )  # fmt: skip


@dataclass(slots=True)
class _OpenMatch:
    games: list[Game] = field(default_factory=list)
    wins: list[int] = field(default_factory=lambda: [0, 0])
    is_over: bool = False
    quitter: Seat | None = None
    judged: Seat | None = None
    """Whom a judge gave a match loss."""


class Referee:
    """Takes plays in their order; ``matches`` and ``notes`` are what has been settled so far.

    ``seats``: username -> seat. A play by anybody else settles nothing.
    """

    def __init__(self, seats: Mapping[str, Seat], match_type: str) -> None:
        self.matches: list[Match] = []
        self.notes: list[str] = []
        self._seats = seats
        self._needed = WINS_NEEDED.get(match_type, 1)
        self._score = [0, 0, 0]
        self._match = _OpenMatch()
        self._game: _OpenGame | None = None

    def take(self, plays: Iterable[Play]) -> None:
        """Take all plays, and settle what is still open at the end."""
        for play in plays:
            match play.kind:
                case "first":
                    self._close_game()
                    self._game = _OpenGame(self._first(play), play.seconds)
                case "loss":
                    self._lose(play)
                case "rematch":
                    self._close_match()
                case "next":
                    self._close_game()
                    self._compare(play)
            self._count_cards(play)
        self._close_match()

    def _first(self, play: Play) -> Seat | None:
        """Who goes first: as the log says who chose what, or else in whatever order the play has."""
        for line in play.lines:
            seat = self._seat(line.username)
            if seat is not None and line.public in (GOES_FIRST, GOES_SECOND):
                return seat if line.public == GOES_FIRST else other(seat)
        return self._seat(play.order[0] if play.order else play.username)

    def _lose(self, play: Play) -> None:
        seat = self._seat(play.username)
        if seat is None or play.ending is None:
            self.notes.append(
                f"{play.username or 'somebody without a name'} lost, and is none of the players"
            )
            return
        match, game = self._match, self._game
        if play.ending == "quit" and not match.is_over and match.quitter is None:
            match.quitter = seat
        if play.ending == "match loss" and match.judged is None:
            match.judged = seat
        if game is None or game.loser is not None:
            return
        game.loser, game.ending, game.ended = seat, play.ending, play.seconds
        winner = other(seat)
        self._score[winner] += 1
        match.wins[winner] += 1
        match.is_over |= play.over if play.over is not None else match.wins[winner] >= self._needed

    def _close_game(self) -> None:
        if self._game is None:
            return
        if self._game.loser is None:
            self._score[2] += 1
        number = len(self._match.games) + 1
        self._match.games.append(self._game.closed(number, self._score_now()))
        self._game = None

    def _close_match(self) -> None:
        self._close_game()
        match = self._match
        winner, decision = _decided(match)
        if match.games or decision is not None:
            self.matches.append(Match(len(self.matches) + 1, tuple(match.games), winner, decision))
        self._match = _OpenMatch()

    def _compare(self, play: Play) -> None:
        """Note where the site counted otherwise, which it does by its own players 1 and 2."""
        found = _SCORE.fullmatch(play.score or "")
        if found is None:
            return
        one, two, drawn = map(int, found.groups())
        is_swapped = self._seat(play.player1) == 1
        theirs = (two, one, drawn) if is_swapped else (one, two, drawn)
        if theirs != self._score_now():
            shown = ["({}-{}-{})".format(*score) for score in (theirs, self._score_now())]
            self.notes.append(f"the site counted {shown[0]} where the games played make {shown[1]}")

    def _count_cards(self, play: Play) -> None:
        if self._game is None:
            return
        for line in play.lines:
            player = play.owner or line.username or play.username
            if player is None or player not in self._seats:
                continue
            if change := deck_change(line.private) or deck_change(line.public):
                self._game.seen.count(player, *change)

    def _seat(self, username: str | None) -> Seat | None:
        return None if username is None else self._seats.get(username)

    def _score_now(self) -> Score:
        one, two, drawn = self._score
        return one, two, drawn


def _decided(match: _OpenMatch) -> tuple[Seat | None, Decision | None]:
    if match.judged is not None:
        return other(match.judged), "judge"
    if match.quitter is not None:
        return other(match.quitter), "quit"
    for seat in SEATS:
        if match.wins[seat] > match.wins[other(seat)]:
            return seat, "games" if match.is_over else "lead"
    return None, None
