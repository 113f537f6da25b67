"""What a runner's view draws, where, and what it says of it; without a browser, on paper that takes notes."""

import itertools
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from gamefactory_dagster.studio.families.runner.grammar import LESSONS

from .runner_view_support import Drawn, MakeLevel, Painter, named

LOW, TALL, FLY = 0, 1, 2
WORDS = {
    "jump", "land", "step", "gather", "bonus", "near", "hit", "stumble", "bounce", "ride", "break", "clear",
    "make", "blast", "combo", "spawn", "shuffle", "goal", "last", "win", "lose",
}  # fmt: skip
"""What the shell can make felt."""


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    with Painter() as opened:
        yield opened


@pytest.fixture(scope="module")
def flat(flat: MakeLevel) -> MakeLevel:
    """Places and frames counted from the start."""
    return partial(flat, late=0)


def hero(drawn: list[Drawn]) -> Drawn:
    (one,) = named(drawn, "hero")
    return one


def middle(one: Drawn) -> float:
    return float(one[1] + one[3] / 2)


@pytest.mark.parametrize("rate", [60, 120, 144])
@pytest.mark.parametrize("portrait", [False, True])
def test_the_hero_moves_evenly_past_what_it_passes_at_any_rate(
    painter: Painter, flat: MakeLevel, rate: int, portrait: bool
) -> None:
    level = flat(crates=[[400, 48, 48]], length=3000)
    pictures = painter.pictures(level, [[0, 40], [1, 20], [0, 60]], rate, rate, portrait=portrait)
    apart = [middle(hero(drawn)) - named(drawn, "crate")[0][1] for drawn in pictures if named(drawn, "crate")]
    steps = [after - before for before, after in itertools.pairwise(apart)]
    assert len(steps) > rate // 2
    assert max(steps) - min(steps) < 0.01 * max(steps)
    assert min(steps) > 0


