"""All the sound of one game: the effects it asks for and its music.

What belongs here: what other rooms call. What does not: synthesis, composing, or file formats.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.words import THEMES

from .effects import RECIPES
from .music import key_of, mood_of, plan_music, play
from .ogg import encode
from .synthesis import RATE, normalised

if TYPE_CHECKING:
    from .synthesis import Wave

EFFECT_PEAK = 0.8
MUSIC_PEAK = 0.7
"""Largest sample before coding; Vorbis may overshoot by a tenth, so both leave room below 1."""

_EFFECT_QUALITY, _MUSIC_QUALITY = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class AudioRequest:
    """What the sound is made from; equal requests give equal bytes. ``tempo`` is beats a minute, 60..180."""

    style: str
    theme: str
    mood: str
    tempo: int
    seed: int
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound file. ``peak`` is the largest sample as composed, 0..1."""

    name: str
    filename: str
    asset_type: Literal["sound_effect", "music"]
    ogg: bytes
    seconds: float
    peak: float
    prompt: str
    """What one would ask an audio model for to get the same."""


def compose(request: AudioRequest) -> tuple[Sound, ...]:
    """Every effect asked for, in that order, then ``music``: a loop of 8 to 16 seconds.

    Raises InputError for an unknown style, theme or effect, an effect named twice, or a tempo out of range.
    """
    _check(request)
    key = 2 * key_of(request.theme)
    mood = mood_of(request.mood)
    sounds = []
    for name in request.effects:
        wanted = f"Short '{name}' sound effect for a {request.theme} game, {request.style} style"
        sounds.append(_sound(name, "sound_effect", normalised(RECIPES[name](key), EFFECT_PEAK), wanted))
    rng = random.Random(f"{request.seed}:music")
    plan = plan_music(request.theme, request.mood, request.tempo, rng)
    wave = normalised(play(plan, request.style, rng), MUSIC_PEAK)
    wanted = (
        f"Seamless {mood} music loop, {request.theme} game, {request.tempo} beats a minute, {request.mood}"
    )
    sounds.append(_sound("music", "music", wave, wanted))
    return tuple(sounds)


def _check(request: AudioRequest) -> None:
    if request.style not in STYLES:
        raise InputError("style", request.style, f"one of {', '.join(STYLES)}")
    if request.theme not in THEMES:
        raise InputError("theme", request.theme, f"one of {', '.join(THEMES)}")
    if not 60 <= request.tempo <= 180:
        raise InputError("tempo", request.tempo, "60 to 180 beats a minute")
    unknown = [name for name in request.effects if name not in RECIPES]
    if unknown or len(set(request.effects)) != len(request.effects):
        raise InputError("effects", request.effects, f"each at most once, of {', '.join(RECIPES)}")


def _sound(name: str, kind: Literal["sound_effect", "music"], wave: Wave, prompt: str) -> Sound:
    import numpy as np

    ogg = encode(wave, _MUSIC_QUALITY if kind == "music" else _EFFECT_QUALITY)
    peak = round(float(np.abs(wave).max()), 4)
    return Sound(name, f"{name}.ogg", kind, ogg, round(len(wave) / RATE, 4), peak, prompt)
