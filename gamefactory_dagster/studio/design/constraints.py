"""What a batch may ask of its games: ``batches.constraints``, checked.

What belongs here: the allowed keys, their bounds, and messages a person can act on. What does not: who obeys
them (``studio/designer.py`` for a design, the batch's planning for themes and styles).

| key | meaning |
|---|---|
| ``styles`` | only these visual styles; empty or absent: all |
| ``themes`` | only these themes; empty or absent: all |
| ``mechanics_required`` | in every game whose family realises them; at most three |
| ``mechanics_excluded`` | in no game; a family cannot do without its core, nor without motion and sparks |
| ``free_levels`` | levels open from the start, 1 to 3 (3 when absent) |
| ``max_difficulty`` | no level is harder than this, 30 to 100 |
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from gamefactory_dagster.errors import InputError

from .gdd import STYLES, Style, Theme
from .library import MECHANICS, PRESENTATION

OPTIONAL = 3
"""Mechanics a game has beside its family's core (three, unless the family fixes it)."""

_NAMES = tuple(entry.name for entry in MECHANICS)

_EXPECTED = {
    "styles": f"a list of different styles out of {', '.join(STYLES)}",
    "themes": f"a list of different themes out of {', '.join(get_args(Theme))}",
    "mechanics_required": f"a list of at most {OPTIONAL} different mechanics out of {', '.join(_NAMES)}, "
    "none of them also excluded",
    "mechanics_excluded": f"a list of different mechanics out of {', '.join(_NAMES)}",
    "free_levels": "a whole number from 1 to 3",
    "max_difficulty": "a whole number from 30 to 100",
}


class Constraints(BaseModel):
    """A batch's constraints; ``Constraints()`` allows everything."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    styles: tuple[Style, ...] = Field(default=(), max_length=len(STYLES))
    themes: tuple[Theme, ...] = Field(default=(), max_length=len(get_args(Theme)))
    mechanics_required: tuple[str, ...] = Field(default=(), max_length=OPTIONAL)
    mechanics_excluded: tuple[str, ...] = Field(default=(), max_length=len(_NAMES))
    free_levels: int | None = Field(default=None, ge=1, le=3)
    max_difficulty: int | None = Field(default=None, ge=30, le=100)

    @field_validator("styles", "themes", "mechanics_required", "mechanics_excluded", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("styles", "themes", "mechanics_required", "mechanics_excluded")
    @classmethod
    def _different(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("named twice")
        return value

    @field_validator("mechanics_required", "mechanics_excluded")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(_NAMES):
            raise ValueError("not in the library")
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if both := set(self.mechanics_required) & set(self.mechanics_excluded):
            raise InputError("constraints.mechanics_required", sorted(both), _EXPECTED["mechanics_required"])
        return self

    @classmethod
    def from_json(cls, value: object) -> "Constraints":
        """Check what somebody gave; InputError names the key, its value and what would be right."""
        if not isinstance(value, Mapping):
            raise InputError("constraints", value, f"an object with any of the keys {', '.join(_EXPECTED)}")
        try:
            return cls.model_validate(dict(value))
        except ValidationError as error:
            key = str(error.errors()[0]["loc"][0])
        if key not in _EXPECTED:
            raise InputError("constraints", key, f"only the keys {', '.join(_EXPECTED)}")
        raise InputError(f"constraints.{key}", value[key], _EXPECTED[key])

    def as_json(self) -> dict[str, Any]:
        """Give back only what was asked for: the value of ``batches.constraints``."""
        return self.model_dump(mode="json", exclude_unset=True)

    def narrow(
        self, core: Sequence[str], realised: Collection[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """For one family: the mechanics every game has, and those it may have, both in the library's order.

        Presentation is neither: whatever the family can show is shown, and no design names it.
        InputError when the batch excludes a mechanic of the family's ``core``, or what it shows.
        """
        needed = {*core, *(PRESENTATION & set(realised))}
        if missing := needed & set(self.mechanics_excluded):
            raise InputError(
                "constraints.mechanics_excluded",
                sorted(missing),
                f"mechanics other than {', '.join(sorted(needed))}, which every game of this family needs",
            )
        playable = [name for name in _NAMES if name in realised and name not in PRESENTATION]
        required = (name for name in self.mechanics_required if name in playable and name not in core)
        always = (*core, *required)
        barred = {*always, *self.mechanics_excluded}
        return always, tuple(name for name in playable if name not in barred)
