"""Names for games: short, sayable, and enough of them. Pure; the caller brings the randomness.

What belongs here: making a name, making a slug of it, keeping slugs apart.
What does not: the words (``words.py``, ``family_words.py``) and which slugs are taken (the database knows).
"""

import random
import re
import unicodedata
from collections.abc import Collection

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import SLUG_LENGTH

from .family_words import words_of
from .words import THEMES

_TRIES = 40
"""Draws before a number is put behind a name that is taken."""

_FORMS = ("noun_act", "noun_act", "adjective_noun", "adjective_act", "adjective_noun_act", "nouns")


def name_game(theme: str, family: str, rng: random.Random) -> str:
    """Draw a name such as "Pearl Dash": two or three words, at most 30 characters.

    InputError for a theme or family there are no words for.
    """
    if theme not in THEMES:
        raise InputError("theme", theme, f"one of {', '.join(THEMES)}")
    words, acts = THEMES[theme], words_of(family).acts
    first, second = (word.title() for word in rng.sample(words.nouns, 2))
    adjective = rng.choice(words.adjectives).title()
    act = rng.choice(acts)
    made = {
        "noun_act": f"{first} {act}",
        "adjective_noun": f"{adjective} {first}",
        "adjective_act": f"{adjective} {act}",
        "adjective_noun_act": f"{adjective} {first} {act}",
        "nouns": f"{first} and {second}",
    }
    return made[rng.choice(_FORMS)]


def slugify(name: str) -> str:
    """Make a slug: ASCII letters and digits in groups joined by ``-``, 1 to 80 characters.

    A name without a single such character becomes ``game``.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    groups = re.findall(r"[a-z0-9]+", ascii_name.lower())
    return "-".join(groups)[:SLUG_LENGTH].strip("-") or "game"


def unique_name(theme: str, family: str, rng: random.Random, taken: Collection[str] = ()) -> str:
    """Draw a name whose slug is not in ``taken``; when luck runs out, the last gets a number."""
    name = name_game(theme, family, rng)
    for _ in range(_TRIES):
        if slugify(name) not in taken:
            return name
        name = name_game(theme, family, rng)
    number = 2
    while slugify(f"{name} {number}") in taken:
        number += 1
    return f"{name} {number}"
