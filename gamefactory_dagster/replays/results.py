"""What a report says: plain values that go to JSON and back without loss.

What belongs here: the values, the rates that follow from them, and their rows. What does not: counting
(``analysis.py``), and how any of it looks (``report/``).

In JSON every rate stands beside what it follows from: ``n``, ``rate`` and ``interval``.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from gamefactory_dagster.analytics.trends import interval_of, share_of
from gamefactory_dagster.errors import PermanentError

VERSION: Literal[1] = 1
"""Of the form in JSON: a report of another one is made anew from its files."""

PRIOR_WINS, PRIOR_GAMES = 25, 50
"""What a card's smoothed rate has beside its own games: it leaves one half only as they grow many."""


class Value(BaseModel):
    """Cannot be changed. What JSON holds beside its fields follows from them, and is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Tally(Value):
    """How so many matches or games came out. A draw is one of them and no win."""

    won: int = 0
    lost: int = 0
    drawn: int = 0
    """Games nobody lost; matches in which nobody is ahead."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def n(self) -> int:
        """How many there are."""
        return self.won + self.lost + self.drawn

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rate(self) -> float | None:
        """The share won, 0 to 1; None of nothing."""
        return share_of(self.won, self.n)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the rate."""
        return interval_of(self.won, self.n)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(won=self.won + other.won, lost=self.lost + other.lost, drawn=self.drawn + other.drawn)


class Games(Value):
    """Games of one kind."""

    name: str
    games: Tally


class Versus(Value):
    """Against one opponent; a pair of a tag duel is one."""

    name: str
    matches: Tally
    games: Tally


class Deck(Value):
    """With one deck, or against it."""

    cards: tuple[str, ...]
    """The most telling first; none: the deck could not be told."""
    sure: float | None
    """0 to 1, the mean over its matches: how far any other deck is behind in overlap."""
    matches: Tally
    games: Tally

    @property
    def name(self) -> str:
        """By its cards."""
        return " + ".join(self.cards) or "Not told"


class Card(Value):
    """Games in which the player was seen with a card."""

    name: str
    games: Tally

    @computed_field  # type: ignore[prop-decorator]
    @property
    def smoothed(self) -> float:
        """(wins + 25) / (games + 50): to rank by, and nothing else."""
        return (self.games.won + PRIOR_WINS) / (self.games.n + PRIOR_GAMES)


class Ending(Value):
    """How games that somebody lost ended."""

    how: str
    """``admitted``, ``quit``, or a judge's ``game loss`` or ``match loss``."""
    won: int
    """The opponent lost so."""
    lost: int


class Length(Value):
    """How long games took, seconds; of the ``n`` whose files say so."""

    n: int
    median: float
    shortest: int
    longest: int


class Day(Value):
    """Matches of a day, as the site dates them."""

    date: dt.date
    matches: Tally


class Player(Value):
    """All of one player."""

    name: str
    matches: Tally
    games: Tally
    turn: tuple[Games, ...]
    siding: tuple[Games, ...]
    opponents: tuple[Versus, ...]
    opponents_decks: tuple[Deck, ...]
    own_decks: tuple[Deck, ...]
    cards: tuple[Card, ...]
    """By smoothed rate, the best first."""
    endings: tuple[Ending, ...]
    length: Length | None
    """None where no file says it."""
    days: tuple[Day, ...]
    """Those that have matches, in order."""


class Remark(Value):
    """Something there is to say of one file or link, in a sentence."""

    source: str
    text: str


class Report(Value):
    """All there is to say."""

    version: Literal[1] = VERSION
    team: str | None
    replays: int
    """Those with a match."""
    players: tuple[Player, ...]
    unread: tuple[Remark, ...] = ()
    """What could not be read, and why; the rest was analysed."""
    notes: tuple[Remark, ...] = ()
    """What was read, but not without a remark."""

    def as_json(self) -> bytes:
        """Give the form in which it is kept, UTF-8."""
        return self.model_dump_json().encode()

    @classmethod
    def from_json(cls, content: bytes | str) -> Self:
        """Read what ``as_json`` gave; raises PermanentError for anything else."""
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "all of it"
            raise PermanentError(f"no report of version {VERSION}: {where}: {first['msg']}") from error

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last with a match of any player; None where no file is dated."""
        dates = [day.date for player in self.players for day in player.days]
        return (min(dates), max(dates)) if dates else None


def rows(report: Report) -> list[dict[str, Any]]:
    """Everything counted, a row a rate: ``player``, ``part``, ``name``, ``of``, then the numbers.

    ``of`` is what is counted, ``matches`` or ``games``. ``low`` and ``high`` bound the ``rate`` with 95 %
    confidence. ``smoothed`` is a card's, ``sure`` a deck's, None of all else.
    """
    return [_row(player.name, *counted) for player in report.players for counted in _counted(player)]


def _counted(player: Player) -> Iterator[tuple[str, str | None, str, Tally, dict[str, float | None]]]:
    """Part, name, what is counted, how it came out, what there is beside."""
    yield "all", None, "matches", player.matches, {}
    yield "all", None, "games", player.games, {}
    for part, kinds in (("turn", player.turn), ("siding", player.siding)):
        for kind in kinds:
            yield part, kind.name, "games", kind.games, {}
    for part, decks in (("own deck", player.own_decks), ("opponent's deck", player.opponents_decks)):
        for deck in decks:
            yield part, deck.name, "matches", deck.matches, {"sure": deck.sure}
            yield part, deck.name, "games", deck.games, {"sure": deck.sure}
    for opponent in player.opponents:
        yield "opponent", opponent.name, "matches", opponent.matches, {}
        yield "opponent", opponent.name, "games", opponent.games, {}
    for ending in player.endings:
        yield "ending", ending.how, "games", Tally(won=ending.won, lost=ending.lost), {}
    for day in player.days:
        yield "day", day.date.isoformat(), "matches", day.matches, {}
    for card in player.cards:
        yield "card", card.name, "games", card.games, {"smoothed": card.smoothed}


def _row(
    player: str, part: str, name: str | None, of: str, tally: Tally, beside: dict[str, float | None]
) -> dict[str, Any]:
    low, high = tally.interval or (None, None)
    numbers = {"n": tally.n, "won": tally.won, "lost": tally.lost, "drawn": tally.drawn}
    rates = {"rate": tally.rate, "low": low, "high": high, "smoothed": None, "sure": None}
    return {"player": player, "part": part, "name": name, "of": of, **numbers, **rates, **beside}
