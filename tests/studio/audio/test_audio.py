"""The files of a game's sound: made alike every time, and judged from what was made."""

import dataclasses
import json
import signal
import subprocess
import sys
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.studio.audio import (
    FILES,
    AudioRequest,
    Sound,
    compose,
    problems,
    score,
    score_of,
)
from gamefactory_dagster.studio.audio.checks import BUDGET, SEAM_RATIO, SHORTEST_MUSIC, seam_ratio
from gamefactory_dagster.studio.audio.effects import RECIPES
from gamefactory_dagster.studio.audio.ogg import SERIAL, checksum, decode, encode, with_serial
from gamefactory_dagster.studio.audio.packing import cut, pack
from gamefactory_dagster.studio.audio.synthesis import RATE
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.words import THEMES

ASKED = AudioRequest("flat_modern", "reef", "calm", 104, 5, tuple(RECIPES))
Sounds = tuple[Sound, ...]


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return compose(ASKED)


def of(sounds: Sounds, name: str) -> Sound:
    return next(sound for sound in sounds if sound.name == name)


def with_one(sounds: Sounds, name: str, **changes: Any) -> Sounds:
    return tuple(dataclasses.replace(s, **changes) if s.name == name else s for s in sounds)


def with_score(sounds: Sounds, change: Any) -> Sounds:
    """The same files with another score: ``change`` edits it in place."""
    score = score_of(sounds)
    change(score)
    seconds = score["music"]["bars"] * 240 / score["music"]["tempo"]
    return with_one(sounds, "score", content=json.dumps(score).encode(), seconds=seconds)


def test_every_effect_and_the_music_come_out_without_problems(sounds: Sounds) -> None:
    assert tuple(sound.filename for sound in sounds) == FILES
    assert [sound.asset_type for sound in sounds] == ["sound_effect", "music", "music"]
    assert list(score_of(sounds)["effects"]) == sorted(RECIPES)
    assert problems(sounds) == []
    assert sum(len(sound.content) for sound in sounds) <= BUDGET


@pytest.mark.slow
@settings(max_examples=20)
@given(
    st.sampled_from(STYLES),
    st.sampled_from(list(THEMES)),
    st.sampled_from(["calm", "tense", "heroic", "playful", "zany"]),
    st.integers(60, 180),
    st.integers(0, 2**40),
)
def test_any_style_theme_mood_and_tempo_gives_music_of_at_least_45_seconds(
    style: str, theme: str, mood: str, tempo: int, seed: int
) -> None:
    made = compose(AudioRequest(style, theme, mood, tempo, seed, ("click",)))
    assert problems(made) == []
    assert of(made, "score").seconds >= SHORTEST_MUSIC


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_as_loud_as_the_others(style: str) -> None:
    for theme, mood, tempo in (("reef", "calm", 96), ("volcano", "tense", 150)):
        assert problems(compose(AudioRequest(style, theme, mood, tempo, 3, tuple(RECIPES)))) == []


def test_another_process_composes_the_same_bytes() -> None:
    program = (
        "import hashlib\n"
        "from gamefactory_dagster.studio.audio import AudioRequest, compose\n"
        "sounds = compose(AudioRequest('pixel_retro', 'reef', 'calm', 104, 5, ('jump', 'break')))\n"
        "print(hashlib.sha256(b''.join(s.content for s in sounds)).hexdigest())\n"
    )
    runs = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_libsndfile_alone_does_not_give_the_same_bytes(sounds: Sounds) -> None:
    """The reason for rewriting the serial; when this fails, ``with_serial`` may go."""
    import io

    import soundfile

    wave, _ = decode(sounds[0].content)
    raw = []
    for _ in range(2):
        buffer = io.BytesIO()
        soundfile.write(buffer, wave[:RATE], RATE, format="OGG", subtype="VORBIS")
        raw.append(buffer.getvalue())
    assert raw[0] != raw[1]
    assert with_serial(raw[0], SERIAL) == with_serial(raw[1], SERIAL)


def test_who_is_interrupted_does_not_go_on_with_half_a_sound(sounds: Sounds) -> None:
    """libsndfile swallows what is raised while it calls Python: the sound was cut short, the run went on."""

    class StoppedError(BaseException):
        """What a signal raises wherever Python is."""

    def stop(*_: object) -> NoReturn:
        raise StoppedError

    music = of(sounds, "music").content
    wave, _ = decode(music)
    before = signal.signal(signal.SIGALRM, stop)
    try:
        for milliseconds in range(1, 31):
            with pytest.raises(StoppedError):
                signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000)
                while True:
                    decode(encode(wave, 0.6))
    finally:
        signal.signal(signal.SIGALRM, before)


def test_every_page_has_the_pinned_serial_and_a_true_checksum(sounds: Sounds) -> None:
    ogg = of(sounds, "music").content
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


def test_seed_style_theme_mood_and_tempo_each_change_the_music(sounds: Sounds) -> None:
    base = score_of(sounds)["music"]
    for change in (
        {"seed": 6}, {"style": "pixel_retro"}, {"theme": "space"}, {"mood": "tense"}, {"tempo": 105}
    ):  # fmt: skip
        other = compose(dataclasses.replace(ASKED, effects=("click",), **change))
        assert score_of(other)["music"] != base, change


