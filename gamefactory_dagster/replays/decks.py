"""Which deck somebody played, told by the cards they were seen with: a deck has a core, staples are in all.

What belongs here: who played alike, what such a deck is called, how sure that is. What does not: win rates
(``analysis.py``), and which cards were seen (``cards.py``).

A *hand* is all one player was seen with in one match. Hands are vectors of cards, each weighted by the share
of hands it is not in, so that what everybody plays says little; likeness is their cosine. Average linkage
(Sokal and Michener 1958) makes decks of hands that are alike: twice, for once there are decks, a card weighs
by how much it is one deck's. Then each hand goes to the deck it has most in common with, itself left out.
Nothing depends on the order of files.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

HAND = ["source", "match", "player"]
"""What one hand is told from another by."""

FEWEST, MAKES = 4, 8
"""Different cards a hand must have to be told, and to make a deck: staples alone may decide about fewer.

Of 4 to 12 tried: where short hands make decks, a third of these are parts of others.
"""

ALIKE = 0.2
"""Mean likeness from which two groups of hands are one deck.

Of 0.15 to 0.4 tried on real matches and on made-up ones with shared staples: lower joins decks by their
staples, higher takes a deck apart.
"""

SAME = 0.3
"""Likeness of their middles from which two groups are one deck: two hands of few cards need share none."""

JOINS = 0.3
"""Likeness to a deck's middle from which a hand is one of it."""

LEAST_SURE = 0.15
"""A hand told less surely than this is not told."""

GROUPED = 500
"""Hands that make decks at most, the fullest: time and memory grow as the square. The rest only join them."""

UNSEEN = 3
"""Hands without any card that are thought beside those seen: in two hands a common card says something."""

TELLING, CONSIDERED = 3, 40
"""Cards in a deck's name, and of how many they are chosen."""


@dataclass(frozen=True, slots=True)
class Decks:
    """What was told of all hands."""

    names: tuple[tuple[str, ...], ...]
    """By number: its most telling cards, the most telling first."""
    told: "pd.DataFrame"
    """``HAND`` as it is in the table of cards, ``deck`` (number), ``sure`` (0 to 1); both missing: not told.

    ``sure`` is how far the next deck is behind: 0 for as much in common with it, 1 for nothing.
    """


def tell(cards: "pd.DataFrame") -> Decks:
    """Tell the decks of a table of cards (``frames.CARD_COLUMNS``)."""
    import numpy as np
    import pandas as pd

    hands = cards[HAND].drop_duplicates().sort_values(HAND, ignore_index=True)
    deck: NDArray[np.int64] = np.full(len(hands), -1)
    sure = np.zeros(len(hands))
    seen, known = _matrix(cards, hands)
    full = np.flatnonzero(seen.sum(axis=1) >= FEWEST)
    names: tuple[tuple[str, ...], ...] = ()
    if (seen.sum(axis=1) >= MAKES).any():
        order = full[_by_content(seen[full])]
        deck[order], sure[order] = _assigned(seen[order])
        names, deck = _named(seen, deck, known)
    told = hands.assign(
        deck=pd.array(np.where(deck < 0, 0, deck), dtype="Int64"), sure=pd.array(sure, dtype="Float64")
    )
    told.loc[deck < 0, ["deck", "sure"]] = pd.NA
    return Decks(names, told)


def _matrix(cards: "pd.DataFrame", hands: "pd.DataFrame") -> "tuple[NDArray[np.bool_], list[str]]":
    """Hands by cards, whether it was seen; cards by name."""
    import numpy as np

    known = sorted(cards["card"].unique())
    rows = cards.merge(hands.reset_index(names="hand"), on=HAND)["hand"].to_numpy()
    columns = np.searchsorted(np.array(known, dtype=object), cards["card"].to_numpy(dtype=object))
    seen = np.zeros((len(hands), len(known)), dtype=bool)
    seen[rows, columns] = True
    return seen, known


def _by_content(seen: "NDArray[np.bool_]") -> "NDArray[np.int64]":
    """An order of hands that their cards alone decide, the fullest first."""
    import numpy as np

    packed = np.packbits(seen, axis=1)
    return np.lexsort((*packed.T, -seen.sum(axis=1)))


def _assigned(seen: "NDArray[np.bool_]") -> "tuple[NDArray[np.int64], NDArray[np.float64]]":
    """The deck of each hand, -1 where it is not told, and how sure that is; the fullest hands are first."""
    import numpy as np

    rarity = 1 - seen.sum(axis=0) / (len(seen) + UNSEEN)
    _, group = _grouped(seen, rarity)
    hands, group = _grouped(seen, rarity * _belonging(seen, group))
    sums = _sums(hands, group)
    alike = hands @ _unit(sums).T
    inside = np.flatnonzero(group >= 0)
    # a hand says nothing for the deck it has itself made
    own = _unit(sums[group[inside]] - hands[inside])
    alike[inside, group[inside]] = (hands[inside] * own).sum(axis=1)
    return _chosen(alike, group)


