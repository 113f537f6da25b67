"""Replays as pandas frames: what a caller can have instead of the page, and what the analysis works on.

What belongs here: the three tables and their columns. What does not: any rate (``analysis.py``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .records import SEATS, Match, Replay, Seat, other

if TYPE_CHECKING:
    import pandas as pd

MATCH_COLUMNS: dict[str, str] = {
    "source": "string",
    "replay": "Int64",
    "played_at": "datetime64[ns, UTC]",
    "format": "string",
    "rated": "boolean",
    "match": "int64",
    "player": "string",
    "opponent": "string",
    "won": "boolean",
    "decision": "string",
    "games_won": "int64",
    "games_lost": "int64",
    "games_drawn": "int64",
}
"""A match of a file, seen by one of its players: two rows a match, four in a tag duel.

``source``: the file's name or link; ``won`` is missing where nobody is ahead, ``replay`` where it has no id.
``opponent``: the other side's names with " & " between.
"""

GAME_COLUMNS: dict[str, str] = {
    "source": "string",
    "match": "int64",
    "game": "int64",
    "player": "string",
    "opponent": "string",
    "first": "boolean",
    "sided": "boolean",
    "won": "boolean",
    "ending": "string",
    "seconds": "Int64",
}
"""A game, seen by one player. ``won`` is missing in a draw, ``first`` where the file does not say."""

CARD_COLUMNS: dict[str, str] = {
    "source": "string",
    "match": "int64",
    "game": "int64",
    "player": "string",
    "card": "string",
    "copies": "int64",
}
"""A card one player was seen with in a game, in the file's order of first sight."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The three tables of any number of files."""

    matches: "pd.DataFrame"
    games: "pd.DataFrame"
    cards: "pd.DataFrame"


def frames(replays: Iterable[tuple[str, Replay]]) -> Frames:
    """Make the tables of replays, each with its source; they are read one by one and not kept."""
    matches: list[tuple[Any, ...]] = []
    games: list[tuple[Any, ...]] = []
    cards: list[tuple[Any, ...]] = []
    for source, replay in replays:
        for match, seat, player, opponent in _sides(replay):
            won = None if match.winner is None else match.winner == seat
            counts = (
                match.won(seat),
                match.won(other(seat)),
                sum(game.loser is None for game in match.games),
            )
            told = (source, replay.id, replay.played_at, replay.format, replay.rated, match.number)
            matches.append((*told, player, opponent, won, match.decision, *counts))
            for game in match.games:
                place = (source, match.number, game.number, player)
                went_first = None if game.first is None else game.first == seat
                game_won = None if game.loser is None else game.loser != seat
                how = (went_first, game.number > 1, game_won, game.ending, game.seconds)
                games.append((*place, opponent, *how))
                cards.extend((*place, card, copies) for card, copies in game.cards.get(player, {}).items())
    return Frames(_frame(matches, MATCH_COLUMNS), _frame(games, GAME_COLUMNS), _frame(cards, CARD_COLUMNS))


def _sides(replay: Replay) -> Iterator[tuple[Match, Seat, str, str]]:
    """Every match as every player saw it: match, seat, player, opponent."""
    for match in replay.matches:
        for seat in SEATS:
            opponent = " & ".join(replay.players[other(seat)])
            for player in replay.players[seat]:
                yield match, seat, player, opponent


def _frame(rows: list[tuple[Any, ...]], columns: dict[str, str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
