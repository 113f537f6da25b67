"""Sound effects: one short, distinct sound for each thing that happens in a game.

What belongs here: the recipes any family may use, and the list to which a family adds from its own folder
what it alone needs. What does not: the waves (``synthesis.py``) or the music (``music.py``).
``key`` shifts all of them together, so that a game's effects are in tune with its music.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .synthesis import envelope, glide, low_pass, mixed, noise, oscillator

if TYPE_CHECKING:
    from .synthesis import Wave


Recipe = Callable[[float], "Wave"]

RECIPES: dict[str, Recipe] = {}
"""Every effect by name, filled when the modules that hold them are imported."""


def effect(name: str) -> Callable[[Recipe], Recipe]:
    """Put the function below on the list as ``name``; ValueError for a name that is taken."""

    def register(recipe: Recipe) -> Recipe:
        if name in RECIPES:
            raise ValueError(f"two effects are called {name!r}")
        RECIPES[name] = recipe
        return recipe

    return register


def note(frequency: float, length: float, decay: float, shape: str = "triangle") -> Wave:
    """A plucked note with a soft octave above."""
    body = oscillator(shape, frequency, length) + 0.25 * oscillator("sine", frequency * 2, length)
    return body * envelope(length, 0.004, decay)


def _run(key: float, steps: tuple[int, ...], gap: float, last: float, shape: str = "triangle") -> Wave:
    """Notes one after the other, ``steps`` in semitones over ``key``; the last one rings."""
    parts = []
    for index, step in enumerate(steps):
        length = last if index == len(steps) - 1 else gap * 2.2
        parts.append((index * gap, note(key * 2 ** (step / 12), length, length * 0.32, shape)))
    return mixed(parts, gap * (len(steps) - 1) + last)


@effect("click")
def click(key: float) -> Wave:
    """A button."""
    return note(key * 4, 0.06, 0.014, "sine")


@effect("jump")
def jump(key: float) -> Wave:
    """Up."""
    return oscillator("square", glide(key, key * 2.4, 0.2), 0.2) * envelope(0.2, 0.005, 0.09)


@effect("land")
def land(key: float) -> Wave:
    """Feet on the ground."""
    thud = oscillator("sine", glide(key * 0.55, key * 0.25, 0.13), 0.13) * envelope(0.13, 0.002, 0.045)
    return thud + 0.25 * noise(0.13, 11, 0.8) * envelope(0.13, 0.002, 0.02)


@effect("duck")
def duck(key: float) -> Wave:
    """Down."""
    return oscillator("triangle", glide(key * 1.4, key * 0.7, 0.15), 0.15) * envelope(0.15, 0.004, 0.07)


@effect("collect")
def collect(key: float) -> Wave:
    """Two bright notes."""
    return _run(key * 4, (0, 7), 0.06, 0.26)


@effect("hit")
def hit(key: float) -> Wave:
    """Ouch."""
    growl = oscillator("saw", glide(key, key * 0.35, 0.32), 0.32) * envelope(0.32, 0.002, 0.1)
    return growl + 0.7 * noise(0.32, 5, 0.5) * envelope(0.32, 0.001, 0.05)


@effect("win")
def win(key: float) -> Wave:
    """A fanfare up the chord."""
    chord = [(0.48, note(key * 2 * 2 ** (step / 12), 0.9, 0.3)) for step in (4, 7)]
    return mixed([(0.0, _run(key * 2, (0, 4, 7, 12), 0.16, 0.9)), *chord], 1.38)


@effect("lose")
def lose(key: float) -> Wave:
    """Three steps down."""
    return _run(key * 1.5, (0, -2, -5), 0.2, 0.6, "square")


@effect("swap")
def swap(key: float) -> Wave:
    """Two tiles change places."""
    air = low_pass(noise(0.14, 3), 0.55) * envelope(0.14, 0.05, 0.05)
    return 0.6 * air + oscillator("sine", glide(key * 1.2, key * 1.8, 0.14), 0.14) * envelope(
        0.14, 0.03, 0.05
    )


@effect("match")
def match(key: float) -> Wave:
    """Three in a row."""
    return _run(key * 2, (0, 4, 9), 0.055, 0.28)


@effect("cascade")
def cascade(key: float) -> Wave:
    """More fall into place."""
    return _run(key * 2, (0, 4, 7, 11, 14), 0.05, 0.3)


@effect("tick")
def tick(key: float) -> Wave:
    """A clock."""
    return oscillator("square", key * 6, 0.04) * envelope(0.04, 0.001, 0.008)


@effect("unlock")
def unlock(key: float) -> Wave:
    """A latch, then light."""
    latch = 0.5 * noise(0.05, 9, 0.3) * envelope(0.05, 0.001, 0.012)
    return mixed([(0.0, latch), (0.07, _run(key * 2, (0, 5, 12, 17), 0.07, 0.42))], 0.75)


@effect("bonus")
def bonus(key: float) -> Wave:
    """A shimmer."""
    return mixed(
        [
            (i * 0.045, note(key * 4 * 2 ** (step / 12), 0.3, 0.09, "sine"))
            for i, step in enumerate((0, 4, 7, 12, 16, 19))
        ],
        0.55,
    )


@effect("break")
def break_(key: float) -> Wave:
    """Something hard gives way."""
    crack = noise(0.28, 21, 0.25) * envelope(0.28, 0.001, 0.045)
    grains = [
        (0.05 + i * 0.035, 0.5 * noise(0.06, 30 + i, 0.4) * envelope(0.06, 0.001, 0.015)) for i in range(5)
    ]
    return mixed([(0.0, crack), (0.0, 0.6 * land(key * 1.3)), *grains], 0.28)
