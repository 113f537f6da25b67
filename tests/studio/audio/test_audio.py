import dataclasses
import itertools
import random
import subprocess
import sys
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.audio import AudioRequest, compose, problems
from gamefactory_dagster.studio.audio.checks import SEAM_RATIO, seam_ratio
from gamefactory_dagster.studio.audio.effects import RECIPES
from gamefactory_dagster.studio.audio.music import plan_music
from gamefactory_dagster.studio.audio.ogg import SERIAL, checksum, decode, encode, with_serial
from gamefactory_dagster.studio.audio.synthesis import RATE
from gamefactory_dagster.studio.design.gdd import Theme

ASKED = AudioRequest("pixel_retro", "reef", "calm", 104, 5, tuple(RECIPES))


@pytest.fixture(scope="module")
def sounds():
    return compose(ASKED)


@pytest.mark.parametrize("theme", get_args(Theme))
def test_every_theme_has_music(theme):
    assert plan_music(theme, "calm", 100, random.Random(1)).chords


def test_every_effect_and_the_music_come_out_without_problems(sounds):
    assert [sound.name for sound in sounds] == [*RECIPES, "music"]
    assert problems(sounds) == []
    assert {sound.asset_type for sound in sounds[:-1]} == {"sound_effect"}
    assert sounds[-1].asset_type == "music"


@pytest.mark.slow
@settings(max_examples=12)
@given(
    st.integers(60, 180),
    st.sampled_from(["calm", "tense", "heroic", "playful", "zany"]),
    st.sampled_from(["reef", "desert", "space", "castle", "jungle", "volcano"]),
    st.integers(0, 2**40),
)
def test_any_tempo_mood_and_theme_loops_for_8_to_16_seconds(tempo, mood, theme, seed):
    music = compose(AudioRequest("watercolor", theme, mood, tempo, seed, ()))
    assert problems(music) == []
    assert 8 <= music[0].seconds <= 16
    assert len(music[0].ogg) <= 120_000


def test_another_process_composes_the_same_bytes():
    program = (
        "import hashlib\n"
        "from gamefactory_dagster.studio.audio import AudioRequest, compose\n"
        "sounds = compose(AudioRequest('pixel_retro', 'reef', 'calm', 104, 5, ('jump', 'break')))\n"
        "print(hashlib.sha256(b''.join(s.ogg for s in sounds)).hexdigest())\n"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_libsndfile_alone_does_not_give_the_same_bytes(sounds):
    """The reason for rewriting the serial; when this fails, ``with_serial`` may go."""
    import io

    import soundfile

    wave, _ = decode(sounds[0].ogg)
    raw = []
    for _ in range(2):
        buffer = io.BytesIO()
        soundfile.write(buffer, wave, RATE, format="OGG", subtype="VORBIS")
        raw.append(buffer.getvalue())
    assert raw[0] != raw[1]
    assert with_serial(raw[0], SERIAL) == with_serial(raw[1], SERIAL)


def test_every_page_has_the_pinned_serial_and_a_true_checksum(sounds):
    ogg = sounds[-1].ogg
    at = pages = 0
    while at < len(ogg):
        end = at + 27 + ogg[at + 26] + sum(ogg[at + 27 : at + 27 + ogg[at + 26]])
        page = ogg[at:end]
        assert int.from_bytes(page[14:18], "little") == SERIAL
        assert int.from_bytes(page[22:26], "little") == checksum(page[:22] + bytes(4) + page[26:])
        at, pages = end, pages + 1
    assert pages >= 3
    with pytest.raises(PermanentError):
        with_serial(ogg[:-3] + b"Ogg" + bytes(40), SERIAL)


def test_seed_theme_mood_and_tempo_each_change_the_music():
    base = compose(dataclasses.replace(ASKED, effects=()))[0].ogg
    for change in ({"seed": 6}, {"theme": "space"}, {"mood": "tense"}, {"tempo": 105}):
        assert compose(dataclasses.replace(ASKED, effects=(), **change))[0].ogg != base


def test_effects_are_told_apart_by_their_spectrum_over_time():
    """No two effects share more than 90 % of their energy in time-frequency bins."""

    def print_of(wave):
        bins = np.zeros((8, 40))
        for i, piece in enumerate(
            np.array_split(np.pad(wave, (0, max(0, RATE // 2 - len(wave))))[: RATE // 2], 8)
        ):
            spectrum = np.abs(np.fft.rfft(piece, 2048)) ** 2
            edges = np.unique(np.geomspace(4, 1024, 41).astype(int))
            bins[i, : len(edges) - 1] = np.add.reduceat(spectrum, edges)[: len(edges) - 1]
        return np.sqrt(bins.ravel() / bins.sum())

    prints = {name: print_of(recipe(261.6)) for name, recipe in RECIPES.items()}
    for one, other in itertools.combinations(prints, 2):
        assert float(prints[one] @ prints[other]) < 0.9, (one, other)


def test_the_loop_goes_round_without_a_click_and_a_cut_one_is_found(sounds):
    music = sounds[-1]
    wave, _ = decode(music.ogg)
    assert seam_ratio(wave) <= SEAM_RATIO
    high, low = int(np.argmax(wave)), int(np.argmin(wave))
    cut = np.roll(wave, -high - 1)[: (low - high) % len(wave)]
    assert seam_ratio(cut) > SEAM_RATIO
    broken = dataclasses.replace(music, ogg=encode(cut, 0.5), seconds=len(cut) / RATE)
    assert any("seam" in problem for problem in problems([broken]))


def test_a_bad_sound_is_found(sounds):
    jump = next(sound for sound in sounds if sound.name == "jump")
    wave, _ = decode(jump.ogg)
    silent = dataclasses.replace(jump, ogg=encode(wave * 0.001, 0.5))
    assert any("silent" in problem for problem in problems([silent]))
    clipped = dataclasses.replace(jump, ogg=encode(np.clip(wave * 9, -1, 1), 0.5))
    assert any("clips" in problem for problem in problems([clipped]))
    assert any("lasts" in problem for problem in problems([dataclasses.replace(jump, seconds=1.5)]))
    assert any("not a readable" in problem for problem in problems([dataclasses.replace(jump, ogg=b"OggS")]))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "oil"}, "style"),
        ({"theme": "moon"}, "theme"),
        ({"tempo": 181}, "tempo"),
        ({"effects": ("roar",)}, "effects"),
        ({"effects": ("jump", "jump")}, "effects"),
    ],
)
def test_a_request_nobody_can_play_is_refused_by_name(change, field):
    with pytest.raises(InputError) as refusal:
        compose(dataclasses.replace(ASKED, **change))
    assert refusal.value.field == field
