"""How alike two designs are, from 0 (nothing in common) to 1 (the same).

What belongs here: the measure. What does not: what is done about too great a likeness (the pre-production
step makes the design again).

Weights and the limit are settled in the studio's design: a weighted mean over the fields *both* designs have.
A field one side lacks, or that is not of the right form there, is left out of the mean, not counted as 0.
Beside the design two things of the game itself are compared where they are known (``LOOKS``): what its levels
are built of and the main colours of its pictures.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .gdd import GDD, LEVELS
from .library import PRESENTATION

LOOKS = ("structure", "colours")
"""Fields a stored design may carry beside its own: a level each, element -> count; and ``#rrggbb`` texts."""

LIMIT = 0.80
"""At this likeness or more a design is made again."""

CURVE_SPAN = 25.0
"""Mean distance, in points of difficulty a level, at which two curves have nothing in common."""

HUE_SPAN = 60.0
"""Degrees between two hues at which they have nothing in common."""

COLOUR_SPAN = 150.0
"""Distance between two colours, in steps of red, green and blue, at which they have nothing in common."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Features:
    """What of a design is compared; None where the design does not say."""

    mechanics: frozenset[str] | None
    """Those that change play: what is only seen is in every game, and some older designs list it."""
    genre: str | None
    core_loop: tuple[frozenset[str], frozenset[str]] | None
    """The actions, and the words of the summary."""
    style: tuple[str, str | None, int | None] | None
    """Style, theme, hue."""
    difficulty: tuple[float, ...] | None
    economy: tuple[str, tuple[float, ...]] | None
    """Currency, and pickup value, win bonus and par."""
    name: frozenset[str] | None
    """Trigrams of the name."""
    structure: tuple[Mapping[str, float], ...] | None
    """What each level is built of: element -> how many."""
    colours: tuple[tuple[int, int, int], ...] | None
    """The main colours of the pictures."""


def similarity(a: GDD | Mapping[str, Any], b: GDD | Mapping[str, Any]) -> float:
    """How alike two designs are, 0.0 to 1.0; symmetric, and 1.0 for a design and itself.

    Designs with no field in common are 0.0 alike.
    """
    return compare(features(a), features(b))


def most_similar(
    candidate: GDD | Mapping[str, Any], others: Iterable[GDD | Mapping[str, Any]]
) -> tuple[float, str] | None:
    """Find the design most like ``candidate``: (likeness, slug), the first of equals; None if none.

    Reads ``others`` once and keeps none of them.
    """
    mine = features(candidate)
    best: tuple[float, str] | None = None
    for other in others:
        score = compare(mine, features(other))
        if best is None or score > best[0]:
            best = (score, _slug(other))
    return best


def compare(a: Features, b: Features) -> float:
    """``similarity`` of designs whose features are already known."""
    return _mean([
        (25, _both(_jaccard, a.mechanics, b.mechanics)),
        (20, _both(_same, a.genre, b.genre)),
        (15, _both(_loops, a.core_loop, b.core_loop)),
        (15, _both(_styles, a.style, b.style)),
        (10, _both(_curves, a.difficulty, b.difficulty)),
        (10, _both(_economies, a.economy, b.economy)),
        (5, _both(_jaccard, a.name, b.name)),
        (15, _both(_structures, a.structure, b.structure)),
        (10, _both(_colours, a.colours, b.colours)),
    ])  # fmt: skip


def features(design: GDD | Mapping[str, Any]) -> Features:
    """Pick what is compared out of a design, or of a stored one that may be incomplete."""
    raw: Mapping[str, Any] = design.model_dump() if isinstance(design, GDD) else design
    loop, guide, economy = (_part(raw, key) for key in ("core_loop", "style_guide", "economy"))
    actions, summary = _texts(loop.get("actions")), _text(loop.get("summary"))
    style, currency = _text(guide.get("style")), _text(economy.get("currency"))
    amounts = _numbers([economy.get(key) for key in ("pickup_value", "win_bonus", "par")], 3)
    name, hue = _text(raw.get("name")), _numbers([guide.get("hue")], 1)
    mechanics = _texts(raw.get("mechanics"))
    return Features(
        mechanics=(mechanics - PRESENTATION or None) if mechanics else None,
        genre=_text(raw.get("genre")),
        core_loop=(actions, _words(summary)) if actions and summary else None,
        style=(style, _text(guide.get("theme")), int(hue[0]) if hue else None) if style else None,
        difficulty=_numbers(raw.get("difficulty_curve"), LEVELS),
        economy=(currency, amounts) if currency and amounts else None,
        name=_trigrams(name) if name else None,
        structure=_counts(raw.get("structure")),
        colours=_rgb(raw.get("colours")),
    )


def _slug(design: GDD | Mapping[str, Any]) -> str:
    if isinstance(design, GDD):
        return design.slug
    return _text(design.get("slug")) or _text(design.get("name")) or "unnamed"


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> frozenset[str] | None:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(text, str) for text in value):
        return None
    return frozenset(value)


def _numbers(value: object, count: int) -> tuple[float, ...] | None:
    if not isinstance(value, list | tuple) or len(value) != count:
        return None
    if not all(isinstance(number, int | float) and 0 <= number <= 1e9 for number in value):
        return None
    return tuple(float(number) for number in value)


def _counts(value: object) -> tuple[Mapping[str, float], ...] | None:
    if not isinstance(value, list | tuple) or not value:
        return None
    if not all(isinstance(level, Mapping) and _numbers(list(level.values()), len(level)) for level in value):
        return None
    return tuple(dict(level) for level in value)


def _rgb(value: object) -> tuple[tuple[int, int, int], ...] | None:
    texts = value if isinstance(value, list | tuple) else ()
    if not texts or not all(isinstance(text, str) and _COLOUR.fullmatch(text) for text in texts):
        return None
    return tuple((int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)) for text in texts)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


def _trigrams(text: str) -> frozenset[str]:
    """Trigrams as pg_trgm makes them: each word with two spaces before it and one behind."""
    padded = [f"  {word} " for word in text.lower().split()]
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def _both(measure: Callable[[_T, _T], float], a: _T | None, b: _T | None) -> float | None:
    return None if a is None or b is None else measure(a, b)


def _mean(weighted: Sequence[tuple[int, float | None]]) -> float:
    """Weighted mean of the scores that are there; 0.0 when none is."""
    known = [(weight, score) for weight, score in weighted if score is not None]
    return sum(weight * score for weight, score in known) / max(1, sum(weight for weight, _ in known))


def _same(a: object, b: object) -> float:
    return float(a == b)


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _near(a: float, b: float) -> float:
    """Ratio of the smaller to the larger; 1.0 for equals."""
    return 1.0 if a == b else min(a, b) / max(a, b)


def _loops(a: tuple[frozenset[str], frozenset[str]], b: tuple[frozenset[str], frozenset[str]]) -> float:
    """Half what the player does, half how it is told."""
    return (_jaccard(a[0], b[0]) + _jaccard(a[1], b[1])) / 2


def _styles(a: tuple[str, str | None, int | None], b: tuple[str, str | None, int | None]) -> float:
    """Six tenths the drawing style, three the theme, one the hue."""
    return _mean([(6, _same(a[0], b[0])), (3, _both(_same, a[1], b[1])), (1, _both(_hues, a[2], b[2]))])


def _hues(a: int, b: int) -> float:
    turn = abs(a - b) % 360
    return max(0.0, 1.0 - min(turn, 360 - turn) / HUE_SPAN)


def _curves(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    distance = sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)
    return max(0.0, 1.0 - distance / CURVE_SPAN)


def _economies(a: tuple[str, tuple[float, ...]], b: tuple[str, tuple[float, ...]]) -> float:
    """Four tenths the currency, two each of the amounts."""
    amounts = [_near(x, y) for x, y in zip(a[1], b[1], strict=True)]
    return (4 * _same(a[0], b[0]) + 2 * sum(amounts)) / 10


def _structures(a: Sequence[Mapping[str, float]], b: Sequence[Mapping[str, float]]) -> float:
    """Mean over the levels both have, and the elements either has there, of smaller count to larger."""
    return sum(map(_built, a, b)) / min(len(a), len(b))


def _built(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    names = {*a, *b}
    return sum(_near(a.get(name, 0), b.get(name, 0)) for name in sorted(names)) / len(names) if names else 1.0


def _colours(a: Sequence[tuple[int, int, int]], b: Sequence[tuple[int, int, int]]) -> float:
    """How near to each colour of either the nearest of the other is, on average."""
    nearest = [*(min(math.dist(x, y) for y in b) for x in a), *(min(math.dist(x, y) for x in a) for y in b)]
    return math.fsum(max(0.0, 1.0 - distance / COLOUR_SPAN) for distance in nearest) / len(nearest)
