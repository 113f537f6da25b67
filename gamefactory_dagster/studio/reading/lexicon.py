"""What words mean: looked up, nothing else.

What belongs here: the three sources of meanings and how they are put together. What does not: where in a
sentence a word stands (``sentences.py``), or which of two meanings a prompt gets (``choosing.py``).

1. ``words.tsv``: words and phrases by hand, a line a value.
2. The table of subjects (``design/subjects.py``): their names and keywords.
3. ``wordnet.tsv.xz``: about 20,000 words of WordNet, each by the nearest of its ancestors that the other two
   know; made by ``python -m tools.lexicon``. Its licence is beside it, in ``WORDNET-LICENSE``.
"""

import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from gamefactory_dagster.studio.design.subjects import HAND, SUBJECTS, Subject, find

from .tokens import Token, forms

How = Literal["exact", "synonym", "near", "ancestor", "spelling", "opposite"]
"""How a word came by its meaning.

``exact``: it is the value's own name; ``synonym``: another word for it; ``near``: the nearest there is of
what it says; ``ancestor``: likewise, by WordNet; ``spelling``: by a word that is written almost so;
``opposite``: it was said that this is not wanted.
"""

LONGEST = 4
"""Words of a phrase."""

REMEMBERED = 4096
"""Words of prompts whose meaning is kept at hand."""

_GRAMMAR = frozenset(("role", "move", "deny", "soften", "turn", "filler", "hurt"))
"""Facets that say something of other words; the rest are facets of wishes."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing a word can mean: ``facet`` is one of ``Wishes``, ``subject``, ``kind``, or of the grammar."""

    facet: str
    value: str
    how: How

    @property
    def of_grammar(self) -> bool:
        """Whether it is about other words of the sentence."""
        return self.facet in _GRAMMAR


