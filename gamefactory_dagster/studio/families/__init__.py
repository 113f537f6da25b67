"""The families there are, by name and by genre. Nothing else: a family is one folder beside this file."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gamefactory_dagster.errors import InputError

if TYPE_CHECKING:
    from .base import Family


def _load() -> Mapping[str, "Family"]:
    """Import every sub-package; each exports ``FAMILY``. Sorted by name, so the order is fixed."""
    packages = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    families = [importlib.import_module(f"{__name__}.{package}").FAMILY for package in packages]
    return MappingProxyType({family.name: family for family in families})


FAMILIES: Mapping[str, "Family"] = _load()
"""Family name -> family."""


def genres() -> tuple[str, ...]:
    """Genres that have a family, sorted."""
    return tuple(sorted(family.genre for family in FAMILIES.values()))


def family_for(genre: str) -> "Family":
    """Give the family that makes games of ``genre``.

    Raises InputError when no family does; the message names the genres that have one.
    """
    for family in FAMILIES.values():
        if family.genre == genre:
            return family
    raise InputError("genre", genre, f"one of {', '.join(genres())}")
