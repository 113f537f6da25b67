"""What one player's matches come to, or a team's: frames in, a report out. Pure.

What belongs here: counting. What does not: whose match it was (``outcomes.py``), which deck (``decks.py``),
what a report is (``results.py``), and how one looks (``report/``).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.errors import InputError

from . import decks
from .results import Card, Day, Deck, Ending, Games, Length, Player, Remark, Report, Tally, Versus

if TYPE_CHECKING:
    import pandas as pd

    from .frames import Frames

CLOSEST = 12
"""Names that are said where one is not known."""

PLACE = ["source", "match", "player"]
"""A match as one player saw it."""

NOT_SAID = "Not said"


def analyse(
    frames: "Frames",
    players: Sequence[str],
    *,
    team: str | None = None,
    unread: Sequence[Remark] = (),
    notes: Sequence[Remark] = (),
) -> Report:
    """Report on players, in the order given, each once; names match however they are capitalised.

    ``unread`` and ``notes`` are what is to be said of the files, and become part of the report.

    Raises InputError without a player, and for one who is in no match: it names the closest of those who are.
    """
    if not players:
        raise InputError("player", None, "one or more names")
    there = seen(frames)
    names = list(dict.fromkeys(_known(player, there) for player in players))
    told = decks.tell(frames.cards)
    spellings = {name.casefold(): name for name in there}
    spellings |= _spellings(frames.matches["opponent"], spellings)
    matches, games = (_prepared(table, told, spellings) for table in (frames.matches, frames.games))
    cards = frames.cards.merge(frames.games[[*PLACE, "game", "won"]], on=[*PLACE, "game"])
    cards = cards.assign(player=_respelled(cards["player"], spellings))
    return Report(
        team=team,
        replays=int(frames.matches["source"].nunique()),
        players=tuple(
            _player(
                name, *(table[table["player"] == name] for table in (matches, games, cards)), names=told.names
            )
            for name in names
        ),
        unread=tuple(unread),
        notes=tuple(notes),
    )


def seen(frames: "Frames") -> dict[str, int]:
    """Who is in the matches, and in how many: most first. A name is spelt as it is most often."""
    times = frames.matches["player"].str.casefold().value_counts()
    found = {name: int(times[folded]) for folded, name in _spellings(frames.matches["player"], {}).items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _spellings(names: "pd.Series[str]", known: Mapping[str, str]) -> dict[str, str]:
    """Folded name -> as it is spelt most often, of equals the first; those ``known`` are left out."""
    found: dict[str, str] = {}
    for name, _ in sorted(names.value_counts().items(), key=lambda one: (-one[1], one[0])):
        if name.casefold() not in known:
            found.setdefault(name.casefold(), name)
    return found


def _respelled(names: "pd.Series[str]", spellings: Mapping[str, str]) -> "pd.Series[str]":
    return names.str.casefold().map(spellings)


def _known(player: str, there: Mapping[str, int]) -> str:
    """The one of those who are there; raises InputError."""
    from rapidfuzz import fuzz, process

    folded = {name.casefold(): name for name in there}
    if player.casefold() in folded:
        return folded[player.casefold()]
    ranked = process.extract(player.casefold(), list(folded), scorer=fuzz.ratio, limit=CLOSEST)
    names = ", ".join(folded[found] for found, _, _ in ranked)
    more = f" and {len(there) - len(ranked):,} more" if len(there) > len(ranked) else ""
    raise InputError("player", player, f"one of {names}{more}" if there else "nobody: no match was read")


def _prepared(table: "pd.DataFrame", told: decks.Decks, spellings: Mapping[str, str]) -> "pd.DataFrame":
    """A table with the decks of player and opponent, and with one spelling a name.

    A pair of opponents has no deck that could be told.
    """
    theirs = told.told.rename(columns={"player": "opponent"})
    table = table.merge(told.told, how="left", on=PLACE).merge(
        theirs, how="left", on=["source", "match", "opponent"], suffixes=("", "_opponent")
    )
    return table.assign(**{column: _respelled(table[column], spellings) for column in ("player", "opponent")})


def _player(
    name: str,
    matches: "pd.DataFrame",
    games: "pd.DataFrame",
    cards: "pd.DataFrame",
    *,
    names: Sequence[tuple[str, ...]],
) -> Player:
    dated = matches[matches["played_at"].notna()]
    return Player(
        name=name,
        matches=_tally(matches),
        games=_tally(games),
        turn=_parts(games, "first", {True: "Going first", False: "Going second", None: NOT_SAID}),
        siding=_parts(games, "sided", {False: "Before siding", True: "After siding"}),
        opponents=tuple(
            Versus(name=str(opponent), matches=tally, games=games_of.get(opponent, Tally()))
            for games_of in [_tallies(games, "opponent")]
            for opponent, tally in _most_first(_tallies(matches, "opponent"), str)
        ),
        opponents_decks=_decks(matches, games, "deck_opponent", "sure_opponent", names),
        own_decks=_decks(matches, games, "deck", "sure", names),
        cards=_cards(cards),
        endings=_endings(games),
        length=_length(games),
        days=tuple(
            Day(date=date, matches=tally)
            for date, tally in sorted(_tallies(dated, dated["played_at"].dt.date).items())
        ),
    )


def _tally(table: "pd.DataFrame") -> Tally:
    won, known = int(table["won"].sum()), int(table["won"].count())
    return Tally(won=won, lost=known - won, drawn=len(table) - known)


def _tallies(table: "pd.DataFrame", by: "str | pd.Series[Any]") -> dict[Any, Tally]:
    """Key -> how its rows came out; None is the key of those that have none."""
    import pandas as pd

    counted = table.groupby(by, dropna=False)["won"].agg(["sum", "count", "size"])
    return {
        None if pd.isna(key) else key: Tally(won=int(won), lost=int(known - won), drawn=int(size - known))
        for key, won, known, size in counted.itertuples()
    }


def _most_first(tallies: Mapping[Any, Tally], name: Callable[[Any], Any]) -> list[tuple[Any, Tally]]:
    """Those counted most first, equals by name."""
    return sorted(tallies.items(), key=lambda one: (-one[1].n, name(one[0])))


def _parts(games: "pd.DataFrame", by: str, labels: Mapping[Hashable, str]) -> tuple[Games, ...]:
    tallies = _tallies(games, by)
    return tuple(Games(name=label, games=tallies[key]) for key, label in labels.items() if key in tallies)


def _decks(
    matches: "pd.DataFrame", games: "pd.DataFrame", deck: str, sure: str, names: Sequence[tuple[str, ...]]
) -> tuple[Deck, ...]:
    """By deck, most played first; what was not told is last."""
    games_of, mean = _tallies(games, deck), matches.groupby(deck)[sure].mean()
    listed = _most_first(_tallies(matches, deck), lambda key: -1 if key is None else key)
    listed.sort(key=lambda one: one[0] is None)
    return tuple(
        Deck(
            cards=() if key is None else names[key],
            sure=None if key is None else round(float(mean[key]), 4),
            matches=tally,
            games=games_of.get(key, Tally()),
        )
        for key, tally in listed
    )


def _cards(cards: "pd.DataFrame") -> tuple[Card, ...]:
    """Every card the player was seen with, by smoothed rate."""
    found = [Card(name=str(name), games=tally) for name, tally in _tallies(cards, "card").items()]
    return tuple(sorted(found, key=lambda card: (-card.smoothed, -card.games.n, card.name)))


def _endings(games: "pd.DataFrame") -> tuple[Ending, ...]:
    """Most first; a draw has no ending."""
    tallies = _most_first(_tallies(games[games["ending"].notna()], "ending"), str)
    return tuple(Ending(how=str(how), won=tally.won, lost=tally.lost) for how, tally in tallies)


def _length(games: "pd.DataFrame") -> Length | None:
    seconds = games["seconds"].dropna()
    if seconds.empty:
        return None
    return Length(
        n=len(seconds),
        median=float(seconds.median()),
        shortest=int(seconds.min()),
        longest=int(seconds.max()),
    )
