"""What wishes lean a design to: numbers and choices for what moods, paces and difficulties say in words.

What belongs here: the tables, and what they come to for a wish. What does not: making the design
(``studio/designer.py``), and the words of a title (``title_words.py``).
"""

from collections.abc import Collection, Mapping, Sequence

from .curves import HIGHEST, LOWEST, SHAPES
from .gdd import STYLES
from .wishes import Ease, Mood, Pace, Wishes

_LEVELS: Mapping[Ease, tuple[tuple[int, int], tuple[int, int]]] = {
    "easy": ((2, 8), (36, 48)),
    "medium": (LOWEST, (62, 74)),
    "hard": ((16, 22), (90, 100)),
}
"""Least and greatest difficulty of level 1, and of level 10. Level 1 is easy whatever is asked for."""

_SHAPES: Mapping[Ease, tuple[str, ...]] = {
    "easy": ("slow_start", "late_spike", "breathers", "steady", "plateau"),
    "hard": ("early_rise", "plateau", "steady", "waves", "stairs"),
}
"""Curves that suit a wish; the rest suit all."""

_BEATS: Mapping[Pace, tuple[int, int]] = {"slow": (66, 88), "steady": (96, 116), "fast": (138, 168)}
"""Beats a minute, whatever the theme."""

_MOOD_BEATS: Mapping[Mood, tuple[int, int]] = {
    "calm": (70, 96), "dreamy": (72, 100), "bright": (104, 136), "mysterious": (80, 108),
    "heroic": (112, 144), "playful": (112, 148), "tense": (128, 160),
}  # fmt: skip
"""Beats a minute where no pace was asked for."""

HURRY = ("timer_countdown", "spawner")
"""Mechanics that press: a calm, slow or easy game does without, unless they are asked for."""

_STYLES: Mapping[Mood, tuple[str, ...]] = {
    "calm": ("watercolor", "soft_pastel", "clean_minimal", "flat_modern", "low_poly"),
    "dreamy": ("watercolor", "soft_pastel", "hand_drawn", "low_poly", "neon_futuristic"),
    "bright": ("colorful_cartoon", "flat_modern", "soft_pastel", "hand_drawn", "low_poly"),
    "mysterious": ("dark_gothic", "neon_futuristic", "pixel_retro", "watercolor", "hand_drawn"),
    "heroic": ("pixel_retro", "low_poly", "dark_gothic", "colorful_cartoon", "hand_drawn"),
    "playful": ("colorful_cartoon", "hand_drawn", "pixel_retro", "flat_modern", "soft_pastel"),
    "tense": ("neon_futuristic", "dark_gothic", "pixel_retro", "clean_minimal", "flat_modern"),
}
"""Styles that suit a mood where no style was asked for."""


def levels_of(wishes: Wishes) -> tuple[tuple[int, int], tuple[int, int]]:
    """Least and greatest difficulty of level 1, and of level 10."""
    return _LEVELS[wishes.difficulty] if wishes.difficulty else (LOWEST, HIGHEST)


def shapes_for(wishes: Wishes) -> tuple[str, ...]:
    """Names of the difficulty curves that suit."""
    return _SHAPES.get(wishes.difficulty, tuple(SHAPES)) if wishes.difficulty else tuple(SHAPES)


def beats_of(wishes: Wishes, usual: tuple[int, int]) -> tuple[int, int]:
    """Slowest and fastest music, beats a minute; ``usual`` is the theme's own."""
    if wishes.pace:
        return _BEATS[wishes.pace]
    return _MOOD_BEATS[wishes.mood] if wishes.mood else usual


def styles_for(wishes: Wishes) -> tuple[str, ...]:
    """Styles that suit, without those that are not wanted; all of these where none is left."""
    suiting = _STYLES[wishes.mood] if wishes.mood else STYLES
    wanted = tuple(style for style in suiting if style not in wishes.avoided)
    return wanted or tuple(style for style in STYLES if style not in wishes.avoided) or STYLES


def gentle(names: Collection[str], wishes: Wishes, least: int) -> tuple[str, ...]:
    """Those of ``names`` that may be drawn: a game that shall not press does without hurry.

    What is asked for stays. Where fewer than ``least`` would be left, all may be drawn.
    """
    presses = {"calm", "dreamy"} & {wishes.mood} or wishes.pace == "slow" or wishes.difficulty == "easy"
    left = tuple(name for name in names if not presses or name not in HURRY or name in wishes.mechanics)
    return left if len(left) >= least else tuple(names)


def asked_of(wishes: Wishes, core: Sequence[str], realised: Collection[str]) -> tuple[str, ...]:
    """The mechanics asked for that a family has and that are not in every game of it anyway."""
    return tuple(name for name in wishes.mechanics if name in realised and name not in core)
