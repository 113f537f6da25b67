"""What became of wishes in a design, said to the person who wished.

What belongs here: comparing. What does not: fulfilling (``studio/designer.py``) and casting (``casting.py``).
"""

from collections.abc import Iterator

from .gdd import GDD
from .wishes import Wishes


def became(wishes: Wishes, gdd: GDD) -> list[dict[str, str]]:
    """A row a wish: ``wish`` (its facet), ``asked`` (its value), ``became`` (what it is in this design)."""
    return [{"wish": wish, "asked": asked, "became": what} for wish, asked, what in _rows(wishes, gdd)]


def _rows(wishes: Wishes, gdd: GDD) -> Iterator[tuple[str, str, str]]:
    guide, curve = gdd.style_guide, gdd.difficulty_curve
    whole = {
        "genre": gdd.genre,
        "theme": guide.theme,
        "style": guide.style,
        "mood": guide.mood,
        "pace": f"music of {guide.tempo} beats a minute",
        "difficulty": f"from {curve[0]} to {curve[-1]} of 100",
        "light": guide.light or "as theme and style are",
    }
    for facet, value in whole.items():
        if asked := getattr(wishes, facet):
            yield facet, asked, value
    for name in wishes.mechanics:
        yield (
            "mechanics",
            name,
            "part of the game" if name in gdd.mechanics else f"nothing for a {gdd.genre} game",
        )
    for name in wishes.without:
        yield "without", name, f"every {gdd.genre} game has it" if name in gdd.mechanics else "left out"
    for mention in wishes.subjects:
        parts = [part for part, subject in guide.cast.items() if subject == mention.subject]
        yield "subjects", mention.subject, ", ".join(parts) or "no part was left"
    for name in wishes.avoided:
        yield "avoided", name, "left out"