def test_the_score_holds_whole_numbers_alone(sounds: Sounds) -> None:
    """Two machines may write a fraction differently."""

    def numbers(value: Any) -> Any:
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from numbers(inner)
        else:
            yield value

    assert not [value for value in numbers(score_of(sounds)) if isinstance(value, float)]


def test_a_missing_or_torn_file_is_found(sounds: Sounds) -> None:
    assert problems(sounds[1:]) == ["effects.ogg is missing"]
    torn = with_one(sounds, "music", content=b"OggS")
    assert any("music: not a readable" in problem for problem in problems(torn))
    assert any("effects: lasts" in problem for problem in problems(with_one(sounds, "effects", seconds=1.5)))
    assert problems(with_one(sounds, "score", content=b"{"))


def test_a_bad_effect_is_found_by_its_name(sounds: Sounds) -> None:
    wave, _ = decode(of(sounds, "effects").content)
    start, length, *_ = score_of(sounds)["effects"]["jump"]
    place = slice(start * RATE // 1000, (start + length) * RATE // 1000)

    def changed(factor: float) -> Sounds:
        other = wave.copy()
        other[place] = np.clip(other[place] * factor, -1, 1)
        return with_one(sounds, "effects", content=encode(other, 0.3))

    assert [problem.split(":")[0] for problem in problems(changed(0.001))] == ["jump"]
    assert any(problem.startswith("jump: clips") for problem in problems(changed(30)))

    def longer(score: dict[str, Any]) -> None:
        score["effects"]["jump"][1] = 2500

    assert any("jump: lasts 2500 ms" in problem for problem in problems(with_score(sounds, longer)))


def test_noise_that_the_coder_gives_back_too_loud_is_softened_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = dataclasses.replace(ASKED, effects=("jump", "break"))
    noise = np.random.default_rng(3).uniform(-0.999, 0.999, RATE // 2)
    whole = score.recorded
    monkeypatch.setattr(score, "recorded", lambda name, key: noise if name == "break" else whole(name, key))
    plain, _ = decode(encode(pack(score._effects(asked))[0], 0.8))
    made = compose(asked)
    heard, _ = decode(of(made, "effects").content)
    peaks = {
        name: [float(np.abs(cut(wave, *place[:2])).max()) for wave in (plain, heard)]
        for name, place in score_of(made)["effects"].items()
    }
    before, after = peaks["break"]
    assert before >= 1.0
    assert 0.8 < after < 0.99
    assert peaks["jump"][1] == pytest.approx(peaks["jump"][0], rel=0.05)
    assert problems(made) == []


def test_music_that_is_short_loud_or_as_loud_when_calm_is_found(sounds: Sounds) -> None:
    def short(score: dict[str, Any]) -> None:
        score["music"]["bars"] = 16

    def loud(score: dict[str, Any]) -> None:
        for track in score["music"]["tracks"]:
            track["levels"] = [4 * level for level in track["levels"]]

    def never_calm(score: dict[str, Any]) -> None:
        for track in score["music"]["tracks"]:
            track["levels"][0] = track["levels"][1]

    def holed(score: dict[str, Any]) -> None:
        for track in score["music"]["tracks"]:
            track["bars"][20:22] = [-1, -1]

    for change, said in (
        (short, "comes again after"), (loud, "LUFS loud"), (loud, "clips"), (never_calm, "calm version"),
        (holed, "is silent for"),
    ):  # fmt: skip
        assert any(said in problem for problem in problems(with_score(sounds, change))), said


def test_what_goes_round_goes_round_without_a_click_and_a_cut_one_is_found(sounds: Sounds) -> None:
    pad = next(track for track in score_of(sounds)["music"]["tracks"] if track["loop"])
    wave, _ = decode(of(sounds, "music").content)
    _, start, _ = pad["samples"][0]
    held = wave[(start + pad["loop"][0]) * RATE // 1000 : (start + pad["loop"][1]) * RATE // 1000]
    assert seam_ratio(held) <= SEAM_RATIO
    by_ms = held[:: RATE // 1000]
    wrong = sorted(pad["loop"][0] + int(at) for at in (np.argmax(by_ms), np.argmin(by_ms)))

    def cut(score: dict[str, Any]) -> None:
        for track in score["music"]["tracks"]:
            if track["loop"]:
                track["loop"] = wrong

    found = problems(with_score(sounds, cut))
    assert any("held note of the pad clicks" in problem for problem in found)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "oil"}, "style"),
        ({"theme": "moon"}, "theme"),
        ({"tempo": 181}, "tempo"),
        ({"effects": ("roar",)}, "effects"),
        ({"effects": ("jump", "jump")}, "effects"),
        ({"effects": ()}, "effects"),
    ],
)
def test_a_request_nobody_can_play_is_refused_by_name(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refusal:
        compose(dataclasses.replace(ASKED, **change))
    assert refusal.value.field == field
