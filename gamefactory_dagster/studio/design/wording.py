"""The sentences of a design: its core loop and its tagline, told in the words of its theme.

What belongs here: templates and how they are filled. What does not: the words (``words.py``), or which
mechanics and numbers a game has (``studio/designer.py``).
"""

import random
from collections.abc import Mapping, Sequence

from .words import ThemeWords

_LONGEST = 400
"""Characters of ``gdd.Sentence``."""

_JOURNEY_OPENINGS = (
    "{Journey} past {place} as {hero} and never stand still",
    "{Hero} sets out from {place} and has to {journey} the whole way home",
    "One {hero_bare}, one long road, and {place} ahead: {journey}, and {journey} again",
    "Nobody gets past {place} easily, so {hero} learns to {journey}",
    "Read the road through {place}, {journey} at the right moment, land softly",
    "Morning comes to {place}, and {hero} must {journey} to the far end in time",
    "Keep {hero} moving: {journey} past whatever {place} puts in the way",
    "Morning run at {place}: {journey}, breathe, {journey} again, a little faster",
)

_TASK_OPENINGS = (
    "{Task} {place} back to order, one swap at a time",
    "{Hero} needs help to {task} what the night left behind at {place}",
    "Look over {place}, find three alike, {task} them before the moves run out",
    "Every match helps {hero} {task} another corner of {place}",
    "Plan two swaps ahead and {task} {place} in one great cascade",
    "Start at the top of {place} and {task} row by row beside {hero}",
    "Slow hands, quick eyes: {task} your way across {place}",
    "Line up what belongs together, and {hero} can {task} {place} again",
)

_JOURNEY_GAINS = (
    "Gather {pickups}, mind the {hazards}, and turn what you bring into {currency}",
    "{Pickups} are the reward, {hazards} the price of haste; {currency} count at the end",
    "Between the {hazards} lie {pickups}, worth {currency} to whoever dares",
    "A clean level pays in {currency}, and each of the {pickups} adds to it",
    "Where there are {hazards} there are {pickups}: weigh the one against the other for more {currency}",
    "Bring home {pickups} for {currency} and leave the {hazards} behind",
)

_TASK_GAINS = (
    "Lines of {pickups} clear for {currency}, and longer lines clear more",
    "Every set of {pickups} is worth {currency}; a cascade is worth the wait",
    "Match {pickups} with care: moves are few and {currency} are earned at the end",
    "What you clear turns into {currency}, and {pickups} fall in to fill the gap",
    "Think before you move the {pickups}: spare moves bring more {currency}",
    "Collect {pickups} by the handful and spend nothing but thought on the {currency}",
)

_JOURNEY_TAGLINES = (
    "{Journey} past {place} and outwit the {hazards}!",
    "{Hero}, {place}, and no brakes.",
    "How far can {hero} {journey}?",
    "Mind the {hazards}. Mind the {pickups} more.",
    "Ten trips past {place}, each a little wilder.",
    "All the {pickups} you can carry, if you can {journey}.",
)

_TASK_TAGLINES = (
    "Match, {task} and breathe out at {place}.",
    "{Hero} has much to {task}. Lend a hand.",
    "Three of a kind will save {place}.",
    "Ten puzzles between you and all those {pickups}.",
    "Swap {pickups} and let {place} shine.",
    "A quiet puzzle from {place}.",
)

_TASK_GENRES = ("puzzle",)
"""Genres whose games are about putting things right; the others are about getting about."""

_VERBS: Mapping[str, Mapping[str, str]] = {
    "runner": {
        "physics_gravity": "float",
        "multi_touch": "duck",
        "health_system": "survive",
        "score_system": "hoard",
        "timer_countdown": "hurry",
        "spawner": "dodge",
        "collision_detection": "climb",
    },
    "puzzle": {
        "physics_gravity": "turn",
        "health_system": "defuse",
        "score_system": "combine",
        "timer_countdown": "hurry",
        "card_flip": "reveal",
        "path_following": "guide",
        "spawner": "crack",
        "collision_detection": "chip",
    },
}
"""What a mechanic has the player do, by genre; one that only changes the picture has no verb."""


class Teller:
    """Tells of one game: fixes its hero, place, hazards, pickups and verb, so that all sentences agree."""

    def __init__(self, genre: str, words: ThemeWords, currency: str, rng: random.Random) -> None:
        self._genre = genre
        self._rng = rng
        self._task = genre in _TASK_GENRES
        self.verb = rng.choice(words.tasks if self._task else words.journeys)
        hero = rng.choice(words.heroes)
        place = rng.choice(words.places)
        earned = currency.replace("_", " ")
        pickups = rng.choice([things for things in words.pickups if things != earned])
        hazards = rng.choice(words.hazards)
        self._fields = {
            "hero": _with_article(hero),
            "Hero": _capital(_with_article(hero)),
            "hero_bare": hero,
            "place": place,
            "journey": self.verb,
            "Journey": _capital(self.verb),
            "task": self.verb,
            "Task": _capital(self.verb),
            "pickups": pickups,
            "Pickups": _capital(pickups),
            "hazards": hazards,
            "currency": earned,
        }

    def actions(self, family_actions: Sequence[str], mechanics: Sequence[str]) -> tuple[str, ...]:
        """Verbs of the core loop, at most six: the family's first three, the theme's, two mechanics'."""
        verbs = _VERBS.get(self._genre, {})
        added = [verbs[name] for name in mechanics if name in verbs]
        chosen = self._rng.sample(added, min(2, len(added)))
        return tuple(dict.fromkeys((*family_actions[:3], self.verb, *chosen)))

    def summary(self, twists: Sequence[str]) -> str:
        """The core loop: an opening, what there is to gain, and one of ``twists`` (sentences) if it fits."""
        opening = self._fill(_TASK_OPENINGS if self._task else _JOURNEY_OPENINGS)
        gain = self._fill(_TASK_GAINS if self._task else _JOURNEY_GAINS)
        told = f"{opening}. {gain}."
        for twist in self._rng.sample(list(twists), len(twists)):
            if len(told) + 1 + len(twist) <= _LONGEST:
                return f"{told} {twist}"
        return told

    def tagline(self) -> str:
        """One line for the title screen."""
        return self._fill(_TASK_TAGLINES if self._task else _JOURNEY_TAGLINES)

    def _fill(self, templates: Sequence[str]) -> str:
        return self._rng.choice(templates).format_map(self._fields)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
