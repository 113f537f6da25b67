"""The mechanics library against document 001 and the families' genres."""

from typing import get_args
from urllib.parse import urlsplit

import pytest

from gamefactory_dagster.studio.design.gdd import Genre
from gamefactory_dagster.studio.design.library import MECHANICS, PRESENTATION, InputModel, mechanic
from gamefactory_dagster.studio.families import FAMILIES, genres

TWENTY = {
    "tap_jump", "lane_switch", "drag_aim", "tile_swap", "joystick_control", "physics_gravity",
    "collision_detection", "particle_effects", "sprite_animation", "camera_follow", "tilt_control",
    "multi_touch", "path_following", "text_input", "card_flip", "timer_countdown", "parallax_scrolling",
    "spawner", "score_system", "health_system",
}  # fmt: skip


def tagged(genre):
    return {entry.name for entry in MECHANICS if genre in entry.genre_tags}


def test_it_holds_the_twenty_mechanics_once_each():
    assert len(MECHANICS) == 20
    assert {entry.name for entry in MECHANICS} == TWENTY


@pytest.mark.parametrize("genre", genres())
def test_a_genres_tags_name_exactly_what_its_families_realise(genre):
    realised = [family.mechanics for family in FAMILIES.values() if family.genre == genre]
    assert tagged(genre) == set().union(*realised)


def test_every_genre_has_enough_mechanics_to_choose_from():
    for genre in get_args(Genre):
        assert len(tagged(genre)) >= 5, genre


def test_every_row_fits_the_table():
    for entry in MECHANICS:
        assert entry.input_model in get_args(InputModel)
        assert 1 <= entry.complexity <= 5
        assert set(entry.genre_tags) <= set(get_args(Genre))
        assert len(set(entry.genre_tags)) == len(entry.genre_tags)
        assert len(entry.source_url) <= 500
        assert entry.description.endswith(".")


def test_sources_are_files_of_the_flame_examples_over_https():
    for entry in MECHANICS:
        url = urlsplit(entry.source_url)
        assert (url.scheme, url.netloc) == ("https", "github.com")
        assert url.path.startswith("/flame-engine/flame/blob/v1.38.0/examples/")
        assert url.path.endswith(".dart")


def test_four_of_them_only_change_what_is_seen():
    seen = {"particle_effects", "sprite_animation", "parallax_scrolling", "camera_follow"}
    assert seen == PRESENTATION == {entry.name for entry in MECHANICS if entry.presentation}


def test_a_mechanic_is_found_by_name():
    assert mechanic("card_flip").input_model == "tap"
    assert {mechanic(name).name for name in TWENTY} == TWENTY