@cache
def by_hand() -> Mapping[str, tuple[Sense, ...]]:
    """Every phrase of ``words.tsv`` -> what it means."""
    found: dict[str, tuple[Sense, ...]] = {}
    for line in files(__package__).joinpath("words.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            facet, value, how, words = line.split("\t")
            for phrase in words.split(", "):
                found[phrase] = (*found.get(phrase, ()), Sense(facet, value, how))  # type: ignore[arg-type]
    return found


@cache
def _by_first_word() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """First word -> the phrases of more words that begin with it, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(phrase.split()) for phrase in by_hand()), key=len, reverse=True):
        if len(phrase) > 1:
            found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(phrases) for first, phrases in found.items()}


@cache
def of_wordnet() -> Mapping[str, tuple[Sense, ...]]:
    """Every word of ``wordnet.tsv.xz`` -> what it means; no senses for one that means nothing to a game."""
    text = lzma.decompress(files(__package__).joinpath("wordnet.tsv.xz").read_bytes()).decode("ascii")
    found: dict[str, tuple[Sense, ...]] = {}
    for line in text.splitlines():
        facet, value, words = line.split("\t")
        senses = (Sense(facet, value, "ancestor"),) if facet else ()
        for word in words.split(" "):
            name = word.replace("_", " ")
            found[name] = found.get(name, ()) + senses
    return found


def look_up(tokens: Sequence[Token], at: int) -> tuple[int, tuple[Sense, ...]]:
    """The longest phrase of one clause that begins at ``tokens[at]``: how many words it has, what they mean.

    No senses: the word is not known. ``tokens`` may be long; no more than ``LONGEST`` are looked at.
    """
    if tokens[at].picture:
        return 1, _pictured(tokens[at].shown, tokens[at].text)
    ahead = [token.text for token in _clause(tokens, at)]
    hand = _phrase(ahead)
    for length in range(len(ahead), 1, -1):
        if length == hand:
            return length, _hand_phrase(ahead[:length])
        named = subjects_named(" ".join(ahead[:length])) or _far(" ".join(ahead[:length]))
        if named:
            return length, named
    return 1, meanings(ahead[0])


@lru_cache(REMEMBERED)
def _pictured(picture: str, name: str) -> tuple[Sense, ...]:
    """What a picture shows: the subject that is drawn after it, else what the words of its name mean."""
    subject = _drawn_after().get(f"{ord(picture):x}")
    shown = (Sense("subject", subject, "exact"),) if subject else ()
    named = (sense for word in name.split() for sense in meanings(word))
    return shown + tuple(s for s in named if s.facet == "theme" or (s.facet == "subject" and not shown))


@cache
def _drawn_after() -> Mapping[str, str]:
    """Code point in hexadecimal -> the subject whose picture it is."""
    return {subject.source: name for name, subject in SUBJECTS.items()}


def _clause(tokens: Sequence[Token], at: int) -> Iterator[Token]:
    first = tokens[at]
    for token in tokens[at : at + LONGEST]:
        if token.clause != first.clause:
            return
        yield token


@lru_cache(REMEMBERED)
def _lemmas(word: str) -> frozenset[str]:
    return frozenset(forms(word))


def _phrase(words: Sequence[str]) -> int:
    """Words of the longest phrase by hand that ``words`` begin with; 0 for none."""
    return len(_matching(words))


def _hand_phrase(words: Sequence[str]) -> tuple[Sense, ...]:
    return by_hand()[" ".join(_matching(words))]


def _matching(words: Sequence[str]) -> tuple[str, ...]:
    for first in forms(words[0]):
        for phrase in _by_first_word().get(first, ()):
            if len(phrase) <= len(words) and all(
                part in _lemmas(word) for part, word in zip(phrase, words, strict=False)
            ):
                return phrase
    return ()


@lru_cache(REMEMBERED)
def subjects_named(phrase: str) -> tuple[Sense, ...]:
    """The subject that ``phrase`` names, in any of its forms: one cherry rather than "cherries"."""
    named = [SUBJECTS[form] for form in forms(phrase) if form in SUBJECTS]
    if named:
        best = next((subject for subject in named if subject.source == HAND), named[0])
        return (Sense("subject", best.name, "exact"),)
    for form in forms(phrase):
        for subject in find(form):
            if _is_called(subject, form):
                return (Sense("subject", subject.name, "synonym"),)
    return ()


def _close_to(word: str) -> tuple[Sense, ...]:
    """The subject that has ``word`` among its keywords, where nothing knows it better."""
    found = (find(form) for form in forms(word))
    return next(((Sense("subject", subjects[0].name, "near"),) for subjects in found if subjects), ())


def _is_called(subject: Subject, word: str) -> bool:
    """Whether ``word`` is another name for ``subject``, and not only near to it as many keywords are.

    Those of drawings by hand are names, and so is what a longer name says again: "red mushroom", mushroom.
    """
    return subject.source == HAND or subject.name.endswith(f" {word}")


@lru_cache(REMEMBERED)
def meanings(word: str) -> tuple[Sense, ...]:
    """What one word means: by hand, as a subject, else by WordNet; nothing where it is not known.

    A word of a theme is what is found there as well: a cathedral is a church in a castle's world. One that is
    known to mean nothing is no form of another.
    """
    if word not in by_hand() and of_wordnet().get(word) == ():
        return ()
    for form in forms(word):
        hand = by_hand().get(form, ())
        if hand and {sense.facet for sense in hand} != {"theme"}:
            return hand
        if hand:
            seen = subjects_named(form) or _far(word)
            return (*hand, *(sense for sense in seen if sense.facet == "subject"))
        if form in SUBJECTS:
            return subjects_named(form)
    return subjects_named(word) or _far(word) or _close_to(word)


def _far(phrase: str) -> tuple[Sense, ...]:
    """What WordNet makes of the first form it knows; of one it knows to mean nothing to a game, nothing."""
    return next((of_wordnet()[form] for form in forms(phrase) if form in of_wordnet()), ())


def known(word: str) -> bool:
    """Whether ``word`` is one, whatever it means: then it is no slip of the keyboard."""
    return any(form in of_wordnet() or form in by_hand() or find(form) for form in forms(word))
