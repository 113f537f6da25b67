"""Sound effects: one short, distinct sound for each thing that happens in a game.

What belongs here: the recipes any family may use, and the list to which a family adds from its own folder
what it alone needs. What does not: the waves (``synthesis.py``) or the music (``music.py``).
``key`` shifts all of them together, so that a game's effects are in tune with its music.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .bands import KEYS
from .loudness import loudest
from .synthesis import additive, band, envelope, glide, low_pass, mixed, noise, normalised, oscillator

if TYPE_CHECKING:
    from .synthesis import Wave


Recipe = Callable[[float], "Wave"]

LOUDNESS = -13.0
"""LUFS of the loudest tenth of a second of an effect that is neither softer nor louder than others."""

PEAK = 0.85
"""Largest sample before coding; Vorbis may overshoot by a tenth, so there is room below 1."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A recipe and how it is played."""

    recipe: Recipe
    level: float
    """Decibels over or under other effects."""
    duck: int
    """Percent that is left of the music while it sounds."""
    vary: int
    """Cents by which one differs from the next of the same, so that repeats do not tire."""

    @property
    def manners(self) -> tuple[int, int]:
        """What the player must know to play it."""
        return (self.duck, self.vary)


RECIPES: dict[str, Effect] = {}
"""Every effect by name, filled when the modules that hold them are imported."""


def effect(name: str, level: float = 0.0, duck: int = 85, vary: int = 25) -> Callable[[Recipe], Recipe]:
    """Put the function below on the list as ``name``; ValueError for a name that is taken."""

    def register(recipe: Recipe) -> Recipe:
        if name in RECIPES:
            raise ValueError(f"two effects are called {name!r}")
        RECIPES[name] = Effect(recipe, level, duck, vary)
        return recipe

    return register


def key_of(theme: str) -> float:
    """The key of a theme's music, in Hz."""
    return 261.6256 * 2 ** (KEYS[theme] / 12)


def record_all() -> None:
    """Record every effect in the keys of all themes; a process then has them, and so have its forks."""
    for key in {key_of(theme) for theme in KEYS}:
        for name in RECIPES:
            recorded(name, key)


@functools.cache
def recorded(name: str, key: float) -> Wave:
    """The effect in ``key``, as loud as it should be beside others; not to be changed."""
    made = RECIPES[name]
    wave = normalised(made.recipe(key), PEAK)
    louder = LOUDNESS + made.level - loudest(wave)
    wave = wave * min(1.0, 10 ** (louder / 20))
    wave.setflags(write=False)
    return wave


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


@effect("click", level=-6, duck=100, vary=15)
def click(key: float) -> Wave:
    """A button."""
    return note(key * 4, 0.06, 0.014, "sine")


@effect("jump", level=-2, duck=92, vary=45)
def jump(key: float) -> Wave:
    """Up."""
    return oscillator("square", glide(key, key * 2.4, 0.2), 0.2) * envelope(0.2, 0.005, 0.09)


@effect("land", level=-4, duck=92, vary=60)
def land(key: float) -> Wave:
    """Feet on the ground."""
    thud = oscillator("sine", glide(key * 0.55, key * 0.25, 0.13), 0.13) * envelope(0.13, 0.002, 0.045)
    return thud + 0.25 * noise(0.13, 11, 0.8) * envelope(0.13, 0.002, 0.02)


@effect("duck", level=-2, duck=92, vary=45)
def duck(key: float) -> Wave:
    """Down."""
    return oscillator("triangle", glide(key * 1.4, key * 0.7, 0.15), 0.15) * envelope(0.15, 0.004, 0.07)


@effect("collect", level=-2, duck=88, vary=8)
def collect(key: float) -> Wave:
    """Two bright notes."""
    return _run(key * 4, (0, 7), 0.06, 0.26)


@effect("hit", level=2, duck=45, vary=50)
def hit(key: float) -> Wave:
    """Ouch."""
    growl = oscillator("saw", glide(key, key * 0.35, 0.32), 0.32) * envelope(0.32, 0.002, 0.1)
    return growl + 0.7 * noise(0.32, 5, 0.5) * envelope(0.32, 0.001, 0.05)


@effect("win", level=1, duck=12, vary=0)
def win(key: float) -> Wave:
    """A fanfare up the chord."""
    chord = [(0.48, note(key * 2 * 2 ** (step / 12), 0.9, 0.3)) for step in (4, 7)]
    return mixed([(0.0, _run(key * 2, (0, 4, 7, 12), 0.16, 0.9)), *chord], 1.38)


