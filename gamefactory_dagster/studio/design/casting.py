"""Who plays which part in a game: what was named gets the part its role or its nature fits.

What belongs here: choosing. What does not: the parts and the theme's own players (``parts.py``), the subjects
(``subjects.py``), or how anybody looks (``art/``).
"""

import functools
import random
from collections.abc import Collection, Mapping, Sequence

from gamefactory_dagster.errors import PermanentError

from .family_words import words_of
from .outlines import alike
from .parts import OWN_PARTS, SCENERY, SHOWS, TILES
from .subjects import SUBJECTS
from .wishes import Mention, Part

_BOARD = (*TILES, "item")
"""Parts that lie side by side, so that nobody may take one for another."""

_HAZARDS = ("hazard_low", "hazard_tall", "hazard_fly")

_PARTS_OF: Mapping[Part, tuple[str, ...]] = {
    "hero": ("hero", *TILES),
    "pickup": ("coin", *TILES),
    "hazard": (*_HAZARDS, *TILES),
    "tile": (*TILES, "coin"),
    "scenery": (SCENERY,),
}
"""What a role may play, the first choice first; on a board everything is a tile."""

_ROLE_OF: Mapping[str, Part] = {
    "hero": "hero", "coin": "pickup", "item": "pickup",
    **dict.fromkeys(_HAZARDS, "hazard"), **dict.fromkeys(TILES, "tile"),
}  # fmt: skip
"""What somebody must be able to be who takes the part of a theme's own."""

_COMPANY: tuple[Part, ...] = ("pickup", "hazard")
"""Who comes with a hero that was dealt."""

_NOBODY = "mote"
"""Drawing of a speck: it is in the backdrop where what a theme has there is not wanted."""


def cast(
    mentions: Sequence[Mention], avoided: Collection[str], theme: str, family: str, rng: random.Random
) -> dict[str, str]:
    """Part -> who plays it instead of the theme's own; a part that is missing stays the theme's.

    A mention is played once, by what its sentence says it is, else by what its subject can be; on a board it
    is a tile, and scenery besides where it can be. The first for whom no part is left is scenery where
    nothing else is; the others, and subjects the table does not know (any more), play none. What is avoided
    plays nothing: where the theme's own would show it, ``rng`` chooses another of the theme. No two tiles,
    nor a tile and what is brought home, are the same or have the same outline; of two that were named the
    later one plays no tile then.
    """
    stage = (*words_of(family).parts, SCENERY)
    wanted = [m for m in mentions if m.subject in SUBJECTS and m.subject not in avoided]
    parts: dict[str, str] = {}
    named = [mention.subject for mention in wanted]
    said = [(mention, (mention.role,)) for mention in wanted if mention.role]
    able = [(mention, _roles(mention)) for mention in sorted(wanted, key=lambda each: each.role is None)]
    for mention, roles in (*said, *able):
        if part := _part_for(mention, roles, stage, theme, parts, named):
            parts[part] = mention.subject
    _fill(parts, stage, wanted)
    _replace_own(parts, stage, theme, avoided, rng)
    return {part: parts[part] for part in stage if part in parts}


def _roles(mention: Mention) -> tuple[Part, ...]:
    """What a mention may be, whatever was said of it."""
    roles = SUBJECTS[mention.subject].roles
    return (mention.role, *roles) if mention.role else (*roles, "tile")


def _part_for(
    mention: Mention,
    roles: Sequence[Part],
    stage: Collection[str],
    theme: str,
    taken: Mapping[str, str],
    named: Collection[str],
) -> str:
    """The best part of ``roles`` that is left for a mention; empty when there is none."""
    if mention.subject in taken.values():
        return ""
    subject = SUBJECTS[mention.subject]
    on_board = TILES[0] in stage
    for role in roles:
        if role == "scenery" and on_board and mention.role != "scenery":
            continue
        parts = _PARTS_OF[role]
        if subject.gait == "float":
            parts = tuple(sorted(parts, key=lambda part: part != "hazard_fly"))
        if _confused(mention.subject, _on_board(taken)):
            parts = tuple(part for part in parts if part not in TILES)
        free = [part for part in parts if part in stage and part not in taken]
        if free:
            return min(free, key=lambda part: _displaces(part, mention.subject, theme, named))
    return ""


def _displaces(part: str, subject: str, theme: str, named: Collection[str]) -> int:
    """How much is lost when ``subject`` plays a part: nothing where it is confused with the theme's own.

    Of two parts that lose as much the earlier is taken, and always where it is no tile.
    """
    if part not in TILES:
        return 1
    own = OWN_PARTS[theme][part]
    return 0 if _confused(own, [subject]) else 2 if _shown(own) in named else 1


