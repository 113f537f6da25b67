"""The game design document: the typed data every later step works from.

What belongs here: the model and the rules a design must keep to be a design at all.
What does not: how a design is made (``studio/designer.py``) or what a family can do with it (``families/``).
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gamefactory_dagster.ids import SLUG, SLUG_LENGTH

LEVELS: Final = 10
"""Levels a game has (step 9: ten levels, 1-3 free, 4-10 unlocked by a rewarded ad or the currency)."""

Genre = Literal["runner", "puzzle", "platformer", "arcade", "shooter", "casual"]

LIKE_GENRE: Final[Mapping[str, tuple[str, ...]]] = {
    "runner": ("platformer", "arcade"),
    "puzzle": ("casual",),
    "platformer": ("runner", "arcade"),
    "arcade": ("runner", "shooter"),
    "shooter": ("arcade", "runner"),
    "casual": ("puzzle", "arcade"),
}
"""Genre -> what is played most like it, best first."""

Style = Literal[
    "colorful_cartoon", "neon_futuristic", "clean_minimal", "pixel_retro", "soft_pastel",
    "dark_gothic", "hand_drawn", "flat_modern", "watercolor", "low_poly",
]  # fmt: skip

STYLES: tuple[str, ...] = get_args(Style)
"""Every style a game may be drawn in; ``art/styles.py`` says how each looks."""

Theme = Literal[
    "reef", "desert", "orchard", "space", "castle", "candy",
    "arctic", "volcano", "city", "garden", "clockwork", "jungle",
]  # fmt: skip

Light = Literal["day", "night"]

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
Slug = Annotated[str, Field(min_length=1, max_length=SLUG_LENGTH, pattern=f"^{SLUG}$")]
Identifier = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z][a-z0-9_]*$")]
Subject = Annotated[str, Field(min_length=1, max_length=100)]
Sentence = Annotated[str, Field(min_length=1, max_length=400)]
Difficulty = Annotated[int, Field(ge=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CoreLoop(_Part):
    """What the player does over and over, as verbs, and in one sentence."""

    actions: tuple[Identifier, ...] = Field(min_length=1, max_length=6)
    summary: Sentence


class Progression(_Part):
    """Which levels winning the one before opens; the rest open one by one, for an ad or the currency."""

    levels: Literal[10] = LEVELS
    free_levels: int = Field(default=3, ge=1, le=3)
    unlock: Literal["rewarded_ad"] = "rewarded_ad"


LEVELS_A_PRICE: Final = 5
"""What opening a level costs where a design says nothing, in levels at full marks."""


class Economy(_Part):
    """What is earned in play, and what opening a level costs. ``par`` is a level's value at full marks."""

    currency: Identifier
    pickup_value: int = Field(ge=1, le=100)
    win_bonus: int = Field(ge=0, le=1000)
    par: int = Field(ge=1, le=10_000)
    price: int | None = Field(default=None, ge=1, le=100_000)

    @property
    def level_price(self) -> int:
        """What opening a level costs."""
        return self.price or LEVELS_A_PRICE * self.par


class AnalyticsPlan(_Part):
    """The questions the events must answer."""

    kpis: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    funnel: tuple[Identifier, ...] = Field(min_length=2, max_length=11)


class StyleGuide(_Part):
    """Everything the art and the sound need to know."""

    style: Style
    theme: Theme
    hue: int = Field(ge=0, le=359)
    mood: Identifier
    tempo: int = Field(ge=60, le=180)
    cast: Mapping[Identifier, Subject] = Field(default_factory=dict)
    """Part, or ``scenery`` (``design/parts.py``) -> the subject that plays it; the theme has the others."""
    light: Light | None = None
    """None leaves it to theme and style."""


class GDD(_Part):
    """A whole design. Equal documents give byte-identical games."""

    format: Literal[1] = 1
    name: Name
    slug: Slug
    tagline: Sentence
    genre: Genre
    family: Identifier
    mechanics: tuple[Identifier, ...] = Field(min_length=1, max_length=6)
    core_loop: CoreLoop
    progression: Progression
    economy: Economy
    fail_states: tuple[Sentence, ...] = Field(min_length=1, max_length=6)
    difficulty_curve: tuple[Difficulty, ...] = Field(min_length=LEVELS, max_length=LEVELS)
    analytics_plan: AnalyticsPlan
    style_guide: StyleGuide
    seed: int = Field(ge=0, lt=2**53)

    @field_validator("mechanics")
    @classmethod
    def _unique(cls, mechanics: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(mechanics)) != len(mechanics):
            raise ValueError("a mechanic may be named only once")
        return mechanics

    @model_validator(mode="after")
    def _gets_harder(self) -> Self:
        curve = self.difficulty_curve
        if curve[0] > 30:
            raise ValueError(f"level 1 must be easy: difficulty {curve[0]} is over 30")
        if curve[-1] <= curve[0]:
            raise ValueError(f"the last level ({curve[-1]}) must be harder than the first ({curve[0]})")
        if any(later < earlier - 15 for earlier, later in pairwise(curve)):
            raise ValueError("difficulty may fall by at most 15 from one level to the next")
        return self