@effect("lose", level=0, duck=12, vary=0)
def lose(key: float) -> Wave:
    """Three steps down."""
    return _run(key * 1.5, (0, -2, -5), 0.2, 0.6, "square")


@effect("swap", level=-3, duck=92, vary=50)
def swap(key: float) -> Wave:
    """Two tiles change places."""
    air = low_pass(noise(0.14, 3), 0.55) * envelope(0.14, 0.05, 0.05)
    return 0.6 * air + oscillator("sine", glide(key * 1.2, key * 1.8, 0.14), 0.14) * envelope(
        0.14, 0.03, 0.05
    )


@effect("match", level=-1, duck=80, vary=8)
def match(key: float) -> Wave:
    """Three in a row."""
    return _run(key * 2, (0, 4, 9), 0.055, 0.28)


@effect("cascade", duck=72, vary=8)
def cascade(key: float) -> Wave:
    """More fall into place."""
    return _run(key * 2, (0, 4, 7, 11, 14), 0.05, 0.3)


@effect("tick", level=-5, duck=90, vary=0)
def tick(key: float) -> Wave:
    """A clock."""
    return oscillator("square", key * 6, 0.04) * envelope(0.04, 0.001, 0.008)


@effect("unlock", duck=40, vary=0)
def unlock(key: float) -> Wave:
    """A latch, then light."""
    latch = 0.5 * noise(0.05, 9, 0.3) * envelope(0.05, 0.001, 0.012)
    return mixed([(0.0, latch), (0.07, _run(key * 2, (0, 5, 12, 17), 0.07, 0.42))], 0.75)


@effect("bonus", duck=65, vary=8)
def bonus(key: float) -> Wave:
    """A shimmer."""
    return mixed(
        [
            (i * 0.045, note(key * 4 * 2 ** (step / 12), 0.3, 0.09, "sine"))
            for i, step in enumerate((0, 4, 7, 12, 16, 19))
        ],
        0.55,
    )


@effect("break", level=1, duck=62, vary=70)
def break_(key: float) -> Wave:
    """Something hard gives way."""
    crack = noise(0.28, 21, 0.25) * envelope(0.28, 0.001, 0.045)
    grains = [
        (0.05 + i * 0.035, 0.5 * noise(0.06, 30 + i, 0.4) * envelope(0.06, 0.001, 0.015)) for i in range(5)
    ]
    return mixed([(0.0, crack), (0.0, 0.6 * land(key * 1.3)), *grains], 0.28)


@effect("bounce", duck=75, vary=50)
def bounce(key: float) -> Wave:
    """A spring: up, and trembling."""
    import numpy as np

    rise = glide(key * 0.8, key * 2.6, 0.34)
    time = np.arange(len(rise)) / len(rise)
    tremble = rise * (1 + 0.11 * (1 - time) * np.sin(2 * np.pi * 9 * time))
    spring = oscillator("triangle", tremble, 0.34) + 0.3 * oscillator("square", tremble * 0.5, 0.34)
    return spring * envelope(0.34, 0.003, 0.13)


@effect("ride", level=-3, duck=90, vary=30)
def ride(key: float) -> Wave:
    """Something takes one along: a latch and a hum that sets off."""
    latch = additive(key * 1.5, 0.1, ((1, 1, 0.03), (2.7, 0.5, 0.015))) * envelope(0.1, 0.001, 0.1)
    hum = oscillator("triangle", glide(key * 0.5, key * 0.75, 0.3), 0.3) * envelope(0.3, 0.08, 0.12)
    return mixed([(0.0, latch), (0.05, 0.8 * hum)], 0.36)


@effect("make", duck=60, vary=8)
def make(key: float) -> Wave:
    """Something special comes to be: air drawn in, then light."""
    swell = band(noise(0.24, 31), 1500, 7000)[::-1] * envelope(0.24, 0.2, 0.02)
    light = [
        (0.2 + i * 0.03, note(key * 4 * 2 ** (step / 12), 0.4, 0.12, "sine"))
        for i, step in enumerate((0, 7, 12, 19))
    ]
    return mixed([(0.0, 0.4 * swell), *light], 0.7)


