"""Which games a batch becomes, or what is wished. Pure: no I/O; equal orders give equal plans.

What belongs here: checking an order (count, genre mix, constraints, seed), spreading it over games, and
planning one game from wishes. What does not: reading or writing batches (``batches.py``, ``dispatch.py``),
and finding wishes in words (``studio/reading``).
"""

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.casting import company, deal_heroes
from gamefactory_dagster.studio.design.constraints import Constraints
from gamefactory_dagster.studio.design.family_words import words_of
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.leanings import styles_for
from gamefactory_dagster.studio.design.names import slugify, unique_name, unique_title
from gamefactory_dagster.studio.design.subjects import SUBJECTS
from gamefactory_dagster.studio.design.wishes import Wishes
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.families import family_for, nearest_genre
from gamefactory_dagster.studio.families import genres as genres_with_a_family
from gamefactory_dagster.studio.families.base import Family

MAX_NAME = 255
"""batches.name is VARCHAR(255)."""

SEED_BITS = 53
"""Seeds survive JSON and JavaScript."""


@dataclass(frozen=True, slots=True)
class Order:
    """A batch as asked for, checked."""

    name: str
    count: int
    mix: tuple[tuple[str, int], ...]
    constraints: Constraints

    def mix_as_json(self) -> list[dict[str, Any]]:
        """As kept in ``batches.genre_mix``."""
        return [{"genre": genre, "count": count} for genre, count in self.mix]


@dataclass(frozen=True, slots=True)
class PlannedGame:
    """One game of a plan; ``position`` counts from 1."""

    position: int
    name: str
    slug: str
    genre: str
    theme: str
    style: str
    seed: int
    wishes: Wishes = field(default_factory=Wishes)


def check_order(name: object, count: object, mix: object, constraints: object, limit: int) -> Order:
    """Turn what somebody asked for into an order, or raise InputError for the first thing that is wrong.

    ``mix`` may be a list of ``{"genre": g, "count": n}``, a list of genre names, or ``{genre: count}``;
    empty means every genre that has a family, evenly.
    """
    checked_count = _count("game_count", count, limit)
    checked_name = _name(name)
    checked_mix = _mix(mix, checked_count, limit)
    checked = Constraints.from_json({} if constraints is None else constraints)
    _fits(checked, [family_for(genre) for genre, _ in checked_mix])
    return Order(checked_name, checked_count, checked_mix, checked)


def check_seed(seed: int | None) -> None:
    """Raise InputError unless the seed is one that survives JSON and JavaScript; None is any."""
    if seed is not None and not 0 <= seed < 2**SEED_BITS:
        raise InputError("seed", seed, f"a whole number from 0 to 2**{SEED_BITS} - 1")


def _fits(constraints: Constraints, families: Sequence[Family]) -> None:
    """Refuse constraints no game of the order could keep."""
    for family in families:
        constraints.narrow(family.core, family.mechanics)
    realised = {mechanic for family in families for mechanic in family.mechanics}
    if unknown := sorted(set(constraints.mechanics_required) - realised):
        raise InputError(
            "constraints.mechanics_required", unknown, f"mechanics out of {', '.join(sorted(realised))}"
        )


def _name(name: object) -> str:
    expected = f"1 to {MAX_NAME} printable characters"
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= MAX_NAME or len(name) > MAX_NAME:
        raise InputError("name", name, expected)
    if any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in name):
        raise InputError("name", name, f"{expected} (no control characters)")
    return name


def _count(field: str, count: object, limit: int, least: int = 1) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not least <= count <= limit:
        raise InputError(field, count, f"a whole number from {least} to {limit}")
    return count


def _mix(mix: object, total: int, limit: int) -> tuple[tuple[str, int], ...]:
    pairs = _pairs(mix)
    known = genres_with_a_family()
    if not pairs:
        pairs = [(genre, None) for genre in known]
    for genre, _ in pairs:
        if genre not in known:
            raise InputError("genre", genre, f"one that has a game family: {', '.join(known)}")
    names = [genre for genre, _ in pairs]
    if len(set(names)) != len(names):
        raise InputError("genre_mix", names, "each genre once")
    if all(count is None for _, count in pairs):
        return tuple(
            (genre, count) for genre, count in zip(names, _even(total, len(names)), strict=True) if count
        )
    counts = [_count(f"genre_mix[{genre}]", count, limit, least=0) for genre, count in pairs]
    if sum(counts) != total:
        raise InputError("genre_mix", dict(zip(names, counts, strict=True)), f"counts that add up to {total}")
    return tuple((genre, count) for genre, count in zip(names, counts, strict=True) if count)


