"""The sentences of a design: its core loop and its tagline, told in the words of its family and its theme.

What belongs here: how templates are chosen and filled. What does not: the words and templates
(``family_words.py``, ``words.py``), or which mechanics and numbers a game has (``studio/designer.py``).
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .family_words import FamilyWords
from .parts import TILES
from .wishes import Wishes
from .words import ThemeWords

_LONGEST = 400
"""Characters of ``gdd.Sentence``."""


_BEFORE_HERO = ("little", "brave", "curious", "small", "clever", "young")
"""What a hero somebody wished for may be, as the heroes of the themes are."""

_IRREGULAR = {
    "mouse": "mice", "goose": "geese", "wolf": "wolves", "leaf": "leaves", "knife": "knives", "foot": "feet",
    "tooth": "teeth", "elf": "elves", "scarf": "scarves", "loaf": "loaves", "shelf": "shelves", "ox": "oxen",
    "fish": "fish", "sheep": "sheep", "deer": "deer", "bison": "bison", "moose": "moose", "shrimp": "shrimp",
    "bus": "buses", "cactus": "cacti", "octopus": "octopuses", "walrus": "walruses", "lotus": "lotuses",
    "potato": "potatoes", "tomato": "tomatoes", "mango": "mangoes", "volcano": "volcanoes",
    "hero": "heroes", "child": "children",
}  # fmt: skip

_UNCOUNTED = frozenset(
    ("bread", "honey", "coffee", "milk", "rice", "corn", "fire", "lava", "ice", "water", "gold")
)
"""Names that stand for many as they are."""


@dataclass(frozen=True, slots=True)
class Named:
    """Who of a game was wished for by name; empty where the words of the theme tell of it."""

    hero: str = ""
    """Singular."""
    pickups: str = ""
    """Plural, as the next."""
    hazards: str = ""


def named(wishes: Wishes, cast: Mapping[str, str]) -> Named:
    """What the texts of a game call its hero, pickups and hazards: whoever was mentioned and plays it."""
    wished = {mention.subject: mention for mention in wishes.subjects}

    def playing(*parts: str) -> list[str]:
        return [cast[part] for part in parts if cast.get(part) in wished]

    heroes = playing("hero") or [name for name, mention in wished.items() if mention.role == "hero"]
    tiles = [name for name in playing(*TILES) if name not in heroes]
    pickups = playing("coin") or tiles
    hazards = playing("hazard_low", "hazard_tall", "hazard_fly")
    return Named(
        hero=heroes[0] if heroes else "",
        pickups=plural(pickups[0]) if pickups else "",
        hazards=plural(hazards[0]) if hazards else "",
    )


def plural(noun: str) -> str:
    """``noun`` for many: "fox" -> "foxes", "ball of wool" -> "balls of wool"."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{rest}"
    *before, last = noun.split(" ")
    return " ".join((*before, _plural(last)))


def _plural(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _UNCOUNTED or (word.endswith("s") and not word.endswith(("ss", "us", "is"))):
        return word
    if word.endswith("man"):
        return f"{word[:-3]}men"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


class Teller:
    """Tells of one game: fixes its hero, place, hazards, pickups and verb, so that all sentences agree."""

    def __init__(
        self,
        family: FamilyWords,
        words: ThemeWords,
        currency: str,
        rng: random.Random,
        wished: Named = Named(),
    ) -> None:
        self._family = family
        self._rng = rng
        self.verb = rng.choice(words.tasks if family.verbs == "tasks" else words.journeys)
        hero = rng.choice(words.heroes)
        place = rng.choice(words.places)
        earned = currency.replace("_", " ")
        pickups = rng.choice([things for things in words.pickups if things != earned])
        hazards = rng.choice(words.hazards)
        if wished.hero:
            hero = f"{rng.choice(_BEFORE_HERO)} {wished.hero}"
        pickups, hazards = wished.pickups or pickups, wished.hazards or hazards
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
