"""Making a design from a brief.

What belongs here: the brief, what a designer is, and the embedded designer, which needs no key and no
network. What does not: the rules of a design (``design/gdd.py``), its words (``design/family_words.py``,
``design/words.py``, ``design/wording.py``), or judging how like others it is (``design/similarity.py``).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gamefactory_dagster.errors import InputError

from .design.constraints import OPTIONAL, Constraints
from .design.curves import HIGHEST, LOWEST, SHAPES, curve
from .design.family_words import words_of
from .design.gdd import GDD, STYLES, AnalyticsPlan, CoreLoop, Economy, Progression, StyleGuide
from .design.wording import Teller
from .design.words import THEMES, ThemeWords

if TYPE_CHECKING:
    from .families.base import Family

MOST_MECHANICS = 6
"""Mechanics a design may name (``gdd.GDD``)."""

_FUNNEL = (
    "game_start", "level_start", "level_complete", "unlock_prompt_shown",
    "rewarded_ad_started", "rewarded_ad_completed", "level_unlocked",
)  # fmt: skip

_KPIS = ("retention_d1", "retention_d7", "level_completion", "ad_opt_in", "tries_per_level")
"""What every game is asked; each can be computed from the events it sends."""

_MECHANIC_KPIS = {
    "score_system": "score_per_level",
    "timer_countdown": "seconds_per_level",
    "health_system": "causes_of_failure",
}

_PICKUP_VALUES = (1, 2, 5, 10, 20, 25)

_BONUS_IN_PICKUPS = (3, 4, 5, 6, 8)
"""A win is worth this many pickups: a fair share of a level, and never so much that gathering is idle."""

_PAR_IN_PICKUPS = (12, 14, 16, 18, 20, 22)
"""Pickups that with a win make full marks; levels hold from twenty to fifty."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is settled about a game before it is designed."""

    name: str
    slug: str
    genre: str
    theme: str
    style: str
    seed: int
    constraints: Constraints = field(default_factory=Constraints)
    mechanics: tuple[str, ...] = ()
    """Beside the family's core; empty leaves the choice to the designer."""


class Designer(Protocol):
    """Anything that turns a brief into a design."""

    def design(self, brief: Brief, attempt: int) -> GDD:
        """Make the design of ``brief``; ``attempt`` counts from 0, and another attempt is another design.

        The same brief and attempt give the same design where the designer can promise it.
        Raises InputError for a brief that cannot be met.
        """
        ...


class ProceduralDesigner:
    """Designs from tables and a seed: equal (brief, attempt) give equal designs.

    Attempt 0 keeps the brief's style. Later ones take the other styles the batch allows, and every attempt
    has another curve, wording and economy, and other mechanics where the brief leaves them open.
    """

    def design(self, brief: Brief, attempt: int) -> GDD:
        """Make the design of ``brief``, as ``Designer.design`` says."""
        from .families import family_for

        _check(brief, attempt)
        family = family_for(brief.genre)
        words = THEMES[brief.theme]
        rng = random.Random(f"{brief.seed}:design:{attempt}")
        mechanics = _mechanics(brief, family, rng)
        currency = _turn(words.currencies, brief, attempt, "currency")
        teller = Teller(words_of(family.name), words, currency, rng)
        twists = [family.mechanics[name] for name in mechanics if name not in family.core]
        return GDD.model_validate(
            {
                "name": brief.name,
                "slug": brief.slug,
                "tagline": teller.tagline(),
                "genre": brief.genre,
                "family": family.name,
                "mechanics": mechanics,
                "core_loop": CoreLoop(
                    actions=teller.actions(family.actions, mechanics), summary=teller.summary(twists)
                ),
                "progression": Progression(free_levels=brief.constraints.free_levels or 3),
                "economy": _economy(currency, rng),
                "fail_states": family.fail_states(mechanics)[:6],
                "difficulty_curve": _curve(brief, attempt, rng),
                "analytics_plan": _analytics(mechanics),
                "style_guide": _style_guide(brief, attempt, words, rng),
                "seed": rng.randrange(2**53),
            }
        )


def _check(brief: Brief, attempt: int) -> None:
    if attempt < 0:
        raise InputError("attempt", attempt, "0 or more")
    styles: tuple[str, ...] = brief.constraints.styles or STYLES
    if brief.style not in styles:
        raise InputError("style", brief.style, f"one of {', '.join(styles)}")
    themes: tuple[str, ...] = brief.constraints.themes or tuple(THEMES)
    if brief.theme not in themes:
        raise InputError("theme", brief.theme, f"one of {', '.join(themes)}")


def _turn(choices: Sequence[str], brief: Brief, attempt: int, purpose: str) -> str:
    """Deal ``choices`` out over the attempts: none comes again before all others had their turn."""
    dealt = random.Random(f"{brief.seed}:{purpose}").sample(choices, len(choices))
    return dealt[attempt % len(dealt)]


def _mechanics(brief: Brief, family: "Family", rng: random.Random) -> tuple[str, ...]:
    """The family's core, what the batch requires, then the brief's choice or a draw of our own."""
    always, free = brief.constraints.narrow(family.core, family.mechanics)
    if not brief.mechanics:
        open_places = max(0, OPTIONAL - (len(always) - len(family.core)))
        return (*always, *rng.sample(free, min(open_places, len(free))))
    chosen = tuple(dict.fromkeys((*always, *brief.mechanics)))
    if unfit := [name for name in chosen if name not in always and name not in free]:
        raise InputError("mechanics", unfit, f"out of {', '.join((*always, *free))} for a {brief.genre}")
    if len(chosen) > MOST_MECHANICS:
        raise InputError("mechanics", chosen, f"at most {MOST_MECHANICS}")
    return chosen


def _economy(currency: str, rng: random.Random) -> Economy:
    value = rng.choice(_PICKUP_VALUES)
    bonus = value * rng.choice(_BONUS_IN_PICKUPS)
    par = bonus + value * rng.choice(_PAR_IN_PICKUPS)
    return Economy(currency=currency, pickup_value=value, win_bonus=bonus, par=par)


def _curve(brief: Brief, attempt: int, rng: random.Random) -> tuple[int, ...]:
    high = rng.randint(*HIGHEST)
    if brief.constraints.max_difficulty is not None:
        high = min(high, brief.constraints.max_difficulty)
    low = min(rng.randint(*LOWEST), high // 2)
    return curve(_turn(tuple(SHAPES), brief, attempt, "curve"), low, high)


def _analytics(mechanics: tuple[str, ...]) -> AnalyticsPlan:
    extra = (_MECHANIC_KPIS[name] for name in mechanics if name in _MECHANIC_KPIS)
    return AnalyticsPlan(kpis=(*_KPIS, *extra), funnel=_FUNNEL)


def _style_guide(brief: Brief, attempt: int, words: ThemeWords, rng: random.Random) -> StyleGuide:
    others = tuple(style for style in brief.constraints.styles or STYLES if style != brief.style)
    keep = attempt == 0 or not others
    return StyleGuide.model_validate(
        {
            "style": brief.style if keep else _turn(others, brief, attempt - 1, "style"),
            "theme": brief.theme,
            "hue": (rng.choice(words.hues) + rng.randint(-14, 14)) % 360,
            "mood": rng.choice(words.moods),
            "tempo": rng.randint(*words.tempo),
        }
    )


DESIGNERS: Mapping[str, Designer] = {"procedural": ProceduralDesigner(), "contrary": ProceduralDesigner()}
"""Who there is to design a game, by name; the first where nobody is asked for."""
