"""A prompt as words: what is between them is kept only as far as it separates.

What belongs here: cutting text up, and what a written form may be a form of. What does not: what any word
means (``lexicon.py``) or does to its neighbours (``sentences.py``).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_|\n")
"""A word, with its apostrophes, or one sign. No part of it can match in two ways: time is linear."""

_BREAKS = frozenset(",.;:!?()[]{}<>/|\n…–—、。，！？：；「」")
"""Signs that end a clause. A hyphen is none: "night-time" is read as "night time"."""

_PICTURES = (("\u2600", "\u2bff"), ("\U0001f300", "\U0001faff"))
"""Where Unicode has pictures; other signs are letters in circles, arrows, frames."""

_UNSEEN = frozenset(("Cf", "Cs", "Co", "Cn", "Mn", "Me"))
"""Categories of Unicode: formats, surrogates, private and unassigned ones, marks that stand on a letter."""

_LONGEST = 40
"""Characters of a word that are looked at: the rest of a longer one says nothing."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word. Two words of one ``clause`` have no sign between them that separates."""

    text: str
    """Lower case, without accents; of a picture the name that Unicode gives it."""
    shown: str
    """As it was written."""
    clause: int
    picture: bool = False


def tokens_of(prompt: str) -> list[Token]:
    """Cut ``prompt`` into words. Never raises, whatever the text is."""
    return list(_tokens(prompt))


def _tokens(prompt: str) -> Iterator[Token]:
    clause = 0
    for piece in _PIECE.findall(_readable(prompt)):
        if piece in _BREAKS:
            clause += 1
        elif piece[0].isalnum():
            if text := _plain(piece):
                yield Token(text, piece[: _LONGEST + 1], clause)
        elif any(first <= piece <= last for first, last in _PICTURES):
            clause += 1
            yield Token(unicodedata.name(piece, "").lower().replace("-", " "), piece, clause, picture=True)


def _readable(prompt: str) -> str:
    """Without what is not seen: controls become spaces; direction marks and loose accents go."""
    composed = unicodedata.normalize("NFC", prompt)
    kinds = {char: unicodedata.category(char) for char in set(composed)}
    return "".join(
        " " if kinds[char] == "Cc" and char != "\n" else char
        for char in composed
        if kinds[char] not in _UNSEEN
    )


def _plain(word: str) -> str:
    """Lower case, without accents and possessive endings, at most ``_LONGEST`` characters."""
    parted = unicodedata.normalize("NFKD", word[:_LONGEST].lower().replace("’", "'"))
    bare = "".join(char for char in parted if not unicodedata.combining(char))
    return bare.removesuffix("'s").replace("'", "")


_NOUN_ENDINGS = (
    ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"),
    ("shes", "sh"), ("oes", "o"), ("men", "man"), ("s", ""),
)  # fmt: skip
_VERB_ENDINGS = (
    ("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"),
    ("ing", ""),
)  # fmt: skip
_OTHER_ENDINGS = (("ily", "y"), ("ly", ""), ("iest", "y"), ("ier", "y"), ("est", ""), ("er", ""))
"""As WordNet's own ``morphy`` cuts them off; an adverb and the degrees of an adjective beside."""


@cache
def _endings() -> dict[str, tuple[str, ...]]:
    """Ending -> what may stand in its place."""
    table: dict[str, tuple[str, ...]] = {}
    for end, put in (*_NOUN_ENDINGS, *_VERB_ENDINGS, *_OTHER_ENDINGS):
        table[end] = tuple(dict.fromkeys((*table.get(end, ()), put)))
    return table


def forms(word: str) -> Iterator[str]:
    """What ``word`` may be a form of, itself first: "cherries" -> cherries, cherry, cherrie, ..."""
    yield word
    for length in (4, 3, 2, 1):
        if len(word) - length < 2:
            continue
        stem = word[:-length]
        for put in _endings().get(word[-length:], ()):
            yield stem + put
            if put == "" and length > 1 and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
