"""All there is to say of one player, as a part of the page.

What belongs here: which cards it has. What does not: the page around it (``page.py``).
"""

from collections.abc import Sequence

from gamefactory_dagster.replays.results import Deck, Ending, Player, Tally
from gamefactory_dagster.report import parts, words
from gamefactory_dagster.report.parts import Column
from gamefactory_dagster.terminal import counted

from . import charts
from .pieces import KEYS, folded, name, rate, record, under_bar, under_dot, unfolding, won_of

FIRST = 8
"""Rows of a table that are shown at once."""

RANKED = 10
"""Cards shown at each end of the ranking."""

FEW = 30
"""Under so many games the ranking of cards is said to say little: the rank moves by single games then."""

OF_SEVERAL = 40
"""Characters of a card's name where several make a deck's."""

_ENDINGS = {
    "admitted": "Admitted defeat",
    "quit": "Quit",
    "game loss": "Game loss by a judge",
    "match loss": "Match loss by a judge",
}

_WON = Column("Games won", "The share, and its 95 % interval")
_GAMES = Column("Games", "Won, lost, drawn")
_BOTH = (_WON, Column("Matches won", "The share, and its 95 % interval"))


def anchor(place: int) -> str:
    """The id of a player's part."""
    return f"player-{place}"


def section(player: Player, place: int) -> str:
    """A player's part of the page; ``place`` is among all of them."""
    here = anchor(place)
    if not player.matches.n:
        return parts.section(here, name(player.name), parts.empty("There is no match of this player."))
    left = (
        _turns(player, here) + _decks(f"{here}-own", "Own decks", player.own_decks) + _opponents(player, here)
    )
    right = (
        charts.timeline(player.days)
        + _decks(f"{here}-theirs", "Opponents' decks", player.opponents_decks)
        + _endings(player, here)
    )
    pair = f'<div class="pair"><div>{left}</div><div>{right}</div></div>'
    content = f"{_tiles(player, here)}{parts.legend(KEYS)}{pair}{_cards(player, here)}"
    return parts.section(here, name(player.name), content)


def _tiles(player: Player, here: str) -> str:
    tiles = parts.tile(
        f"{here}-matches", "Matches won", words.percent(player.matches.rate), _of(player.matches, "undecided")
    ) + parts.tile(f"{here}-games", "Games won", words.percent(player.games.rate), _of(player.games, "drawn"))
    if player.length is not None:
        length = player.length
        under = (
            f"<span>{_clock(length.shortest)} to {_clock(length.longest)}</span>"
            f"<span>of {counted(length.n, 'game')}</span>"
        )
        tiles += parts.tile(f"{here}-length", "A game takes, median", _clock(length.median), under)
    return f'<ul class="tiles">{tiles}</ul>'


def _of(tally: Tally, drawn: str) -> str:
    even = f", {tally.drawn:,} {drawn}" if tally.drawn else ""
    return (
        f"<span>{words.between(tally.won, tally.n)}</span>"
        f"<span>{tally.won:,} won, {tally.lost:,} lost{even}</span>"
    )


def _clock(seconds: float) -> str:
    """Minutes and seconds: 12:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f'<data value="{seconds:g}">{minutes}:{rest:02}</data>'


def _turns(player: Player, here: str) -> str:
    rows = [
        [under_bar(one.name, one.games), rate(one.games), record(one.games, "game")]
        for one in (*player.turn, *player.siding)
    ]
    columns = (Column("When"), _WON, _GAMES)
    return parts.card(
        "Turn and siding", parts.table(f"{here}-turns", "By turn and siding", columns, rows), "rates"
    )


def _decks(here: str, title: str, decks: Sequence[Deck]) -> str:
    rows = [[under_bar(_deck(one), one.games), won_of(one.games), won_of(one.matches)] for one in decks]
    return parts.card(title, folded(here, title, (Column("Deck"), *_BOTH), rows, FIRST), "rates")


def _deck(deck: Deck) -> str:
    if deck.sure is None:
        return '<span class="soft">Not told</span>'
    sure = f'<small title="How far any other deck is behind in overlap">{100 * deck.sure:.0f}% sure</small>'
    return f"{' + '.join(name(card, OF_SEVERAL) for card in deck.cards)} {sure}"


def _opponents(player: Player, here: str) -> str:
    rows = [
        [under_bar(name(one.name), one.games), won_of(one.games), won_of(one.matches)]
        for one in player.opponents
    ]
    title = f"Opponents, {len(player.opponents):,}" if len(player.opponents) > 1 else "Opponent"
    columns = (Column("Opponent"), *_BOTH)
    return parts.card(title, folded(f"{here}-opponents", "Opponents", columns, rows, FIRST), "rates")


def _endings(player: Player, here: str) -> str:
    if not player.games.n:
        return parts.card("How games ended", parts.empty("No game was begun."))
    rows = [_ending(one) for one in player.endings]
    if player.games.drawn:
        rows.append(["Nobody lost", words.NONE, words.NONE, words.whole(player.games.drawn)])
    columns = (Column("How"), Column("Won so"), Column("Lost so"), Column("Games"))
    listed = parts.table(f"{here}-endings", "How games ended", columns, rows)
    return parts.card("How games ended", listed)


def _ending(ending: Ending) -> list[str]:
    how = _ENDINGS.get(ending.how, words.label(ending.how))
    return [how, words.whole(ending.won), words.whole(ending.lost), words.whole(ending.won + ending.lost)]


def _cards(player: Player, here: str) -> str:
    """The ends of the ranking, and what is between folded."""
    if not player.cards:
        return parts.card("Cards", parts.empty("No card was seen."))
    columns = (Column("Card"), _WON, Column("Rank by", "(wins + 25) / (games + 50): only ranks"))
    rows = [
        [under_dot(name(one.name), one.games), won_of(one.games), words.percent(one.smoothed)]
        for one in player.cards
    ]
    few = ""
    if player.games.n < FEW:
        few = f'<p class="soft few">Of {counted(player.games.n, "game")} the order says little yet.</p>'
    if len(rows) <= 2 * RANKED:
        return parts.card("Cards", few + parts.table(f"{here}-cards", "Cards", columns, rows), "rates")
    best = parts.table(f"{here}-best", "Cards it went best with", columns, rows[:RANKED])
    worst = parts.table(f"{here}-worst", "Cards it went worst with", columns, rows[: -RANKED - 1 : -1])
    between = unfolding(
        f"The {len(rows) - 2 * RANKED:,} cards between",
        f"{here}-between",
        "Cards",
        columns,
        rows[RANKED:-RANKED],
    )
    return (
        f'<div class="pair"><div>{parts.card("Cards it went best with", few + best, "rates")}</div>'
        f"<div>{parts.card('Cards it went worst with', few + worst, 'rates')}</div></div>"
        f'<div class="card rates">{between}</div>'
    )