@effect("blast", level=3, duck=35, vary=60)
def blast(key: float) -> Wave:
    """It goes off: a boom and what falls down after it."""
    boom = oscillator("sine", glide(key * 0.9, key * 0.16, 0.5), 0.5) * envelope(0.5, 0.002, 0.16)
    fire = band(noise(0.7, 33), 120, 2600) * envelope(0.7, 0.002, 0.14)
    crack = band(noise(0.1, 35), 2000, 9000) * envelope(0.1, 0.001, 0.02)
    return mixed([(0.0, 1.1 * boom), (0.0, 1.3 * fire), (0.0, 0.8 * crack)], 0.75)


@effect("combo", level=1, duck=60, vary=0)
def combo(key: float) -> Wave:
    """A chord as of trumpets, short; a chain plays it higher and higher."""
    chord = [key * 2 * 2 ** (step / 12) * bend for step in (0, 4, 7, 12) for bend in (0.997, 1.003)]
    stab = mixed([(0.0, oscillator("saw", frequency, 0.34)) for frequency in chord], 0.34)
    return low_pass(stab, 0.5) * envelope(0.34, 0.008, 0.12)


@effect("near", level=-2, duck=85, vary=60)
def near(key: float) -> Wave:
    """Something rushes past."""
    coming = band(noise(0.34, 37), 900, 3800) * envelope(0.34, 0.13, 0.05)
    going = band(noise(0.34, 39), 400, 1700) * envelope(0.34, 0.18, 0.07)
    return coming + going


@effect("goal", level=1, duck=50, vary=0)
def goal(key: float) -> Wave:
    """One thing is done: two bells, the higher one rings."""
    low, high = ((1, 1, 0.25), (2.76, 0.3, 0.12)), ((1, 1, 0.4), (2.76, 0.35, 0.2), (5.4, 0.15, 0.1))
    first = additive(key * 3, 0.4, low) * envelope(0.4, 0.002, 0.3)
    second = additive(key * 4, 0.9, high) * envelope(0.9, 0.002, 0.5)
    return mixed([(0.0, 0.8 * first), (0.13, second)], 1.03)


@effect("stumble", duck=75, vary=50)
def stumble(key: float) -> Wave:
    """Nearly fallen: a knock and a slide down."""
    wood = additive(key * 0.8, 0.12, ((1, 1, 0.04), (1.6, 0.6, 0.03))) * envelope(0.12, 0.001, 0.12)
    knock = wood + 0.3 * noise(0.12, 41, 0.6) * envelope(0.12, 0.001, 0.02)
    slide = oscillator("triangle", glide(key * 1.7, key * 0.7, 0.24), 0.24) * envelope(0.24, 0.02, 0.09)
    return mixed([(0.0, knock), (0.07, 0.7 * slide)], 0.32)


@effect("flight", level=-7, duck=100, vary=30)
def flight(key: float) -> Wave:
    """What flew to its counter is there."""
    return additive(key * 8, 0.14, ((1, 1, 0.04), (1.5, 0.5, 0.03))) * envelope(0.14, 0.001, 0.06)


@effect("star", level=1, duck=55, vary=0)
def star(key: float) -> Wave:
    """A star is counted in; played at three pitches."""
    bell = additive(key * 2, 0.9, ((1, 1, 0.35), (2, 0.5, 0.25), (3, 0.35, 0.2), (5.4, 0.2, 0.08)))
    glitter = [
        (0.05 * i, 0.22 * note(key * 8 * 2 ** (step / 12), 0.3, 0.07, "sine"))
        for i, step in enumerate((0, 7, 12, 16))
    ]
    return mixed([(0.0, bell * envelope(0.9, 0.002, 0.5)), *glitter], 0.9)


@effect("buy", duck=45, vary=0)
def buy(key: float) -> Wave:
    """A till: two clicks and a bell."""
    coin = additive(key * 11, 0.09, ((1, 1, 0.02), (1.34, 0.7, 0.02))) * envelope(0.09, 0.001, 0.09)
    bell = additive(key * 6, 0.6, ((1, 1, 0.2), (1.5, 0.5, 0.18), (2.76, 0.4, 0.1))) * envelope(
        0.6, 0.001, 0.6
    )
    return mixed([(0.0, 0.6 * coin), (0.07, 0.7 * coin), (0.15, bell)], 0.78)


@effect("count", level=-9, duck=100, vary=20)
def count(key: float) -> Wave:
    """A figure counts up, one stroke of many."""
    return additive(key * 5, 0.05, ((1, 1, 0.012), (3, 0.2, 0.006))) * envelope(0.05, 0.001, 0.02)
