"""Recordings made up: plays as the site writes them, in all the ways they come.

What belongs here: what happened at a table, told as plays, and what follows of it counted once more, from
what happened and not from plays. What does not: any test.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

ANN, BOB = "Ann", "Bob"
PLAYERS = (ANN, BOB)

LOSSES = {
    "admitted": ("Admit defeat", "Admitted defeat"),
    "quit": ("Quit duel", "Lost Duel"),
    "game loss": ("Game loss", "Received a game loss by a judge"),
    "match loss": ("Match loss", "Received a match loss by a judge"),
}


def play(name: str | None, who: str | None, text: str | None = None, **more: Any) -> dict[str, Any]:
    """A play with one line in its log, where there is ``text``."""
    made: dict[str, Any] = {"action": "Duel"} | more
    if name is not None:
        made["play"] = name
    if who is not None:
        made["username"] = who
    if text is not None:
        made["log"] = {"public_log": text, "type": "game"} | ({} if who is None else {"username": who})
    return made


def first(who: str, chooser: str | None = None, *cards: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A game begins with ``who``; ``cards`` are drawn: (player, card)."""
    chooser = chooser or who
    text = "Chose to go first" if chooser == who else "Chose to go second"
    made = play("Pick first", who, order=[who, BOB if who == ANN else ANN], **more)
    made["log"] = [
        {"public_log": text, "private_log": text, "type": "game", "username": chooser},
        *(line("Drew a card", player, f'Drew "{card}"') for player, card in cards),
    ]
    return made


def line(public: str, who: str, private: str | None = None, kind: str = "duel") -> dict[str, Any]:
    """A line of a log."""
    made = {"public_log": public, "username": who, "type": kind}
    return made if private is None else made | {"private_log": private}


def loss(who: str, ending: str = "admitted", **more: Any) -> dict[str, Any]:
    """Somebody loses."""
    name, text = LOSSES[ending]
    return play(name, who, text, **more)


def next_game(score: str | None = None, player1: str = ANN) -> dict[str, Any]:
    """The next game is about to begin; perhaps with what the site counted."""
    more = {} if score is None else {"score": score, "player1": {"username": player1}}
    return play("Begin next duel", ANN, **more)


def rematch(who: str = BOB) -> dict[str, Any]:
    """Somebody accepts another match."""
    return play("Accept rematch", who, "Accepted the rematch offer")


def file(*plays: Any, **more: Any) -> bytes:
    """A whole recording."""
    made = {
        "id": 7, "date": "2026-01-31 23:59:58", "format": "ar", "match_type": "m", "rated": True,
        "player1": {"username": ANN, "main": [1]}, "player2": {"username": BOB}, "plays": list(plays),
    }  # fmt: skip
    return orjson.dumps(made | more)


@dataclass
class Told:
    """What happened in one match: games as (who went first, who lost and how, who lost once more)."""

    games: list[tuple[int, int | None, str | None]] = field(default_factory=list)
    quitter: int | None = None
    """Who left at a time when the match was not decided."""
    judged: int | None = None

    def wins(self) -> tuple[int, int]:
        """Games won by either."""
        lost = [loser for _, loser, _ in self.games]
        return lost.count(1), lost.count(0)

    def outcome(self) -> tuple[int | None, str | None]:
        """Whose the match is, and why."""
        if self.judged is not None:
            return 1 - self.judged, "judge"
        if self.quitter is not None:
            return 1 - self.quitter, "quit"
        one, two = self.wins()
        if one == two:
            return None, None
        return (0 if one > two else 1), ("games" if max(one, two) >= 2 else "lead")
