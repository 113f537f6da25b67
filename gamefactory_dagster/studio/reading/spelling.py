"""Slips of the keyboard: the word that was meant, where only one can have been.

What belongs here: how far a slip may go. Short words are taken as they stand: too many are one letter apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from gamefactory_dagster.studio.design.subjects import SUBJECTS

from .lexicon import by_hand, known, of_wordnet

_SHORTEST = 5
"""Letters of a word that may have a wrong one; of four, two neighbours may have changed places."""

_LONG = 8
"""Letters from which two may be wrong."""


Vocabulary = Mapping[tuple[str, int], Sequence[str]]
"""Words by their first letter and their length."""


def corrected(word: str) -> str | None:
    """The word that ``word`` was meant to be, beginning with one of its first two letters; None if none is.

    What is a word already is no slip. Where words by hand, names of subjects and words of WordNet are equally
    near, they go in this order; within one of them two that are equally near are none.
    """
    if not _SHORTEST - 1 <= len(word) <= 20 or not (word.isascii() and word.isalpha()) or known(word):
        return None
    return nearest(word, _familiar()) or nearest(word, _distant())


def nearest(word: str, among: Vocabulary) -> str | None:
    """The one word that ``word`` is a slip of; None where there is none, or more than one as near."""
    most = 2 if len(word) >= _LONG else 1
    found = sorted(
        (OSA.distance(word, other, score_cutoff=most), other)
        for first in sorted({*word[:2]})
        for length in range(len(word) - most, len(word) + most + 1)
        for other in among.get((first, length), ())
    )
    good = [entry for entry in found if entry[0] <= most]
    if len(word) < _SHORTEST:
        good = [(distance, other) for distance, other in good if sorted(other) == sorted(word)]
    if not good or (len(good) > 1 and good[0][0] == good[1][0]):
        return None
    return good[0][1]


@cache
def _familiar() -> Vocabulary:
    subjects = (part for subject in SUBJECTS.values() for part in (subject.name, *subject.keywords))
    return vocabulary({*by_hand(), *subjects})


@cache
def _distant() -> Vocabulary:
    return vocabulary({word for word, senses in of_wordnet().items() if senses})


def vocabulary(words: Iterable[str]) -> Vocabulary:
    """``words`` as they are searched; phrases are left out, and what is too short to be meant."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if " " not in word and len(word) >= _SHORTEST - 1:
            found[word[0], len(word)].append(word)
    return found
