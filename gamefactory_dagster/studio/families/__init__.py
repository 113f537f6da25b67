"""The families of games, a folder each, by name and by genre.

What belongs here: what a family is, its levels and their proof, its bots. What does not: the shell it plays
in (``player/``), and its words (``design/family_words.py``).
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.gdd import LIKE_GENRE

if TYPE_CHECKING:
    from .base import Family


def discover() -> Mapping[str, "Family"]:
    """Import every sub-package on ``__path__``; each exports ``FAMILY``, called like its folder. By name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return MappingProxyType({name: importlib.import_module(f"{__name__}.{name}").FAMILY for name in names})


FAMILIES: Mapping[str, "Family"] = discover()
"""Family name -> family, sorted."""


def genres() -> tuple[str, ...]:
    """Genres that have a family, sorted."""
    return tuple(sorted({family.genre for family in FAMILIES.values()}))


def nearest_genre(genre: str) -> str:
    """``genre`` where a family makes games of it, else the one most like it that stands."""
    standing = genres()
    return next((near for near in (genre, *LIKE_GENRE[genre]) if near in standing), standing[0])


def family_for(genre: str) -> "Family":
    """Give the family that makes games of ``genre``.

    Raises InputError when no family does; the message names the genres that have one.
    """
    for family in FAMILIES.values():
        if family.genre == genre:
            return family
    raise InputError("genre", genre, f"one of {', '.join(genres())}")
