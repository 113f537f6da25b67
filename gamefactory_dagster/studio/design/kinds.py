"""Kinds of subjects: what "no animals" is about.

What belongs here: which subjects are of a kind, as ``kinds.tsv`` says; ``python -m tools.lexicon`` makes that
from WordNet. What does not: what else a subject is (``subjects.py``).
"""

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

_TABLE = Path(__file__).with_name("kinds.tsv")


@functools.cache
def kinds() -> Mapping[str, frozenset[str]]:
    """Kind, singular -> the names of its subjects."""
    lines = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return {kind: frozenset(names.split(", ")) for kind, names in lines}


def spelled_out(names: Iterable[str]) -> frozenset[str]:
    """``names``, and for each that is a kind everything of it."""
    named = frozenset(names)
    return named.union(*(kinds().get(name, frozenset()) for name in named))
