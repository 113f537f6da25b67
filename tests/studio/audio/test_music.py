"""The music: phrases with an answer, chords that fit, two versions, loudness as it is heard."""

import random

import numpy as np
import pytest

from gamefactory_dagster.studio.audio import ensemble
from gamefactory_dagster.studio.audio.bands import BANDS, KEYS, MIX, PLUCKED
from gamefactory_dagster.studio.audio.drums import DRUMS, KITS
from gamefactory_dagster.studio.audio.ensemble import instruments
from gamefactory_dagster.studio.audio.grooves import GROOVES
from gamefactory_dagster.studio.audio.harmony import MOODS, Ground, chords, voicing
from gamefactory_dagster.studio.audio.loudness import integrated
from gamefactory_dagster.studio.audio.melody import tune
from gamefactory_dagster.studio.audio.music import BARS, PART_BARS, compose_music
from gamefactory_dagster.studio.audio.notation import BAR, Bar, hits, warped
from gamefactory_dagster.studio.audio.synthesis import RATE
from gamefactory_dagster.studio.audio.voices import BASSES, LEADS, PADS, PLUCKS
from gamefactory_dagster.studio.design.gdd import STYLES
from gamefactory_dagster.studio.design.words import THEMES

SEEDS = range(40)


def test_every_style_has_a_band_and_every_theme_a_key_and_a_sound_of_its_own() -> None:
    assert set(BANDS) == set(STYLES)
    assert set(KEYS) == set(PLUCKED) == set(THEMES)
    for band in BANDS.values():
        assert set(band.leads) <= set(LEADS)
        assert band.pad in PADS and band.bass in BASSES and band.kit in KITS
        assert set(band.grooves) <= set(GROOVES)
    assert set(PLUCKED.values()) <= set(PLUCKS)
    assert all(set(kit) == set(DRUMS) for kit in KITS.values())


@pytest.mark.parametrize("mood", MOODS)
def test_every_progression_has_a_chord_for_each_bar_and_tones_of_the_key(mood: str) -> None:
    scale = set(MOODS[mood].scale)
    for progression in (*MOODS[mood].verses, *MOODS[mood].choruses, *MOODS[mood].bridges):
        row = chords(progression)
        assert len(row) == PART_BARS
        foreign = sum((chord.root + tone) % 12 not in scale for chord in row for tone in chord.tones)
        assert foreign <= 8, f"{progression} has left its key"


@pytest.mark.parametrize("mood", MOODS)
def test_a_tune_asks_answers_and_comes_home(mood: str) -> None:
    for seed in SEEDS:
        rng = random.Random(seed)
        row = chords(rng.choice(MOODS[mood].verses))
        ground = Ground(62, MOODS[mood].scale, 64, 79)
        bars = tune(rng, row, ground, rng.choice(("easy", "lively")))
        rhythm = [[(tick, length) for tick, _, length, _ in bar] for bar in bars]
        assert rhythm[0] == rhythm[2] == rhythm[4], "the motif comes back"
        key = ground.key % 12
        assert bars[3][-1][1] % 12 != key, "the question stays open"
        home = {(62 + row[7].root + tone) % 12 for tone in row[7].tones}
        if key in home:
            assert bars[7][-1][1] % 12 == key, "the answer comes home"
        for bar, chord in zip(bars, row, strict=True):
            fits = {(62 + chord.root + tone) % 12 for tone in chord.tones}
            for tick, pitch, length, _ in bar:
                assert ground.low <= pitch <= ground.high
                assert tick + length <= BAR
                if tick % 48 == 0 or length >= 22:
                    assert pitch % 12 in fits, (seed, bar)
        steps = [abs(b - a) for bar in bars for a, b in zip(_pitches(bar), _pitches(bar)[1:], strict=False)]
        assert np.mean([step <= 4 for step in steps]) > 0.6, "it moves by step, mostly"


def _pitches(bar: Bar) -> list[int]:
    return [pitch for _, pitch, _, _ in bar]