@pytest.mark.parametrize("rate", [60, 120, 144])
def test_three_depths_of_the_background_move_each_at_its_own_even_pace(
    painter: Painter, flat: MakeLevel, rate: int
) -> None:
    pictures = painter.pictures(flat(), [[0, 60]], rate, rate // 2)
    paces = set()
    for layer, size in (("far", 960 * 1.08), ("mid", 960 * 0.62), ("mid", 960), ("near", 960 * 1.12)):
        lefts = []
        for drawn in pictures:
            copies = [one for one in named(drawn, layer) if abs(one[3] - size) < 1]
            assert copies[0][1] <= 0, "no gap at the left"
            assert copies[-1][1] + size >= 960, "nor at the right"
            lefts.append(copies[0][1])
        steps = [(before - after) % size for before, after in itertools.pairwise(lefts)]
        assert max(steps) - min(steps) < 0.01 * max(steps), layer
        paces.add(round(steps[0], 6))
    assert len(paces) >= 3


def test_no_cloud_reaches_the_top_from_where_the_sky_of_a_phone_goes_on(
    painter: Painter, flat: MakeLevel
) -> None:
    (drawn,) = painter.pictures(flat(), [], 60, 1, portrait=True)
    first = next(i for i, one in enumerate(drawn) if one[0] == "mid")
    crown = drawn[first - 1]
    assert crown[0] == "far"
    assert crown[1:4] == [0, 0, 960]
    assert 40 < crown[4] < 90


def test_the_hero_is_twice_as_large_as_it_was(painter: Painter, flat: MakeLevel) -> None:
    (drawn,) = painter.pictures(flat(), [], 60, 1)
    assert hero(drawn)[4] >= 2 * 64


@pytest.mark.parametrize("speed", [80, 100, 132])
@pytest.mark.parametrize(("portrait", "wide", "frames"), [(False, 960, 66), (True, 440, 60)])
def test_there_is_time_to_see_what_comes(
    painter: Painter, flat: MakeLevel, speed: int, portrait: bool, wide: int, frames: int
) -> None:
    """1.1 seconds of it; a phone held upright trades a tenth of one for a larger hero."""
    ahead = 28 + speed * frames // 16
    (drawn,) = painter.pictures(flat(speed=speed, items=[[0, ahead, 20]]), [], 60, 1, portrait=portrait)
    (coin,) = named(drawn, "coin")
    assert coin[1] < wide
    assert hero(drawn)[1] > -8, "nor is the hero cut off"


def test_the_legs_run_and_each_move_has_its_picture(painter: Painter, flat: MakeLevel) -> None:
    level = flat(hearts=3, duck=1, hazards=[[LOW, 700, 0, 0]])
    trace = [[0, 40], [1, 8], [0, 40], [2, 10], [0, 160]]
    names = [hero(drawn)[0] for drawn in painter.pictures(level, trace, 60, 200)]
    assert len(set(names[:38])) >= 4, "one frame of the run after the other"
    for wanted in ("hero_jump", "hero_fall", "hero_duck", "hero_hurt"):
        assert any(name.startswith(wanted) for name in names), wanted
    ended = painter.moment(flat(), {"outcome": 1})
    assert hero(ended)[0].startswith("hero_cheer")


def test_it_lands_with_a_squash(painter: Painter, flat: MakeLevel) -> None:
    pictures = painter.pictures(flat(), [[0, 30], [1, 8], [0, 60]], 60, 90)
    high = [hero(drawn)[4] for drawn in pictures]
    assert min(high[40:]) < 0.85 * high[20]


def test_the_camera_keeps_who_is_high_up_in_the_picture(painter: Painter, flat: MakeLevel) -> None:
    for height in (0, 100, 200, 300, 400):
        drawn = painter.moment(flat(), {"y": height * 16, "ground": 0, "vy": 0})
        top, bottom = hero(drawn)[2], hero(drawn)[2] + hero(drawn)[4]
        assert top > 30, height
        assert bottom < 450


def test_coins_shine_before_whatever_lies_behind(painter: Painter, flat: MakeLevel) -> None:
    (drawn,) = painter.pictures(flat(items=[[0, 300, 20], [1, 400, 84]]), [], 60, 1)
    for name in ("coin", "clock"):
        (i,) = [i for i, one in enumerate(drawn) if one[0].startswith(name)]
        shine, thing = drawn[i - 1], drawn[i]
        assert shine[0].startswith("fill"), "drawn just before it"
        assert shine[3] > 1.4 * thing[3]
        assert abs(middle(shine) - middle(thing)) < 1


def test_coins_shine_less_by_night(painter: Painter, flat: MakeLevel) -> None:
    def shine(sky: str) -> float:
        palette = {"sky": sky, "ground": "#508050", "ink": "#102030", "accent": "#e08040"}
        (drawn,) = painter.pictures(flat(items=[[0, 300, 20]]), [], 60, 1, palette=palette)
        (i,) = [i for i, one in enumerate(drawn) if one[0].startswith("coin")]
        assert drawn[i][5] == 1, "the coin itself does not fade"
        return float(drawn[i - 1][5])

    assert shine("#2a1040") < 0.6 < shine("#80c0e0") == 1


def test_the_land_goes_on_below_the_turf_that_hangs_over(painter: Painter, flat: MakeLevel) -> None:
    drawn = painter.moment(flat(gaps=[[200, 200]]), {})
    ends = sorted(named(drawn, "ground_end"), key=lambda one: one[1])
    first, second = sorted(
        (one for one in drawn if one[0].startswith("fill:ground_")), key=lambda one: one[1]
    )
    assert first[1] + first[3] > ends[0][1] + ends[0][3] * 0.5
    assert second[1] < ends[1][1] + ends[1][3] * 0.5


def test_not_every_coin_has_a_word(painter: Painter, flat: MakeLevel) -> None:
    level = flat(length=4000, items=[[0, 200 + 50 * i, 10] for i in range(32)])
    words = [
        one["words"]
        for step in painter.story(level, [[0, 320]])
        for one in step["happened"]
        if "words" in one
    ]
    assert words == ["5 in a row!", "10 in a row!", "20 in a row!", "30 in a row!"]


def test_gaps_have_walls_and_a_bottom_and_the_ground_ends_at_their_edges(
    painter: Painter, flat: MakeLevel
) -> None:
    (drawn,) = painter.pictures(flat(gaps=[[200, 100]]), [], 60, 1)
    assert [one[0] for one in drawn].count("ground_end_0") == 2
    (wall,), (deep,) = named(drawn, "fill:pit"), named(drawn, "fill:deep")
    left, right = named(drawn, "fill:ground_0")
    assert left[1] + left[3] < wall[1] + wall[3] < right[1] + right[3]
    assert deep[2] > wall[2]
    assert not named(drawn, "fill:#000")


def test_what_stands_in_a_row_is_not_all_alike(painter: Painter, flat: MakeLevel) -> None:
    column = [[FLY, 300, 40 + 40 * i, 0] for i in range(4)]
    (drawn,) = painter.pictures(flat(hazards=column), [], 60, 1)
    pictures = {re.sub(r"_\d$", "", one[0]) for one in named(drawn, "hazard_fly")}
    assert len(pictures) == 3
    chosen = painter.moment(flat(hazards=[[LOW, 300, 0, 0, 2]]), {})
    assert named(chosen, "hazard_low")[0][0] == "hazard_low_c_0"


def test_under_reduced_motion_nothing_moves_but_the_game(painter: Painter, flat: MakeLevel) -> None:
    level = flat(speed=130, length=4000, items=[[0, 500, 20]])
    pictures = painter.pictures(level, [[0, 60]], 60, 60, still=True)
    for layer in ("far", "mid", "near"):
        assert len({tuple(map(tuple, named(drawn, layer))) for drawn in pictures}) == 1
    assert not any(
        named(drawn, "life") or named(drawn, "fill:#fff") or named(drawn, "disc") for drawn in pictures
    )
    moving = painter.pictures(level, [[0, 60]], 60, 60)
    assert any(named(drawn, "life") for drawn in moving)
    assert any(named(drawn, "fill:#fff") for drawn in moving), "streaks, as it goes fast"
    assert any(named(drawn, "disc") for drawn in moving), "dust"


def test_what_is_felt_are_words_of_the_shell_at_places_in_the_picture(
    painter: Painter, flat: MakeLevel
) -> None:
    level = flat(hearts=3, length=1500, items=[[0, 80, 14]], hazards=[[LOW, 600, 0, 0]])
    steps = painter.story(level, [[0, 20], [1, 5], [0, 240]])
    felt = [one for step in steps for one in step["happened"]]
    assert {"jump", "land", "gather", "last", "win"} <= {one["what"] for one in felt}
    assert {"hit", "stumble"} & {one["what"] for one in felt}
    for one in felt:
        assert one["what"] in WORDS
        assert 0 <= one["x"] <= 960
        assert 0 <= one["y"] <= 540
    gathered = next(one for one in felt if one["what"] == "gather")
    assert (gathered["to"], gathered["picture"]) == ("pickups", "coin")


def test_what_is_new_in_a_state_is_felt_too(painter: Painter, flat: MakeLevel) -> None:
    box = flat(breakables=[[60, 0]])
    assert len(named(painter.moment(box, {"broken": [0]}), "breakable_0")) == 4
    assert len(named(painter.moment(box, {"broken": []}), "breakable_0")) == 1


def test_a_lesson_comes_when_it_is_needed_and_goes_once_it_is_done(painter: Painter, flat: MakeLevel) -> None:
    level = flat(teaches=["jump"], hazards=[[LOW, 700, 0, 0], [LOW, 1400, 0, 0]])
    steps = painter.story(level, [[0, 100], [1, 6], [0, 150]])
    shown = [step["t"] for step in steps if step["lesson"]]
    assert shown
    assert min(shown) > 60, "not before there is anything to jump"
    assert max(shown) <= 102, "and no more once the player has jumped"
    lesson = steps[shown[0] - 1]["lesson"]
    assert (lesson["how"], lesson["keys"], lesson["words"]) == ("tap", ["Space"], "Jump!")
    assert 0 <= lesson["x"] <= 960
    assert not any(step["lesson"] for step in painter.story(flat(hazards=[[LOW, 700, 0, 0]]), [[0, 110]]))


TAUGHT: dict[str, dict[str, Any]] = {
    "jump": {"gaps": [[700, 60]]},
    "hold": {"hold": 1, "hazards": [[TALL, 700, 0, 0]]},
    "duck": {"duck": 1, "hazards": [[FLY, 700, 40, 0]]},
    "crates": {"crates": [[700, 96, 48]]},
    "rollers": {"hazards": [[LOW, 700, 0, 32]]},
    "coins": {"need": 1, "items": [[0, 700, 100], [0, 744, 140]]},
    "clock": {"clock": 900, "items": [[1, 700, 84]]},
    "climb": {"ledges": [[700, 200, 90]]},
    "break": {"breakables": [[700, 0]]},
    "bounce": {"springs": [[700, 0]]},
    "ride": {"rides": [[700, 120, 60, 0, 0, 120]]},
}
"""A lesson, and what it is about."""


def test_whatever_a_level_can_teach_is_shown_or_said(painter: Painter, flat: MakeLevel) -> None:
    assert {*LESSONS.values(), "jump"} == {*TAUGHT}
    for lesson, about in TAUGHT.items():
        steps = painter.story(flat(teaches=[lesson], **about), [[0, 115]])
        shown = {step["lesson"]["words"] for step in steps if step["lesson"]}
        said = {one["words"] for step in steps for one in step["happened"] if one["what"] == "step"}
        assert len(shown | said) == 1, lesson
        silent = painter.story(flat(**about), [[0, 115]])
        assert not any(step["lesson"] for step in silent), lesson


def test_coins_that_a_run_gathers_by_itself_need_no_lesson(painter: Painter, flat: MakeLevel) -> None:
    steps = painter.story(flat(teaches=["coins"], items=[[0, 700, 14], [0, 744, 40]]), [[0, 115]])
    assert not any(step["lesson"] for step in steps)


def test_holding_is_not_learned_by_a_tap(painter: Painter, flat: MakeLevel) -> None:
    level = flat(teaches=["hold"], hold=1, gaps=[[700, 190]])
    taps, holds = (
        [step["t"] for step in painter.story(level, [[0, 101], [1, frames], [0, 20]]) if step["lesson"]]
        for frames in (2, 12)
    )
    assert max(taps) > 104
    assert max(holds) <= 106


def test_where_nothing_is_to_be_pressed_a_word_is_enough(painter: Painter, flat: MakeLevel) -> None:
    steps = painter.story(flat(teaches=["bounce"], springs=[[700, 0]]), [[0, 100]])
    words = [one["words"] for step in steps for one in step["happened"] if one.get("words")]
    assert words == ["Run onto it!"]
    assert not any(step["lesson"] for step in steps)


def test_ducking_is_taught_where_touching_ducks(painter: Painter, flat: MakeLevel) -> None:
    level = flat(teaches=["duck"], duck=1, hazards=[[FLY, 700, 40, 0]])
    for portrait, split in ((False, 400), (True, 220)):
        steps = painter.story(level, [[0, 112]], portrait=portrait)
        (lesson, *_) = [step["lesson"] for step in steps if step["lesson"]]
        assert (lesson["how"], lesson["words"]) == ("hold", "Duck!")
        assert lesson["x"] < split


def test_what_happens_is_told_in_sentences(painter: Painter, flat: MakeLevel) -> None:
    level = flat(need=2, gaps=[[700, 60]], items=[[0, 300, 14], [0, 500, 14]])
    told = [step["told"] for step in painter.story(level, [[0, 108], [1, 8], [0, 184]]) if step["told"]]
    text = " ".join(told)
    for words in (
        "Gap ahead: jump.",
        "Coin, 1 of 2.",
        "Coin, 2 of 2.",
        "Jumped it.",
        "The flag! You made it.",
    ):
        assert words in text
    hit = " ".join(
        step["told"] for step in painter.story(flat(hearts=3, hazards=[[LOW, 900, 0, 0]]), [[0, 290]])
    )
    assert "Obstacle ahead: jump." in hit
    assert re.search(r"Hit, two hearts left\.|Stumbled, no harm done\.", hit)
