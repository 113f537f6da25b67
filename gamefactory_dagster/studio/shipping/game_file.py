"""``game.json``: the data a player of any family runs on, and what it must keep to.

What belongs here: the shape of the file. What does not: what is inside a level (the family knows) and how
the file is made.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gamefactory_dagster.studio.design.gdd import (
    LEVELS,
    Genre,
    Identifier,
    Name,
    Sentence,
    Slug,
    Style,
    Theme,
)
from gamefactory_dagster.studio.families.extras import DAILIES, DAILY_BYTES

Address = Annotated[str, Field(pattern=r"^https://[^\s\x00-\x1f\"'<>]+$", max_length=200)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Palette(_Part):
    """The colours menus and placeholder shapes are drawn in."""

    sky: Colour
    ground: Colour
    ink: Colour
    accent: Colour
    panel: Colour
    paper: Colour


class Earnings(_Part):
    """The design's economy, as the player shows it."""

    currency: Identifier
    pickup_value: int = Field(ge=1, le=100)
    win_bonus: int = Field(ge=0, le=1000)
    par: int = Field(ge=1, le=10_000)
    price: int | None = Field(default=None, ge=1, le=100_000)
    """What opening a level costs."""


class Skin(_Part):
    """Other colours for what the family's view names: hues turned by degrees, made stronger or fainter."""

    name: Name
    turn: int = Field(ge=0, le=359)
    strength: int = Field(ge=50, le=200)
    """Per cent."""
    price: int = Field(ge=1, le=1_000_000)


class Ads(_Part):
    """How long the house ad runs and what one is worth, in millionths of the currency of account."""

    seconds: int = Field(ge=0, le=60)
    revenue_micros: int = Field(ge=0, le=10_000_000)


class Owed(_Part):
    """Whose work the game shows beside the factory's own (``design/credits.py``), as its settings tell it."""

    words: Sentence
    source: Address
    licence: Address


class GameFile(BaseModel):
    """The whole file. Levels are checked for number, seed and plain integers only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    version: str = Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,6}$")
    slug: Slug
    name: Name
    tagline: Sentence
    genre: Genre
    family: Identifier
    mechanics: list[Identifier] = Field(min_length=1, max_length=6)
    style: Style
    theme: Theme
    palette: Palette
    free_levels: int = Field(ge=1, le=3)
    economy: Earnings
    help: list[Sentence] = Field(min_length=1, max_length=12)
    credits: list[Owed] = Field(default=[], max_length=4)
    ads: Ads
    sounds: list[Identifier] = Field(max_length=40)
    art: bool
    levels: list[dict[str, Any]] = Field(min_length=1, max_length=LEVELS)
    dailies: list[dict[str, Any]] = Field(default=[], max_length=DAILIES)
    """The level of a day is the one at (days since 1970-01-01 UTC) modulo their number."""
    sections: list[dict[str, Any] | list[Any]] = Field(default=[], max_length=40)
    """What endless runs are put together from, in the family's own form."""
    skins: list[Skin] = Field(default=[], max_length=3)


def game_problems(game: object, levels: int = LEVELS) -> list[str]:
    """Say what is wrong with a parsed ``game.json`` that should have ``levels`` levels; empty: nothing."""
    try:
        file = GameFile.model_validate(game)
    except ValidationError as error:
        return [f"game.json: {'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()]
    found = []
    if len(file.levels) != levels:
        found.append(f"game.json: has {len(file.levels)} levels, not {levels}")
    for number, level in enumerate(file.levels, start=1):
        found.extend(_level_problems(f"level {number}", level, number))
    for place, level in enumerate(file.dailies):
        found.extend(_level_problems(f"daily {place}", level, 0))
    if len(orjson.dumps(file.dailies)) > DAILY_BYTES:
        found.append(f"game.json: its daily levels are over {DAILY_BYTES} bytes")
    found.extend(f"game.json: sections{where} is not exact" for where in _inexact(file.sections, ""))
    if len({skin.name for skin in file.skins}) < len(file.skins):
        found.append("game.json: two skins have one name")
    return found


def _level_problems(what: str, level: dict[str, Any], number: int) -> Iterator[str]:
    if level.get("number") != number:
        yield f"game.json: {what} says its number is {level.get('number')!r}"
    if not isinstance(level.get("seed"), int):
        yield f"game.json: {what} has no whole number as its seed"
    yield from (f"game.json: {what}: {where} is not exact" for where in _inexact(level, ""))


def _inexact(value: object, where: str) -> Iterator[str]:
    """Places of numbers that are not integers: two machines may disagree about those."""
    if isinstance(value, float):
        yield where or "value"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _inexact(inner, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _inexact(inner, f"{where}[{index}]")