def _grouped(
    seen: "NDArray[np.bool_]", weight: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float32], NDArray[np.int64]]":
    """Hands as vectors, and the deck each is in; -1 beyond those that make decks."""
    import numpy as np

    hands = _unit(seen.astype(np.float32) * np.sqrt(weight).astype(np.float32))
    makers = min(int((seen.sum(axis=1) >= MAKES).sum()), GROUPED)
    group = np.full(len(hands), -1)
    group[:makers] = _groups(hands[:makers] @ hands[:makers].T, ALIKE)
    middles = _unit(_sums(hands, group))
    group[:makers] = _groups(middles @ middles.T, SAME)[group[:makers]]
    return hands, group


def _belonging(seen: "NDArray[np.bool_]", group: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """How much of each card is one deck's: 1 where no other deck has it, little for a staple.

    Decks seen once do not count: they may be no more than hands that were unlike the others of their deck.
    """
    import numpy as np

    sizes = np.bincount(group[group >= 0])
    shares = (_sums(seen.astype(np.float32), group) / sizes[:, None])[sizes > 1]
    total = shares.sum(axis=0)
    return np.where(total > 0, shares.max(axis=0, initial=0) / np.maximum(total, 1e-9), 1)


def _sums(hands: "NDArray[np.float32]", group: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """The sum of the hands of each group; -1 is none."""
    import numpy as np

    sums = np.zeros((group.max() + 1, hands.shape[1]), dtype=np.float32)
    np.add.at(sums, group[group >= 0], hands[group >= 0])
    return sums


def _unit(rows: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Rows of length 1; one of nothing, or of what rounding leaves of nothing, is left as nothing."""
    import numpy as np

    size = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(size > 1e-4, rows / np.maximum(size, 1e-4), 0).astype(np.float32)


def _chosen(
    alike: "NDArray[np.float32]", group: "NDArray[np.int64]"
) -> "tuple[NDArray[np.int64], NDArray[np.float64]]":
    """Choose by likeness of hands to decks; a hand that is like none is a deck of its own if it made one."""
    import numpy as np

    rows = np.arange(len(alike))
    best = alike.argmax(axis=1)
    likeness = alike[rows, best].astype(float)
    others = alike.copy()
    others[rows, best] = 0
    sure = 1 - np.clip(others.max(axis=1), 0, None) / np.maximum(likeness, JOINS)
    alone = (likeness < JOINS) & (group >= 0) & (np.bincount(group[group >= 0], minlength=1)[group] == 1)
    deck = np.where(likeness >= JOINS, best, np.where(alone, group, -1))
    sure = np.where(alone, 1 - np.clip(likeness, 0, None) / JOINS, sure)
    return np.where(sure < LEAST_SURE, -1, deck), sure


def _groups(alike: "NDArray[np.float32]", least: float) -> "NDArray[np.int64]":
    """Average linkage down to a likeness: the group of each row, from 0. ``alike`` is used up.

    The likeness of merged groups is never more than the higher one before, so only rows that pointed to
    either have to look anew for what they are most like.
    """
    import numpy as np

    np.fill_diagonal(alike, -1)
    sizes, group = np.ones(len(alike)), np.arange(len(alike))
    nearest, best = alike.argmax(axis=1), alike.max(axis=1)
    while best.max() >= least:
        one = int(best.argmax())
        gone = int(nearest[one])
        merged = (sizes[one] * alike[one] + sizes[gone] * alike[gone]) / (sizes[one] + sizes[gone])
        alike[one], alike[:, one], alike[one, one] = merged, merged, -1
        alike[gone], alike[:, gone] = -1, -1
        sizes[one] += sizes[gone]
        group[group == gone] = one
        stale = np.flatnonzero((nearest == one) | (nearest == gone) | (np.arange(len(alike)) == one))
        nearest[stale], best[stale] = alike[stale].argmax(axis=1), alike[stale].max(axis=1)
    return np.unique(group, return_inverse=True)[1]


def _named(
    seen: "NDArray[np.bool_]", deck: "NDArray[np.int64]", known: list[str]
) -> "tuple[tuple[tuple[str, ...], ...], NDArray[np.int64]]":
    """Names of the decks, the most played first, and the decks of the hands by their new numbers."""
    import numpy as np

    found = []
    for number in np.unique(deck[deck >= 0]):
        inside = deck == number
        within = seen[inside].mean(axis=0)
        beyond = seen[~inside].mean(axis=0) if not inside.all() else np.zeros(len(known))
        found.append((-int(inside.sum()), _most_telling(within, within - beyond, known), number))
    found.sort()
    places = {number: place for place, (_, _, number) in enumerate(found)}
    renumbered = np.array([places.get(number, -1) for number in deck], dtype=np.int64)
    return tuple(name for _, name, _ in found), renumbered


def _most_telling(
    within: "NDArray[np.float64]", telling: "NDArray[np.float64]", known: list[str]
) -> tuple[str, ...]:
    """Cards a deck has and others have not; of equals those whose names share words with the others'."""
    import numpy as np

    cards = [place for place in np.lexsort((np.arange(len(known)), -telling))[:CONSIDERED] if within[place]]
    words = {place: set(re.findall(r"\w{4,}", known[place].casefold())) for place in cards}
    kin = {place: sum(bool(words[place] & words[one]) for one in cards) for place in cards}
    cards.sort(key=lambda place: (-round(float(telling[place]), 1), -kin[place], known[place]))
    return tuple(known[place] for place in cards[:TELLING])