def test_chords_move_as_little_as_they_can() -> None:
    notes: tuple[int, ...] = ()
    for chord in chords("I V vi IV ii V I I"):
        after = voicing(chord, 60, notes)
        assert all(48 <= note <= 76 for note in after)
        if notes:
            assert sum(min(abs(a - b) for b in notes) for a in after) <= 6
        notes = after


def test_parts_differ_and_the_chorus_has_most_in_it() -> None:
    for seed in range(6):
        piece = compose_music("flat_modern", "city", "energetic", 120, random.Random(seed))
        tracks = {track.role: track.bars for track in piece.tracks}
        assert all(len(bars) == BARS for bars in tracks.values())
        assert set(tracks) == set(MIX)
        notes = [
            sum(len(bars[bar]) for bars in tracks.values() for bar in range(at, at + PART_BARS))
            for at in range(0, BARS, PART_BARS)
        ]
        verse, fuller, chorus, otherwise, bridge, last = notes
        assert bridge < verse < fuller and verse < chorus and chorus == last
        assert tracks["lead"][0:8] == tracks["lead"][8:16] != tracks["lead"][16:24]
        assert tracks["snare"][7] != tracks["snare"][6], "a fill leads on"
        assert otherwise != fuller


def test_swing_is_late_off_the_beat_and_nowhere_else() -> None:
    straight = hits("x.x.x.x.")
    assert [note[0] for note in warped(straight, 4)] == [note[0] for note in straight]
    eighths = tuple((tick, 60, 10, 80) for tick in range(0, BAR, 12))
    assert [note[0] for note in warped(eighths, 4)] == [0, 16, 24, 40, 48, 64, 72, 88]


def test_instruments_are_in_tune_and_stay_so_when_held() -> None:
    """The strongest frequency near a note's own is the note's own, within 12 cents."""
    every = {**{n: (v, 66) for n, v in LEADS.items()}, **{n: (v, 62) for n, v in PLUCKS.items()},
             **{n: (v, 60) for n, v in PADS.items()}, **{n: (v, 40) for n, v in BASSES.items()}}  # fmt: skip
    for name, (voice, pitch) in every.items():
        frequency = 440 * 2 ** ((pitch - 69) / 12)
        wave = voice.make(frequency, max(voice.length, 0.5))
        spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 1 << 19))
        hertz = np.fft.rfftfreq(1 << 19, 1 / RATE)
        near = (hertz > frequency * 0.94) & (hertz < frequency * 1.06)
        found = float((hertz[near] * spectrum[near] ** 2).sum() / (spectrum[near] ** 2).sum())
        assert abs(1200 * np.log2(found / frequency)) < 12, name


def test_instruments_are_equally_loud_before_they_are_mixed() -> None:
    piece = compose_music("watercolor", "garden", "calm", 90, random.Random(2))
    for role, player in instruments(piece).items():
        for root, wave in player.notes:
            assert float(np.abs(wave).max()) <= 0.81, role
            assert player.gain > 0 and root >= 0


def test_loudness_is_measured_as_the_recommendation_says() -> None:
    """A sine of 997 Hz at -18 dBFS is -21.0 LUFS loud in one channel: the recommendation's own check."""
    time = np.arange(RATE * 3) / RATE
    sine = 10 ** (-18 / 20) * np.sin(2 * np.pi * 997 * time)
    assert integrated(sine) == pytest.approx(-21.0, abs=0.1)
    assert integrated(np.concatenate([sine, np.zeros(RATE * 20)])) == pytest.approx(-21.0, abs=0.3)
    low = 10 ** (-18 / 20) * np.sin(2 * np.pi * 40 * time)
    assert integrated(low) < -24


def test_what_records_every_instrument_leaves_none_to_be_recorded_for_any_piece() -> None:
    ensemble.record_all()
    recorded = [known.cache_info().misses for known in (ensemble._tuned, ensemble._drum)]
    for style in STYLES:
        for seed, theme in enumerate(THEMES):
            instruments(compose_music(style, theme, "calm", 100, random.Random(seed)))
    assert [known.cache_info().misses for known in (ensemble._tuned, ensemble._drum)] == recorded