def _fill(parts: dict[str, str], stage: Collection[str], wanted: Sequence[Mention]) -> None:
    """Fill what nobody who was named plays: scenery, hazards, what flies by; who has no part comes first."""
    able = [m.subject for m in wanted if m.role is None and "scenery" in SUBJECTS[m.subject].roles]
    if able and TILES[0] in stage:
        parts.setdefault(SCENERY, able[0])
    hazards = [parts[part] for part in _HAZARDS if part in parts]
    if len(hazards) == 1:
        for part in ("hazard_low",) if "hazard_fly" in parts else ("hazard_low", "hazard_tall"):
            parts.setdefault(part, hazards[0])
    idle = [m.subject for m in wanted if m.subject not in parts.values()]
    if idle and SCENERY not in parts:
        parts[SCENERY] = idle.pop(0)
    flying = [subject for subject in idle if SUBJECTS[subject].gait == "float"]
    if flying and "life" in stage:
        parts["life"] = flying[0]


def _replace_own(
    parts: dict[str, str], stage: Collection[str], theme: str, avoided: Collection[str], rng: random.Random
) -> None:
    """Put others in the place of the theme's own that are not wanted, or confused with who is there."""
    own = OWN_PARTS[theme]
    for part in (part for part in stage if part in own and part not in parts):
        confused = part in _BOARD and _confused(own[part], _on_board(parts))
        if not confused and _shown(own[part]) not in avoided:
            continue
        if part in _ROLE_OF:
            others = _on_board({**own, **parts}) if part in _BOARD else []
            without = {*avoided, *parts.values(), *(_shown(drawing) for drawing in own.values())}
            parts[part] = _another(_ROLE_OF[part], theme, without, rng, apart=others)
        elif part == "life":
            parts[part] = _NOBODY


def _on_board(parts: Mapping[str, str]) -> list[str]:
    return [parts[part] for part in _BOARD if part in parts]


def _confused(one: str, others: Collection[str]) -> bool:
    """Whether a drawing or a subject is, or looks on a tile like, one of the others."""
    return any(_shown(one) == _shown(other) or alike(one, other) for other in others)


def _shown(drawing: str) -> str:
    """The subject a drawing of a theme's own shows."""
    return SHOWS.get(drawing, drawing)


@functools.cache
def _able(role: Part, theme: str = "") -> tuple[str, ...]:
    """Subjects that can be ``role`` and a tile, of a theme where one is given."""
    return tuple(
        name
        for name, subject in SUBJECTS.items()
        if {role, "tile"} <= set(subject.roles) and (not theme or theme in subject.themes)
    )


def _another(
    role: Part, theme: str, without: Collection[str], rng: random.Random, apart: Collection[str] = ()
) -> str:
    """Somebody who can be ``role`` and a tile as well, and is not confused with those of ``apart``.

    Of the theme, or of any where it has nobody left; PermanentError when nobody at all is.
    """
    for able in (_able(role, theme), _able(role)):
        for name in rng.sample(able, len(able)):
            if name not in without and not _confused(name, apart):
                return name
    raise PermanentError(f"nobody is left who can be a {role}")


def deal_heroes(themes: Sequence[str], rng: random.Random) -> list[str]:
    """A hero for each game of a batch, given their themes; none comes again before all had their turn.

    A game gets one who is at home in its theme as long as there is one left, else any that is left; those
    with a body of their own come before those who are a head on another's.
    """
    dealt: list[str] = []
    deck: list[str] = []
    for theme in themes:
        if not deck:
            deck = [name for name, subject in SUBJECTS.items() if "hero" in subject.roles]
            rng.shuffle(deck)
            deck.sort(key=_is_head)
        hero = next((name for name in deck if theme in SUBJECTS[name].themes), deck[0])
        deck.remove(hero)
        dealt.append(hero)
    return dealt


def _is_head(hero: str) -> bool:
    return SUBJECTS[hero].drawn and SUBJECTS[hero].gait == "legs"


def company(hero: str, theme: str, rng: random.Random) -> tuple[Mention, ...]:
    """A hero with two of its theme, one to gather and one to avoid; on a board all three are tiles."""
    named = [Mention(subject=hero, word=hero, role="hero")]
    for role in _COMPANY:
        so_far = {mention.subject for mention in named}
        subject = _another(role, theme, so_far, rng, apart=so_far)
        named.append(Mention(subject=subject, word=subject, role=role))
    return tuple(named)
