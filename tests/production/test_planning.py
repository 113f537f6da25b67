import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.production.planning import check_order, derive_seed, plan_games
from gamefactory_dagster.studio.families import genres

LIMIT = 1000


def order(name="batch", count=10, mix=None, constraints=None):
    return check_order(name, count, mix, constraints, LIMIT)


@pytest.mark.parametrize("count", [0, -1, 10**9, LIMIT + 1, True, 2.5, "10", None])
def test_a_count_out_of_range_is_refused(count) -> None:
    with pytest.raises(InputError, match=r"game_count: .* from 1 to 1000"):
        order(count=count)


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "x" * 10_000, "nul\x00", "tab\t", None, 7, "\ud800"])
def test_a_name_that_cannot_be_kept_is_refused(name) -> None:
    with pytest.raises(InputError, match="name"):
        order(name=name)


@pytest.mark.parametrize("name", ["O'Brien's \"best\"", "emoji 🎮", "x" * 255, "'; DROP TABLE games; --"])
def test_odd_but_good_names_are_kept_as_they_are(name) -> None:
    assert order(name=name).name == name


@pytest.mark.parametrize("constraints", [[], "styles", 7, True])
def test_constraints_that_are_no_object_are_refused(constraints) -> None:
    with pytest.raises(InputError, match="constraints"):
        order(constraints=constraints)


def test_an_unknown_genre_is_refused_naming_those_that_have_a_family() -> None:
    with pytest.raises(InputError, match=", ".join(genres())):
        order(mix=[{"genre": "chess", "count": 10}])


def test_a_core_mechanic_cannot_be_excluded() -> None:
    with pytest.raises(InputError, match="tap_jump"):
        order(mix=["runner"], constraints={"mechanics_excluded": ["tap_jump"]})


def test_a_required_mechanic_some_family_must_realise() -> None:
    assert order(mix=["runner", "puzzle"], constraints={"mechanics_required": ["card_flip"]})
    with pytest.raises(InputError, match="card_flip"):
        order(mix=["runner"], constraints={"mechanics_required": ["card_flip"]})


@pytest.mark.parametrize(
    "mix",
    [
        [{"genre": "runner", "count": 6}, {"genre": "puzzle", "count": 5}],
        [{"genre": "runner", "count": 10}, {"genre": "runner", "count": 0}],
        [{"genre": "runner", "count": -1}, {"genre": "puzzle", "count": 11}],
        [{"genre": "runner", "count": 10, "more": 1}],
        [{"genre": "runner"}, {"genre": "puzzle", "count": 10}],
        [7],
        "runner",
        7,
    ],
)
def test_a_mix_that_does_not_add_up_is_refused(mix) -> None:
    with pytest.raises(InputError):
        order(mix=mix)


@pytest.mark.parametrize(
    "mix", [{"runner": 6, "puzzle": 4}, [{"genre": "runner", "count": 6}, {"genre": "puzzle", "count": 4}]]
)
def test_both_ways_to_write_a_mix_mean_the_same(mix) -> None:
    assert dict(order(mix=mix).mix) == {"runner": 6, "puzzle": 4}


@given(count=st.integers(1, 60), seed=st.integers(0, 2**53 - 1))
def test_a_plan_has_the_asked_games_each_with_its_own_slug(count, seed) -> None:
    asked = order(count=count)
    games = plan_games(asked, seed)
    assert [game.position for game in games] == list(range(1, count + 1))
    assert len({game.slug for game in games}) == count
    assert len({game.seed for game in games}) == count
    assert len({game.wishes.subjects[0].subject for game in games}) == count, "each its own hero"
    for genre, number in asked.mix:
        assert sum(game.genre == genre for game in games) == number
    assert plan_games(asked, seed) == games


@given(seed=st.integers(0, 2**53 - 1))
def test_games_of_one_batch_look_as_different_as_they_can(seed) -> None:
    games = plan_games(order(count=10), seed)
    assert len({game.theme for game in games}) == 10
    assert len({(game.theme, game.style) for game in games}) == 10


@given(seed=st.integers(0, 2**53 - 1))
def test_taken_slugs_are_avoided(seed) -> None:
    first = {game.slug for game in plan_games(order(), seed)}
    again = {game.slug for game in plan_games(order(), seed, first)}
    assert not first & again


def test_constraints_narrow_the_plan() -> None:
    games = plan_games(order(constraints={"styles": ["pixel_retro"], "themes": ["reef", "space"]}), 1)
    assert {game.style for game in games} == {"pixel_retro"}
    assert {game.theme for game in games} == {"reef", "space"}


def test_seeds_fit_javascript_and_depend_on_every_part() -> None:
    seeds = {derive_seed(a, b) for a in range(50) for b in range(50)}
    assert len(seeds) == 2500
    assert all(0 <= seed < 2**53 for seed in seeds)
