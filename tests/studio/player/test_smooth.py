"""What moves moves evenly, at any rate of pictures and over every start, stop and end."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.studio.player.pages import button
from tests.studio.player.walks import Walk, level, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser

A_SECOND = 300
"""Pixels the walker walks in a second."""


def drawn(page: Page, hertz: int, count: int, rounded: float = 0) -> list[float]:
    """The positions of the walker in the next pictures."""
    return page.evaluate(
        """([hertz, count, rounded]) => {
          const { asked } = Play.view();
          const from = asked.length;
          pictures(hertz, count, rounded);
          return asked.slice(from).map(([x]) => x);
        }""",
        [hertz, count, rounded],
    )


def distances(positions: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(positions)]


@pytest.mark.parametrize("rounded", [0, 0.1, 1])
@pytest.mark.parametrize("hertz", [60, 120, 144])
def test_the_distance_from_picture_to_picture_is_even(walk: Walk, hertz: int, rounded: float) -> None:
    page = walk(level(length=3000), live=True)
    drawn(page, hertz, 2 * hertz, rounded)
    walked = distances(drawn(page, hertz, 2 * hertz, rounded))
    usual = A_SECOND / hertz
    assert (max(walked) - min(walked)) / usual < 0.05
    assert sum(walked) / len(walked) == pytest.approx(usual, rel=0.03), "and it is as fast as it should be"


def test_the_first_picture_of_a_level_is_its_start_and_goes_on_from_there(walk: Walk) -> None:
    page = walk(level(), live=True)
    first = page.evaluate("Play.view().asked[0][0]")
    positions = [first, *drawn(page, 144, 30)]
    assert first == 0
    assert all(0 <= one <= A_SECOND / 144 * 1.05 for one in distances(positions))


def test_time_for_pictures_never_jumps(walk: Walk) -> None:
    page = walk(level(length=60), live=True)
    times = page.evaluate("(pictures(144, 300), Play.view().asked.map(([, time]) => time))")
    assert all(0 <= one < 60 / 144 * 1.06 for one in distances(times))
    assert max(times) > 120, "it goes on after the end"


def test_a_pause_leaves_everything_where_it_was(walk: Walk) -> None:
    page = walk(level(), live=True)
    before = drawn(page, 144, 41)
    page.keyboard.press("Escape")
    assert drawn(page, 144, 100) == []
    button(page, "Resume").click()
    after = drawn(page, 144, 3)
    assert after[0] - before[-1] == pytest.approx(A_SECOND / 144, rel=0.05)


@pytest.mark.parametrize("hertz", [60, 144])
def test_a_hit_stops_for_three_frames_and_goes_on_from_there(walk: Walk, hertz: int) -> None:
    page = walk(level(happens={"60": ["hit"]}), live=True)
    drawn(page, hertz, 10)
    walked = distances(drawn(page, hertz, 2 * hertz))
    usual = A_SECOND / hertz
    assert all(-1e-6 <= one <= usual * 1.02 for one in walked)
    lost = len(walked) / hertz - sum(walked) / A_SECOND
    assert lost == pytest.approx(3 / 60, abs=0.004)


def test_the_last_move_goes_slowly_and_arrives(walk: Walk) -> None:
    page = walk(level(length=120, happens={"90": ["last"]}), live=True)
    walked = distances(drawn(page, 120, 480))
    usual = A_SECOND / 120
    assert all(-1e-6 <= one <= usual * 1.02 for one in walked)
    assert min(one for one in walked[178:200]) < usual * 0.5
    assert page.evaluate("Play.view().asked.at(-1)[0]") == 600


HAPPENS = {"20": ["hit"], "50": ["blast"], "80": ["gather", {"to": "pickups"}], "100": ["last"]}


def test_real_play_ends_in_the_state_of_driven_play(walk: Walk) -> None:
    one = level(length=120, happens=HAPPENS)
    real, driven = walk(one, live=True), walk(one)
    driven.evaluate("gamefactory.advance(1000)")
    real.evaluate("pictures(144, 700)")
    state = "[Core.hash(Play.state()), Play.frame()]"
    assert real.evaluate(state) == driven.evaluate(state)


def test_driven_play_neither_stops_nor_slows_nor_shakes(walk: Walk) -> None:
    page = walk(level(happens={"20": ["hit"], "21": ["last"], "22": ["blast", {"many": 3}]}))
    assert page.evaluate("gamefactory.advance(23).frame") == 23
    assert page.evaluate("[Feel.aside(Play.frame() + 0.7), Feel.pace(16)]") == [[0, 0], 1]


def test_a_shake_rests_soon(walk: Walk) -> None:
    page = walk(level(happens={"20": ["hit"]}), live=True)
    page.evaluate("pictures(60, 24)")
    shaken = "Math.hypot(...Feel.aside(Play.frame() + 0.7))"
    assert page.evaluate(shaken) > 1
    page.evaluate("pictures(60, 24)")
    assert page.evaluate(shaken) == 0


def test_under_reduced_motion_nothing_stops_slows_or_shakes(walk: Walk) -> None:
    page = walk(level(happens={"20": ["hit"], "21": ["last"]}), live=True, reduced_motion="reduce")
    walked = distances(drawn(page, 60, 60))
    assert min(walked) == pytest.approx(5, rel=0.02)
    assert page.evaluate("Feel.aside(21.5)") == [0, 0]
