"""Names for games: short, sayable, and enough of them. Pure; the caller brings the randomness.

What belongs here: making a name or a title, making a slug of it, keeping slugs apart.
What does not: the words (``words.py``, ``family_words.py``, ``title_words.py``) and which slugs are taken
(the database knows).
"""

import random
import re
import unicodedata
from collections.abc import Callable, Collection

from rapidfuzz import fuzz, process

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.ids import SLUG_LENGTH

from .family_words import words_of
from .subjects import SUBJECTS
from .title_words import LIGHTS, MOODS, OPEN, TitleWords
from .wishes import Mention, Wishes
from .wording import plural
from .words import THEMES

_TRIES = 40
"""Draws before a number is put behind a name that is taken."""

_LONGEST_THING = 12
"""Letters of a subject's name in a title; of a longer one its last word stands for it."""

LIKE = 85
"""From this likeness of two slugs, 0 to 100 (``rapidfuzz.fuzz.ratio``), one title sounds like the other."""

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
    return _first(lambda: name_game(theme, family, rng), lambda slug: slug in taken, taken)


def title_game(wishes: Wishes, theme: str, family: str, rng: random.Random) -> str:
    """Draw a title such as "Lighthouse Hush" from what was wished: two or three words, at most 30 characters.

    Where neither subject, mood nor light was, it is a name as ``name_game`` draws them.
    """
    things = [_thing(mention) for mention in wishes.subjects if mention.role != "scenery"][:2]
    things = things or [_thing(mention) for mention in wishes.subjects][:1]
    moods = [MOODS[wishes.mood]] if wishes.mood else []
    lights = [LIGHTS[wishes.light]] if wishes.light else []
    if not things and not moods and not lights:
        return name_game(theme, family, rng)
    words: TitleWords = rng.choice((*moods, *lights) or (OPEN,))
    noun = rng.choice(THEMES[theme].nouns).title()
    thing = rng.choice(things) if things else noun
    act = rng.choice(words_of(family).acts)
    before, after = rng.choice(words.before), rng.choice(words.after)
    forms = [f"{thing} {after}", f"{before} {thing}", f"{before} {thing} {act}", f"{thing} {act}"]
    if len(things) > 1:
        forms += [f"{things[0]} and {things[1]}", f"{things[0]} {things[1]} {after}"]
    return rng.choice([form for form in forms if _sayable(form)] or [f"{thing[:16].strip()} {after}"])


def unique_title(
    wishes: Wishes, theme: str, family: str, rng: random.Random, taken: Collection[str] = ()
) -> str:
    """Draw a title whose slug sounds like none in ``taken``; when luck runs out, the last gets a number."""

    def heard(slug: str) -> bool:
        return process.extractOne(slug, taken, scorer=fuzz.ratio, score_cutoff=LIKE) is not None

    return _first(lambda: title_game(wishes, theme, family, rng), heard, taken)


def _first(draw: Callable[[], str], refused: Callable[[str], bool], taken: Collection[str]) -> str:
    """The first name drawn whose slug is not refused; after many the last, with a number if it is taken."""
    name = draw()
    for _ in range(_TRIES):
        if not refused(slugify(name)):
            return name
        name = draw()
    return _numbered(name, taken)


def _numbered(name: str, taken: Collection[str]) -> str:
    if slugify(name) not in taken:
        return name
    number = 2
    while slugify(f"{name} {number}") in taken:
        number += 1
    return f"{name} {number}"


def _sayable(title: str) -> bool:
    words = [word for word in title.split() if word != "and"]
    return len(title) <= 30 and len(words) <= 3 and len(set(words)) == len(words)


def _thing(mention: Mention) -> str:
    """A subject as it stands in a title: called as it was, where that is one of its names."""
    subject = SUBJECTS.get(mention.subject)
    names = (subject.name, *subject.keywords) if subject else ()
    word = next((name for name in names if mention.word in {name, plural(name)}), mention.subject)
    short = word if len(word) <= _LONGEST_THING else word.split()[-1]
    return " ".join(part.capitalize() for part in short.split())
