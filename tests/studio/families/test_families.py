"""What every family promises the rooms it is used by, whichever families there are."""

from typing import Any

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.art.catalogue import plan
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.audio.effects import RECIPES
from gamefactory_dagster.studio.design.library import MECHANICS
from gamefactory_dagster.studio.families import FAMILIES, family_for, genres


def test_families_are_found_by_genre() -> None:
    for genre in genres():
        assert family_for(genre).genre == genre
    with pytest.raises(InputError, match="runner"):
        family_for("chess")


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_called_like_its_folder_and_realises_mechanics_of_the_library(name: str) -> None:
    family = FAMILIES[name]
    assert family.name == name == family.folder.name
    assert set(family.core) <= set(family.mechanics) <= {mechanic.name for mechanic in MECHANICS}


@pytest.mark.parametrize("name", FAMILIES)
def test_icon_and_splash_show_what_every_game_has(name: str, make_gdd: Any) -> None:
    request = FAMILIES[name].art(make_gdd(mechanics=FAMILIES[name].core))
    asked = {sprite.name for sprite in request.sprites}
    assert request.icon and request.splash
    assert {placed.sprite for placed in request.icon + request.splash} <= asked


@pytest.mark.parametrize("theme", THEME_ART)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_picture_and_sound_asked_for_is_known(name: str, theme: str, make_gdd: Any) -> None:
    family = FAMILIES[name]
    guide = {"style": "low_poly", "theme": theme, "hue": 1, "mood": "calm", "tempo": 100}
    for mechanic in family.mechanics:
        names = tuple(dict.fromkeys((*family.core, mechanic)))
        gdd = make_gdd(family=name, mechanics=names, style_guide=guide)
        for sprite in family.sprites(gdd):
            assert plan(sprite, THEME_ART[theme]).parts
        assert set(family.sounds(gdd)) <= set(RECIPES)
