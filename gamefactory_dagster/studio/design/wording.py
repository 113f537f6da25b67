"""The sentences of a design: its core loop and its tagline, told in the words of its family and its theme.

What belongs here: how templates are chosen and filled. What does not: the words and templates
(``family_words.py``, ``words.py``), or which mechanics and numbers a game has (``studio/designer.py``).
"""

import random
from collections.abc import Sequence

from .family_words import FamilyWords
from .words import ThemeWords

_LONGEST = 400
"""Characters of ``gdd.Sentence``."""


class Teller:
    """Tells of one game: fixes its hero, place, hazards, pickups and verb, so that all sentences agree."""

    def __init__(self, family: FamilyWords, words: ThemeWords, currency: str, rng: random.Random) -> None:
        self._family = family
        self._rng = rng
        self.verb = rng.choice(words.tasks if family.verbs == "tasks" else words.journeys)
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
            "verb": self.verb,
            "Verb": _capital(self.verb),
            "pickups": pickups,
            "Pickups": _capital(pickups),
            "hazards": hazards,
            "currency": earned,
        }

    def actions(self, family_actions: Sequence[str], mechanics: Sequence[str]) -> tuple[str, ...]:
        """Verbs of the core loop, at most six: the family's first three, the theme's, two mechanics'."""
        verbs = self._family.mechanics
        added = [verbs[name] for name in mechanics if name in verbs]
        chosen = self._rng.sample(added, min(2, len(added)))
        return tuple(dict.fromkeys((*family_actions[:3], self.verb, *chosen)))

    def summary(self, twists: Sequence[str]) -> str:
        """The core loop: an opening, what there is to gain, and one of ``twists`` (sentences) if it fits."""
        told = f"{self._fill(self._family.openings)}. {self._fill(self._family.gains)}."
        for twist in self._rng.sample(list(twists), len(twists)):
            if len(told) + 1 + len(twist) <= _LONGEST:
                return f"{told} {twist}"
        return told

    def tagline(self) -> str:
        """One line for the title screen."""
        return self._fill(self._family.taglines)

    def _fill(self, templates: Sequence[str]) -> str:
        return self._rng.choice(templates).format_map(self._fields)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
