"""The words of each family: what its games are called, how they are told of, where a store puts them.

What belongs here: vocabulary and templates, as data; a new family adds its entry here and words nowhere else.
What does not: how words become a name (``names.py``) or a sentence (``wording.py``), the words of a theme
(``words.py``), and what a family says of its own rules (``families/``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from gamefactory_dagster.errors import InputError

from .parts import PARTS, TILES


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """One family.

    A template may name ``hero`` (with its article), ``hero_bare``, ``place``, ``verb``, ``pickups``,
    ``hazards`` and ``currency``, and to begin a sentence ``Hero``, ``Verb`` and ``Pickups``.
    """

    acts: tuple[str, ...]
    """Last words of names such as "Pearl Dash"."""
    verbs: Literal["journeys", "tasks"]
    """Whether its games are about getting about or about putting things right (``words.ThemeWords``)."""
    openings: tuple[str, ...]
    """What the player does; without a full stop."""
    gains: tuple[str, ...]
    """What there is to gain; without a full stop."""
    taglines: tuple[str, ...]
    """One line for the title screen."""
    mechanics: Mapping[str, str]
    """Mechanic -> the verb it adds to the core loop; one that only changes the picture has none."""
    category: str
    """Category in Google Play and the App Store."""
    parts: tuple[str, ...] = PARTS
    """The parts its games show."""


FAMILY_WORDS: Mapping[str, FamilyWords] = MappingProxyType({
    "runner": FamilyWords(
        acts=(
            "Dash", "Run", "Rush", "Sprint", "Hop", "Leap", "Trail", "Chase", "Bound", "Escape", "Skip",
            "Stride",
        ),
        verbs="journeys",
        openings=(
            "{Verb} past {place} as {hero} and never stand still",
            "{Hero} sets out from {place} and has to {verb} the whole way home",
            "One {hero_bare}, one long road, and {place} ahead: {verb}, and {verb} again",
            "Nobody gets past {place} easily, so {hero} learns to {verb}",
            "Read the road through {place}, {verb} at the right moment, land softly",
            "Morning comes to {place}, and {hero} must {verb} to the far end in time",
            "Keep {hero} moving: {verb} past whatever {place} puts in the way",
            "Morning run at {place}: {verb}, breathe, {verb} again, a little faster",
        ),
        gains=(
            "Gather {pickups}, mind the {hazards}, and turn what you bring into {currency}",
            "{Pickups} are the reward, {hazards} the price of haste; {currency} count at the end",
            "Between the {hazards} lie {pickups}, worth {currency} to whoever dares",
            "A clean level pays in {currency}, and each of the {pickups} adds to it",
            "Where there are {hazards} there are {pickups}: weigh the one against the other for more "
            "{currency}",
            "Bring home {pickups} for {currency} and leave the {hazards} behind",
        ),
        taglines=(
            "{Verb} past {place} and outwit the {hazards}!",
            "{Hero}, {place}, and no brakes.",
            "How far can {hero} {verb}?",
            "Mind the {hazards}. Mind the {pickups} more.",
            "Ten trips past {place}, each a little wilder.",
            "All the {pickups} you can carry, if you can {verb}.",
        ),
        mechanics={
            "physics_gravity": "float",
            "multi_touch": "duck",
            "health_system": "survive",
            "score_system": "hoard",
            "timer_countdown": "hurry",
            "spawner": "dodge",
            "collision_detection": "climb",
        },
        category="Action",
        parts=("hero", "hazard_low", "hazard_tall", "hazard_fly", "coin", "crate", "life"),
    ),
    "tile_swap": FamilyWords(
        acts=(
            "Match", "Swap", "Mosaic", "Trio", "Blend", "Cluster", "Shuffle", "Tiles", "Medley", "Cascade",
            "Pairs", "Riddle",
        ),
        verbs="tasks",
        openings=(
            "{Verb} {place} back to order, one swap at a time",
            "{Hero} needs help to {verb} what the night left behind at {place}",
            "Look over {place}, find three alike, {verb} them before the moves run out",
            "Every match helps {hero} {verb} another corner of {place}",
            "Plan two swaps ahead and {verb} {place} in one great cascade",
            "Start at the top of {place} and {verb} row by row beside {hero}",
            "Slow hands, quick eyes: {verb} your way across {place}",
            "Line up what belongs together, and {hero} can {verb} {place} again",
        ),
        gains=(
            "Lines of {pickups} clear for {currency}, and longer lines clear more",
            "Every set of {pickups} is worth {currency}; a cascade is worth the wait",
            "Match {pickups} with care: moves are few and {currency} are earned at the end",
            "What you clear turns into {currency}, and {pickups} fall in to fill the gap",
            "Think before you move the {pickups}: spare moves bring more {currency}",
            "Collect {pickups} by the handful and spend nothing but thought on the {currency}",
        ),
        taglines=(
            "Match, {verb} and breathe out at {place}.",
            "{Hero} has much to {verb}. Lend a hand.",
            "Three of a kind will save {place}.",
            "Ten puzzles between you and all those {pickups}.",
            "Swap {pickups} and let {place} shine.",
            "A quiet puzzle from {place}.",
        ),
        mechanics={
            "physics_gravity": "turn",
            "health_system": "defuse",
            "score_system": "combine",
            "timer_countdown": "hurry",
            "card_flip": "reveal",
            "path_following": "guide",
            "spawner": "crack",
            "collision_detection": "chip",
        },
        category="Puzzle",
        parts=(*TILES, "item"),
    ),
})  # fmt: skip
"""Family -> its words. Seeds draw from the tuples: another word or order makes other games of old seeds."""


def words_of(family: str) -> FamilyWords:
    """The words of ``family``; InputError for a family there are none for."""
    if family not in FAMILY_WORDS:
        raise InputError("family", family, f"one of {', '.join(FAMILY_WORDS)}")
    return FAMILY_WORDS[family]