def _pairs(mix: object) -> list[tuple[str, object]]:
    expected = 'a list such as [{"genre": "runner", "count": 6}]'
    if mix is None:
        return []
    if isinstance(mix, Mapping):
        return [(str(genre), count) for genre, count in mix.items()]
    if not isinstance(mix, Sequence) or isinstance(mix, str) or len(mix) > 100:
        raise InputError("genre_mix", mix, expected)
    pairs: list[tuple[str, object]] = []
    for entry in mix:
        if isinstance(entry, str):
            pairs.append((entry, None))
        elif (
            isinstance(entry, Mapping)
            and isinstance(entry.get("genre"), str)
            and set(entry) <= {"genre", "count"}
        ):
            pairs.append((entry["genre"], entry.get("count")))
        else:
            raise InputError("genre_mix", mix, expected)
    return pairs


def _even(total: int, parts: int) -> list[int]:
    return [total // parts + (index < total % parts) for index in range(parts)]


def derive_seed(*parts: object) -> int:
    """A seed that depends on all of ``parts`` and on nothing else."""
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)


def plan_games(order: Order, seed: int, taken: Collection[str] = ()) -> list[PlannedGame]:
    """Spread an order over games: genres interleaved, themes, styles and heroes as different as they can be.

    No two games share a slug with each other or with ``taken``.
    """
    rng = random.Random(f"{seed}:plan")
    slots = [genre for genre, count in order.mix for _ in range(count)]
    rng.shuffle(slots)
    themes = _deal(order.constraints.themes or tuple(THEMES), len(slots), rng)
    styles = _deal(order.constraints.styles or STYLES, len(slots), rng)
    heroes = deal_heroes(themes, random.Random(f"{seed}:heroes"))
    used = set(taken)
    games = []
    dealt = zip(slots, themes, styles, heroes, strict=True)
    for position, (genre, theme, style, hero) in enumerate(dealt, start=1):
        game_seed = derive_seed(seed, position)
        name = unique_name(theme, family_for(genre).name, random.Random(f"{game_seed}:name"), used)
        slug = slugify(name)
        used.add(slug)
        wishes = Wishes(subjects=company(hero, theme, random.Random(f"{game_seed}:company")))
        games.append(PlannedGame(position, name, slug, genre, theme, style, game_seed, wishes))
    return games


def plan_request(
    wishes: Wishes, seed: int, *, taken_slugs: Collection[str] = (), recent_genres: Collection[str] = ()
) -> PlannedGame:
    """Plan one game as it is wished; what is left open the seed decides.

    A genre that no family makes becomes the nearest that stands. Where none is asked for it is one that fits
    the rest, if possible none of ``recent_genres``; without these, all follows from wishes and seed but for a
    title that sounds like one of ``taken_slugs``.
    """
    rng = random.Random(f"{seed}:request")
    genre = nearest_genre(wishes.genre) if wishes.genre else _fitting_genre(wishes, recent_genres, rng)
    theme: str = wishes.theme or _fitting_theme(wishes, rng)
    style: str = wishes.style or rng.choice(styles_for(wishes))
    family = family_for(genre).name
    name = unique_title(wishes, theme, family, random.Random(f"{seed}:title"), taken_slugs)
    return PlannedGame(1, name, slugify(name), genre, theme, style, derive_seed(seed, "request"), wishes)


def _fitting_genre(wishes: Wishes, recent: Collection[str], rng: random.Random) -> str:
    """The genre whose family can do most of what is wished; of equals one not used of late."""

    def fits(genre: str) -> int:
        family = family_for(genre)
        parts = words_of(family.name).parts
        can = len({*wishes.mechanics} & {*family.mechanics}) - 2 * len({*wishes.without} & {*family.core})
        roles = {mention.role for mention in wishes.subjects}
        return (
            can
            + (bool(roles & {"hero", "hazard"}) and "hero" in parts)
            + ("tile" in roles and "tile_0" in parts)
        )

    known = genres_with_a_family()
    best = max(map(fits, known))
    fitting = [genre for genre in known if fits(genre) == best]
    return rng.choice([genre for genre in fitting if genre not in recent] or fitting)


def _fitting_theme(wishes: Wishes, rng: random.Random) -> str:
    """A theme in which most of what is wished is at home, and none that is not wanted."""
    homes: Counter[str] = Counter(
        theme
        for mention in wishes.subjects
        if mention.subject in SUBJECTS
        for theme in SUBJECTS[mention.subject].themes
    )
    allowed = [theme for theme in THEMES if theme not in wishes.avoided] or list(THEMES)
    most = max(homes[theme] for theme in allowed)
    return rng.choice([theme for theme in allowed if homes[theme] == most])


def _deal(choices: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """``count`` choices in which none comes again before all others had their turn."""
    deck = list(choices)
    rng.shuffle(deck)
    return list(islice(cycle(deck), count))
