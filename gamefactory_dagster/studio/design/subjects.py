"""Everything that can be drawn when somebody names it: the table ``subjects.tsv``, read and looked up.

What belongs here: what a subject is called, what it can be in a game and where it is at home. What does not:
how it is drawn (``art/``), which part it gets (``casting.py``) or what is meant by a whole sentence
(``studio/reading``).
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from .gdd import Theme
from .wishes import Part

Gait = Literal["legs", "hop", "roll", "float"]
"""How it gets about as a hero: on legs it is given, on its own feet, on wheels, or swimming and flying."""

HAND = "hand"
"""Source of what is drawn by hand: the drawing of the subject's name."""

TABLE = Path(__file__).with_name("subjects.tsv")

GREY, TINTED = -1, -2
"""Hue of what has none, and of what is drawn in the colour of its place."""

_NEAR_HUE, _NEAR_LIGHT = 25, 12
"""Degrees of hue and hundredths of lightness within which two colours are taken for the same."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One row of the table. Words are lower case and singular, as they are said."""

    name: str
    source: str
    """``hand``, or the name of an SVG of Twemoji: its code points in hexadecimal, joined by hyphens."""
    roles: tuple[Part, ...]
    """What it can be, the most fitting first."""
    gait: Gait
    faces: Literal["left", "right", "front"]
    """Which way its picture looks."""
    themes: tuple[Theme, ...]
    """Where it is at home; none: anywhere."""
    light: int
    """Lightness of what most of it is coloured, 0 to 100."""
    hue: int
    """Its hue in OKLCH degrees; GREY or TINTED when it has none."""
    keywords: tuple[str, ...]
    """What else it is called, the most fitting first."""

    @property
    def drawn(self) -> bool:
        """Whether its picture is one of Twemoji, and not one made by hand."""
        return self.source != HAND


def _read(line: str) -> Subject:
    name, source, roles, gait, faces, themes, light, hue, keywords = line.split("\t")
    return Subject(
        name,
        source,
        cast("tuple[Part, ...]", tuple(roles.split())),
        cast("Gait", gait),
        cast("Literal['left', 'right', 'front']", faces),
        cast("tuple[Theme, ...]", tuple(themes.split())),
        int(light),
        int(hue),
        tuple(keywords.split(", ")) if keywords else (),
    )


def as_row(subject: Subject) -> str:
    """The line of the table that holds ``subject``."""
    lists = [" ".join(subject.roles), subject.gait, subject.faces, " ".join(subject.themes)]
    colour = [str(subject.light), str(subject.hue)]
    return "\t".join([subject.name, subject.source, *lists, *colour, ", ".join(subject.keywords)])


def _table() -> Mapping[str, Subject]:
    _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    return MappingProxyType({subject.name: subject for subject in map(_read, lines)})


SUBJECTS: Mapping[str, Subject] = _table()
"""Every subject by its name, in the order of the names."""


def find(word: str) -> tuple[Subject, ...]:
    """What is called ``word`` (lower case, singular): the subject of that name, then those nearest to it."""
    return _called().get(word, ())


def same_colour(one: Subject, other: Subject) -> bool:
    """Whether most of both has much the same hue and lightness."""
    if TINTED in (one.hue, other.hue) or abs(one.light - other.light) > _NEAR_LIGHT:
        return False
    if GREY in (one.hue, other.hue):
        return one.hue == other.hue
    return abs((one.hue - other.hue + 180) % 360 - 180) <= _NEAR_HUE


@functools.cache
def _called() -> Mapping[str, tuple[Subject, ...]]:
    """Word -> subjects: its name before any keyword, an early keyword before a late one."""
    ranked: dict[str, list[tuple[int, Subject]]] = {}
    for subject in SUBJECTS.values():
        for rank, word in enumerate((subject.name, *subject.keywords)):
            ranked.setdefault(word, []).append((rank, subject))
    return {
        word: tuple(subject for _, subject in sorted(found, key=lambda each: each[0]))
        for word, found in ranked.items()
    }
