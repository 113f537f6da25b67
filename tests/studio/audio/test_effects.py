"""Effects: told apart, even in loudness, and there for whatever rules and shell call for."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.production.steps.game_data import SHELL_SOUNDS, sounds_of
from gamefactory_dagster.studio.audio import AudioRequest, compose
from gamefactory_dagster.studio.audio.effects import LOUDNESS, PEAK, RECIPES, key_of, record_all, recorded
from gamefactory_dagster.studio.audio.loudness import loudest
from gamefactory_dagster.studio.audio.synthesis import RATE
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.cues import cues
from tests.studio.conftest import MakeGDD

NEW = {
    "bounce", "ride", "break", "make", "blast", "combo", "near", "goal", "stumble", "flight", "star", "buy",
    "count",
}  # fmt: skip


def test_there_is_a_sound_for_everything_a_player_should_feel() -> None:
    assert set(RECIPES) >= NEW
    assert set(SHELL_SOUNDS) <= set(RECIPES)


def test_effects_are_told_apart_by_their_spectrum_over_time() -> None:
    """No two effects share more than 90 % of their energy in time-frequency bins."""

    def print_of(wave: np.ndarray) -> np.ndarray:
        bins = np.zeros((8, 40))
        half_second = np.pad(wave, (0, max(0, RATE // 2 - len(wave))))[: RATE // 2]
        for i, piece in enumerate(np.array_split(half_second, 8)):
            spectrum = np.abs(np.fft.rfft(piece, 2048)) ** 2
            edges = np.unique(np.geomspace(4, 1024, 41).astype(int))
            bins[i, : len(edges) - 1] = np.add.reduceat(spectrum, edges)[: len(edges) - 1]
        return np.sqrt(bins.ravel() / bins.sum())

    prints = {name: print_of(recorded(name, 261.6)) for name in RECIPES}
    alike = {
        (one, other): float(prints[one] @ prints[other])
        for one, other in itertools.combinations(prints, 2)
        if float(prints[one] @ prints[other]) >= 0.9
    }
    assert alike == {}


def test_what_records_every_effect_leaves_none_to_be_recorded_for_any_theme() -> None:
    record_all()
    known = recorded.cache_info().misses
    waves = [recorded(name, key_of(theme)) for theme in THEMES for name in RECIPES]
    assert recorded.cache_info().misses == known
    assert not any(wave.flags.writeable for wave in waves), "what games share is not to be changed"


@pytest.mark.parametrize("name", RECIPES)
def test_an_effect_is_as_loud_as_it_should_be_beside_the_others(name: str) -> None:
    wave = recorded(name, 261.6)
    wanted = LOUDNESS + RECIPES[name].level
    assert float(np.abs(wave).max()) <= PEAK + 1e-9
    short_of = wanted - loudest(wave)
    assert -0.1 < short_of < 6, "only a very short sound, at its largest sample, may be softer"
    assert abs(wave[0]) < 0.05 and abs(wave[-1]) < 0.01, "it neither begins nor ends with a click"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_game_has_a_sound_for_every_cue_its_rules_list(name: str, make_gdd: MakeGDD) -> None:
    family = FAMILIES[name]
    gdd = make_gdd(family=name, mechanics=family.core)
    assert set(cues(family)) <= set(sounds_of(family, gdd)) <= set(RECIPES)


def test_a_cue_that_nobody_has_made_a_sound_for_is_refused(
    tmp_path: Path, make_gdd: MakeGDD, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = FAMILIES["runner"]
    (tmp_path / "rules.js").write_text('const Rules = { CUES: ["whoosh", "jump"] };')
    cues.cache_clear()
    monkeypatch.setattr(type(family), "folder", tmp_path)
    monkeypatch.setattr(type(family), "rules", ("rules.js",))
    try:
        assert cues(family) == ("whoosh", "jump")
        asked = sounds_of(family, make_gdd())
        with pytest.raises(InputError, match="whoosh"):
            compose(AudioRequest("flat_modern", "reef", "calm", 100, 1, asked))
    finally:
        cues.cache_clear()
