"""From what was said to what is wished: one value a facet, and a word on every choice that was made.

What belongs here: which of several wishes wins, and what a denied one means. What does not: what words mean
or deny (``lexicon.py``, ``sentences.py``), and fulfilling wishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gamefactory_dagster.studio.design.library import MECHANICS, PRESENTATION
from gamefactory_dagster.studio.design.wishes import MOST_SUBJECTS, Mention, Wishes
from gamefactory_dagster.studio.families import genres, nearest_genre

from .lexicon import How, Sense
from .sentences import Said


@dataclass(frozen=True, slots=True)
class Understood:
    """One thing that was understood. ``facet`` is a field of ``Wishes``, or the part a subject is to play."""

    words: str
    facet: str
    value: str
    how: How


_NEARNESS: tuple[How, ...] = ("exact", "opposite", "synonym", "spelling", "near", "ancestor")
"""Of two values of one facet the one that was said more plainly wins; of equals the first."""

_OPPOSITES: Mapping[str, Mapping[str, str | None]] = {
    "mood": {
        "calm": "tense", "tense": "calm", "mysterious": "bright", "bright": "mysterious", "dreamy": "playful",
        "playful": "calm", "heroic": "calm",
    },
    "pace": {"slow": "fast", "fast": "slow", "steady": None},
    "difficulty": {"easy": "hard", "hard": "easy", "medium": None},
    "light": {"day": "night", "night": "day"},
}  # fmt: skip
"""What somebody wants who does not want a value: "nothing scary", "not too hard"."""

_ONE = ("genre", "theme", "style", "mood", "pace", "difficulty", "light")
"""Facets of which a game has one."""


@dataclass(frozen=True, slots=True)
class _Bid:
    """A value for a facet, and what speaks for it."""

    said: Said
    sense: Sense


def choose(said: Sequence[Said]) -> tuple[Wishes, tuple[Understood, ...], tuple[str, ...]]:
    """What is wished, how each thing was understood, and sentences on what a person might wonder about."""
    notes: list[str] = []
    wished: dict[str, Any] = {}
    avoided: list[str] = []
    for facet in _ONE:
        wanted, unwanted = _bids(said, facet, False), _bids(said, facet, True)
        value = _best(facet, wanted, notes)
        value = _doubted(facet, value, {bid.sense.value for bid in unwanted}, notes)
        if value is None and unwanted:
            value = _instead(facet, unwanted[-1].sense.value)
        if facet in {"theme", "style"}:
            avoided += [bid.sense.value for bid in unwanted]
        if value is not None:
            wished[facet] = value
    _add_mechanics(said, wished, notes)
    mentions = _mentions(said)
    for facet in ("subject", "kind"):
        avoided += [bid.sense.value for bid in _bids(said, facet, True)]
    for bid in _bids(said, "kind", False):
        notes.append(f"Which {bid.said.words.lower()} there are is left to the game.")
    asked = {mention.subject for mention in mentions}
    if len(mentions) > MOST_SUBJECTS:
        left = ", ".join(mention.word for mention in mentions[MOST_SUBJECTS:][:MOST_SUBJECTS])
        notes.append(f"A game has room for {MOST_SUBJECTS} things of a prompt; these were left out: {left}.")
    wished["subjects"] = tuple(mentions[:MOST_SUBJECTS])
    wished["avoided"] = tuple(dict.fromkeys(name for name in avoided if name not in asked))[:MOST_SUBJECTS]
    wishes = Wishes(**wished)
    return wishes, _understood(said, wishes), (*_of_genre(wishes), *notes)


def _bids(said: Sequence[Said], facet: str, denied: bool) -> list[_Bid]:
    return [
        _Bid(one, sense)
        for one in said
        if one.denied is denied
        for sense in one.senses
        if sense.facet == facet
    ]


def _best(facet: str, bids: Sequence[_Bid], notes: list[str]) -> str | None:
    """The plainest of ``bids``, the first of equals; what comes after a "but" outweighs what came before."""
    best: _Bid | None = None
    for bid in bids:
        if best is None or bid.said.turned or _rank(bid) < _rank(best):
            best = bid
    if best is None:
        return None
    value = _softened(facet, best)
    if others := [other for other in dict.fromkeys(bid.sense.value for bid in bids) if other != value]:
        named = " and ".join((_spoken(value), *map(_spoken, others)))
        why = "which was said last" if best.said.turned else "which was said most plainly"
        notes.append(f"As {facet} the prompt says {named}; this game is {_spoken(value)}, {why}.")
    return value


def _rank(bid: _Bid) -> int:
    return _NEARNESS.index(bid.sense.how)


def _softened(facet: str, bid: _Bid) -> str:
    """Read "a bit hard" as medium."""
    softened = facet == "difficulty" and bid.said.softened and bid.sense.value == "hard"
    return "medium" if softened else bid.sense.value


def _doubted(facet: str, value: str | None, unwanted: set[str], notes: list[str]) -> str | None:
    """What becomes of a value that was asked for and denied."""
    if value not in unwanted:
        return value
    if facet == "difficulty":
        return "medium"
    notes.append(f"The prompt asks for {_spoken(str(value))} and denies it; this game keeps to it.")
    return value


def _instead(facet: str, unwanted: str) -> str | None:
    if facet == "genre":
        return next((genre for genre in genres() if genre != nearest_genre(unwanted)), None)
    return _OPPOSITES.get(facet, {}).get(unwanted)


def _add_mechanics(said: Sequence[Said], wished: dict[str, Any], notes: list[str]) -> None:
    library = [entry.name for entry in MECHANICS]
    asked = {bid.sense.value for bid in _bids(said, "mechanics", False)}
    barred = {bid.sense.value for bid in _bids(said, "mechanics", True)} - asked
    for name in sorted(barred & PRESENTATION):
        notes.append(f"Every game shows {_spoken(name)}; it rests where a device asks for less motion.")
    wished["mechanics"] = tuple(name for name in library if name in asked - PRESENTATION)
    wished["without"] = tuple(name for name in library if name in barred - PRESENTATION)


def _mentions(said: Sequence[Said]) -> list[Mention]:
    """Every subject once, in the order in which they were named; the first role that was said stays."""
    found: dict[str, Mention] = {}
    for bid in _bids(said, "subject", False):
        before = found.get(bid.sense.value)
        if before is None:
            found[bid.sense.value] = Mention(
                subject=bid.sense.value, word=bid.said.words.lower()[:100], role=bid.said.role
            )
        elif before.role is None and bid.said.role is not None:
            found[bid.sense.value] = before.model_copy(update={"role": bid.said.role})
    return list(found.values())


def _understood(said: Sequence[Said], wishes: Wishes) -> tuple[Understood, ...]:
    """Everything that was said and means something, once, with what it came to."""
    roles = {mention.subject: mention.role for mention in wishes.subjects}
    found: dict[tuple[str, str, str], Understood] = {}
    for one in said:
        for sense in one.senses:
            facet, value, how = sense.facet, sense.value, sense.how
            if one.denied:
                how = "opposite"
                instead = getattr(wishes, facet, None) if facet in _OPPOSITES or facet == "genre" else None
                if facet == "mechanics":
                    facet = "without"
                elif instead is None or instead == value:
                    facet = "avoided"
                else:
                    value = instead
            elif facet == "subject":
                facet = roles.get(value) or "subject"
            found.setdefault((one.words, facet, value), Understood(one.words, facet, value, how))
    return tuple(found.values())


def _of_genre(wishes: Wishes) -> list[str]:
    if wishes.genre is None or wishes.genre in genres():
        return []
    stands = nearest_genre(wishes.genre)
    return [f"There are no {wishes.genre} games yet; this is a {stands} game, which is played most like one."]


def _spoken(value: str) -> str:
    return value.replace("_", " ")
