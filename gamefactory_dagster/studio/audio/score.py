"""All the sound of one game: the effects it asks for, the notes its music is played from, and the score.

What belongs here: what other rooms call. What does not: synthesis, composing, or file formats.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.words import THEMES

from .effects import RECIPES, key_of, recorded
from .ensemble import instruments
from .harmony import mood_of
from .mixing import balanced, seconds_of, written
from .music import Piece, compose_music
from .ogg import decode, encode
from .packing import Places, cut, pack
from .synthesis import RATE

if TYPE_CHECKING:
    from .synthesis import Wave

_EFFECT_QUALITY, _NOTE_QUALITY = 0.8, 0.7
"""libsndfile's level, 0 (best) to 1 (smallest)."""

_LOUDEST, _SAFE, _SOFTENINGS = 0.99, 0.93, 3
"""The largest sample an effect may come back with, what it is brought to, and how often that is tried."""

FILES = ("effects.ogg", "music.ogg", "score.json")
"""What a game with sound has in its folder ``audio``."""


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
    """One file of sound. ``peak`` is the largest sample as composed, 0..1, and 0 for the score."""

    name: str
    filename: str
    asset_type: Literal["sound_effect", "music"]
    content: bytes
    seconds: float
    peak: float
    prompt: str
    """What one would ask an audio model for to get the same."""


def compose(request: AudioRequest) -> tuple[Sound, ...]:
    """The files of ``FILES``: all effects, all notes, and the score, which says what is where in them.

    Raises InputError for an unknown style, theme or effect, an effect named twice, or a tempo out of range.
    """
    _check(request)
    effects, effect_places, coded = _unclipped(_effects(request))
    piece = compose_music(
        request.style, request.theme, request.mood, request.tempo, random.Random(f"{request.seed}:music")
    )
    players = instruments(piece)
    notes, note_places = pack(
        {f"{role}{root}": wave for role, player in players.items() for root, wave in player.notes}
    )
    music = balanced(written(piece, players, note_places), notes)
    manners = {name: [*place, *RECIPES[name].manners] for name, place in effect_places.items()}
    score = json.dumps({"effects": manners, "music": music}, sort_keys=True, separators=(",", ":"))
    about = f"{request.theme} game, {request.style} style"
    wanted = f"Sound effects for a {about}: {', '.join(manners)}"
    asked = f"Single notes for the music of a {about}: {_played(piece)}"
    written_out, lasts = f"{score}\n".encode(), round(seconds_of(music), 3)
    return (
        _recording("effects", "sound_effect", effects, coded, wanted),
        _recording("music", "music", notes, encode(notes, _NOTE_QUALITY), asked),
        Sound("score", "score.json", "music", written_out, lasts, 0.0, _wanted(request, piece)),
    )


def _effects(request: AudioRequest) -> Mapping[str, Wave]:
    """Each at its loudness, in the key of the music."""
    key = key_of(request.theme)
    return {name: recorded(name, key) for name in request.effects}


def _unclipped(waves: Mapping[str, Wave]) -> tuple[Wave, Places, bytes]:
    """All in a row, those softened that the coder would give back too loud: noise grows by up to a fifth.

    With the row come the places of sounds in it, and the row as the coder writes it.
    """
    import numpy as np

    row, places = pack(waves)
    coded = encode(row, _EFFECT_QUALITY)
    for _ in range(_SOFTENINGS):
        heard, _ = decode(coded)
        peaks = {name: float(np.abs(cut(heard, *place)).max()) for name, place in places.items()}
        if max(peaks.values()) < _LOUDEST:
            break
        softer = {name: min(1.0, _SAFE / peak) if peak >= _LOUDEST else 1.0 for name, peak in peaks.items()}
        waves = {name: wave * softer[name] for name, wave in waves.items()}
        row, places = pack(waves)
        coded = encode(row, _EFFECT_QUALITY)
    return row, places, coded


def _played(piece: Piece) -> str:
    return f"{piece.lead}, {piece.pluck}, {piece.pad} chords, {piece.bass} bass, {piece.kit} drums"


def _wanted(request: AudioRequest, piece: Piece) -> str:
    return (
        f"{mood_of(request.mood).capitalize()} {piece.groove} music, {request.theme} game, {request.mood}, "
        f"{request.tempo} beats a minute, calm and full version; {_played(piece)}"
    )


def _check(request: AudioRequest) -> None:
    if request.style not in STYLES:
        raise InputError("style", request.style, f"one of {', '.join(STYLES)}")
    if request.theme not in THEMES:
        raise InputError("theme", request.theme, f"one of {', '.join(THEMES)}")
    if not 60 <= request.tempo <= 180:
        raise InputError("tempo", request.tempo, "60 to 180 beats a minute")
    unknown = [name for name in request.effects if name not in RECIPES]
    if unknown or not request.effects or len(set(request.effects)) != len(request.effects):
        raise InputError(
            "effects", unknown or request.effects, f"at least one, each once, of {', '.join(RECIPES)}"
        )


def _recording(
    name: str, kind: Literal["sound_effect", "music"], wave: Wave, ogg: bytes, prompt: str
) -> Sound:
    import numpy as np

    peak = round(float(np.abs(wave).max()), 4)
    return Sound(name, f"{name}.ogg", kind, ogg, round(len(wave) / RATE, 3), peak, prompt)


def score_of(sounds: tuple[Sound, ...]) -> dict[str, Any]:
    """The score among these files, read."""
    (score,) = (sound for sound in sounds if sound.name == "score")
    read: dict[str, Any] = json.loads(score.content)
    return read
