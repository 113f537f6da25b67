"""One game planned from wishes: as it was said, and what is open by the seed."""

from typing import Any, get_args

import pytest

from gamefactory_dagster.production.planning import PlannedGame, plan_request
from gamefactory_dagster.studio.design.gdd import Genre
from gamefactory_dagster.studio.design.wishes import Wishes
from gamefactory_dagster.studio.families import genres
from gamefactory_dagster.studio.reading import read


def wished(text: str, seed: int = 5, **more: Any) -> PlannedGame:
    return plan_request(read(text).wishes, seed, **more)


def test_a_wish_is_planned_as_it_is_said() -> None:
    game = wished("a hard neon puzzle about lemons in a volcano")
    assert (game.genre, game.theme, game.style) == ("puzzle", "volcano", "neon_futuristic")
    assert game.wishes.difficulty == "hard"
    assert "Lemon" in game.name
    assert game == wished("a hard neon puzzle about lemons in a volcano")
    assert game != wished("a hard neon puzzle about lemons in a volcano", seed=6)


@pytest.mark.parametrize("genre", get_args(Genre))
def test_a_genre_nobody_makes_becomes_the_nearest_that_stands(genre: Genre) -> None:
    becomes = plan_request(Wishes(genre=genre), 1).genre
    assert becomes == {"puzzle": "puzzle", "casual": "puzzle"}.get(genre, "runner")


def test_the_genre_of_an_open_wish_fits_it_or_was_not_used_of_late() -> None:
    for seed in range(20):
        assert wished("cards to flip", seed).genre == "puzzle"
        assert wished("a fox jumps over scorpions", seed).genre == "runner"
        assert wished("a fox, no jumping", seed).genre == "puzzle"
        assert plan_request(Wishes(), seed, recent_genres=["runner", "runner"]).genre == "puzzle"
    assert {plan_request(Wishes(), seed).genre for seed in range(20)} == set(genres())
    assert plan_request(Wishes(genre="runner"), 1, recent_genres=["runner"]).genre == "runner"


def test_the_theme_of_an_open_wish_is_where_its_subjects_are_at_home() -> None:
    assert {wished("igloos and penguins", seed).theme for seed in range(20)} == {"arctic"}
    assert len({wished("something", seed).theme for seed in range(60)}) > 8
    unwanted = [wished("nothing in space, no castle, no pixel art", seed) for seed in range(60)]
    assert not {"space", "castle"} & {game.theme for game in unwanted}
    assert "pixel_retro" not in {game.style for game in unwanted}


def test_a_title_is_not_like_one_there_is() -> None:
    taken: list[str] = []
    for seed in range(40):
        taken.append(wished("a calm game about lighthouses", seed, taken_slugs=taken).slug)
    assert len(set(taken)) == 40
