"""What a person wishes of one game, as data: whatever is not said is open.

What belongs here: the wishes a design can fulfil, and checking them. What does not: finding them in a
person's words (``studio/reading``), or fulfilling them (``studio/designer.py``).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from gamefactory_dagster.errors import InputError

from .gdd import Genre, Light, Style, Theme
from .library import MECHANICS

Mood = Literal["calm", "dreamy", "bright", "mysterious", "heroic", "playful", "tense"]
Pace = Literal["slow", "steady", "fast"]
Ease = Literal["easy", "medium", "hard"]

Part = Literal["hero", "pickup", "hazard", "tile", "scenery"]
"""What a subject may be in a game."""

MOST_SUBJECTS = 8

_MECHANICS = frozenset(entry.name for entry in MECHANICS)

_Word = Annotated[str, Field(min_length=1, max_length=100)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mention(_Frozen):
    """A subject that was named; ``word`` is how, and ``role`` what it is to be where that was said."""

    subject: _Word
    word: _Word
    role: Part | None = None


class Wishes(_Frozen):
    """What is wished of a game; ``Wishes()`` leaves everything open."""

    genre: Genre | None = None
    theme: Theme | None = None
    style: Style | None = None
    mood: Mood | None = None
    pace: Pace | None = None
    difficulty: Ease | None = None
    light: Light | None = None
    mechanics: tuple[str, ...] = Field(default=(), max_length=len(_MECHANICS))
    """Asked for, out of the library."""
    without: tuple[str, ...] = Field(default=(), max_length=len(_MECHANICS))
    """Not wanted, out of the library."""
    subjects: tuple[Mention, ...] = Field(default=(), max_length=MOST_SUBJECTS)
    """In the order in which they were named."""
    avoided: tuple[_Word, ...] = Field(default=(), max_length=MOST_SUBJECTS)
    """Subjects not wanted, kinds of them (``kinds.py``), themes and styles, each by its name."""

    @field_validator("mechanics", "without")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) != len(names) or not _MECHANICS.issuperset(names):
            raise ValueError(f"different mechanics out of {', '.join(sorted(_MECHANICS))}")
        return names

    @classmethod
    def from_json(cls, value: object) -> "Wishes":
        """Read what ``games.wishes`` holds; InputError names the key, its value and what would be right."""
        if not isinstance(value, Mapping):
            raise InputError("wishes", value, f"an object with any of the keys {', '.join(cls.model_fields)}")
        try:
            return cls.model_validate(dict(value))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise InputError(f"wishes.{field}", first["input"], first["msg"]) from error

    def as_json(self) -> dict[str, Any]:
        """Give back only what is wished: the value of ``games.wishes``."""
        return self.model_dump(mode="json", exclude_defaults=True)
