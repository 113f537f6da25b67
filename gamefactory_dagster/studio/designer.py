"""Making a design from a brief.

What belongs here: the brief, what a designer is, and the embedded designers, which need no key and no
network. What does not: the rules of a design (``design/gdd.py``), its words (``design/family_words.py``,
``design/words.py``, ``design/wording.py``), what wishes lean to (``design/leanings.py``), or judging how like
others it is (``design/similarity.py``).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from gamefactory_dagster.errors import InputError

from .design.casting import cast
from .design.constraints import OPTIONAL, Constraints
from .design.curves import SHAPES, curve
from .design.family_words import words_of
from .design.gdd import GDD, STYLES, AnalyticsPlan, CoreLoop, Economy, Progression, StyleGuide
from .design.kinds import spelled_out
from .design.leanings import asked_of, beats_of, gentle, levels_of, shapes_for, styles_for
from .design.wishes import Wishes
from .design.wording import Teller, named
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
    wishes: Wishes = field(default_factory=Wishes)
    """Kept in every attempt, as far as the family can."""


class Designer(Protocol):
    """Anything that turns a brief into a design."""

    def design(self, brief: Brief, attempt: int) -> GDD:
        """Make the design of ``brief``; ``attempt`` counts from 0, and another attempt is another design.

        The same brief and attempt give the same design where the designer can promise it.
        Raises InputError for a brief that cannot be met.
        """
        ...


@dataclass(frozen=True, slots=True)
class Temperament:
    """What a designer likes where a brief leaves it open; the first likes whatever the seed says."""

    salt: str = ""
    """Put before what its choices are drawn from, so that two designers draw apart."""
    shapes: tuple[str, ...] = tuple(SHAPES)
    """Difficulty curves."""
    turn: int = 0
    """Degrees by which its colours are off those of the theme."""
    beats: int = 0
    """Beats a minute by which its music is faster, where no pace was asked for."""
    own_style: bool = False
    """Whether it takes another style than the brief's where nobody asked for that one."""


class ProceduralDesigner:
    """Designs from tables and a seed: equal (brief, attempt) give equal designs.

    Attempt 0 keeps the brief's style; later ones take the other styles the batch allows, unless the style was
    wished. Every attempt has another curve, wording and economy, and other mechanics where the brief leaves
    them open. What is wished is in all of them, and so is the cast.
    """

    def __init__(self, temperament: Temperament | None = None) -> None:
        self._temperament = temperament or Temperament()

    def design(self, brief: Brief, attempt: int) -> GDD:
        """Make the design of ``brief``, as ``Designer.design`` says."""
        from .families import family_for

        _check(brief, attempt)
        family = family_for(brief.genre)
        words = THEMES[brief.theme]
        mine = self._temperament
        rng = random.Random(f"{brief.seed}:{mine.salt}design:{attempt}")
        mechanics = _mechanics(brief, family, rng)
        currency = _turn(words.currencies, brief, attempt, f"{mine.salt}currency")
        players = _cast(brief, family)
        teller = Teller(words_of(family.name), words, currency, rng, named(brief.wishes, players))
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
                "difficulty_curve": _curve(brief, attempt, mine, rng),
                "analytics_plan": _analytics(mechanics),
                "style_guide": _style_guide(brief, attempt, words, players, mine, rng),
                "seed": rng.randrange(2**53),
            }
        )


DESIGNERS: Mapping[str, Designer] = MappingProxyType(
    {
        "procedural": ProceduralDesigner(),
        "bold": ProceduralDesigner(
            Temperament("bold:", ("early_rise", "waves", "stairs", "plateau"), 150, 18, own_style=True)
        ),
    }
)
"""By name. Where a brief leaves it open the second likes steeper curves, another style, the other side of the
colour wheel and faster music, and it tells of a game in its own words."""


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
    """The family's core, what the batch requires and the wishes name, then the brief's choice or a draw."""
    always, free = brief.constraints.narrow(family.core, family.mechanics)
    wished = [name for name in asked_of(brief.wishes, family.core, family.mechanics) if name in free]
    always = (*always, *wished)[:MOST_MECHANICS]
    free = tuple(name for name in free if name not in always and name not in brief.wishes.without)
    if not brief.mechanics:
        open_places = max(0, OPTIONAL - (len(always) - len(family.core)))
        drawn = gentle(free, brief.wishes, open_places)
        return (*always, *rng.sample(drawn, min(open_places, len(drawn))))
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


def _curve(brief: Brief, attempt: int, mine: Temperament, rng: random.Random) -> tuple[int, ...]:
    lowest, highest = levels_of(brief.wishes)
    high = rng.randint(*highest)
    if brief.constraints.max_difficulty is not None:
        high = min(high, brief.constraints.max_difficulty)
    low = min(rng.randint(*lowest), high // 2)
    suiting = [shape for shape in mine.shapes if shape in shapes_for(brief.wishes)]
    shapes = (*suiting, *(shape for shape in mine.shapes if shape not in suiting))
    return curve(_turn(suiting if attempt < len(suiting) else shapes, brief, attempt, "curve"), low, high)


def _cast(brief: Brief, family: "Family") -> dict[str, str]:
    """Who plays which part: the same in every attempt, and by every designer.

    Who was named plays, also where its kind is not wanted: "no animals but a fox".
    """
    wishes = brief.wishes
    rng = random.Random(f"{brief.seed}:cast")
    avoided = spelled_out(wishes.avoided) - {mention.subject for mention in wishes.subjects}
    return cast(wishes.subjects, avoided, brief.theme, family.name, rng)


def _analytics(mechanics: tuple[str, ...]) -> AnalyticsPlan:
    extra = (_MECHANIC_KPIS[name] for name in mechanics if name in _MECHANIC_KPIS)
    return AnalyticsPlan(kpis=(*_KPIS, *extra), funnel=_FUNNEL)


def _style_guide(
    brief: Brief,
    attempt: int,
    words: ThemeWords,
    players: Mapping[str, str],
    mine: Temperament,
    rng: random.Random,
) -> StyleGuide:
    slowest, fastest = beats_of(brief.wishes, words.tempo)
    faster = 0 if brief.wishes.pace else mine.beats
    return StyleGuide.model_validate(
        {
            "style": _style(brief, attempt, mine),
            "theme": brief.theme,
            "hue": (rng.choice(words.hues) + rng.randint(-14, 14) + mine.turn) % 360,
            "mood": brief.wishes.mood or rng.choice(words.moods),
            "tempo": min(180, rng.randint(slowest, fastest) + faster),
            "cast": players,
            "light": brief.wishes.light,
        }
    )


def _style(brief: Brief, attempt: int, mine: Temperament) -> str:
    """The brief's style at first, and always when it was wished; else those it allows, one after another."""
    allowed = brief.constraints.styles or (STYLES if attempt else styles_for(brief.wishes))
    others = tuple(style for style in allowed if style != brief.style and style not in brief.wishes.avoided)
    turn = attempt + mine.own_style
    if brief.wishes.style or not turn or not others:
        return brief.style
    return _turn(others, brief, turn - 1, "style")
