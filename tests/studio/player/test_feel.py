"""What a view says happened is felt: sparks, words, flights, celebration; bounded, and quiet where asked."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.studio.player.walks import Walk, level, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser

CONTRACT = (
    "jump land step gather bonus near hit stumble bounce ride break clear make blast combo spawn shuffle "
    "goal last win lose"
)
WATCH = """() => {
  window.written = [];
  const { prototype } = CanvasRenderingContext2D;
  const plain = prototype.fillText;
  prototype.fillText = function (text, x, y) {
    const to = this.getTransform(), size = Number(/(\\d+)px/.exec(this.font)[1]) * to.d;
    if (this.canvas.id !== "above") written.push({ text, size, x: to.a * x + to.e, y: to.d * y + to.f });
    return plain.call(this, text, x, y);
  };
}"""
SPARKS = "Sparks.settle(Play.frame())"


def written(page: Page, frames: int = 1) -> list[dict[str, Any]]:
    """The words of the last picture after so many more steps, with their size and place on the canvas."""
    page.evaluate("n => { gamefactory.advance(n - 1); written.length = 0; gamefactory.advance(1); }", frames)
    return page.evaluate("written")


def test_every_word_of_the_contract_is_known_and_no_other(walk: Walk) -> None:
    assert sorted(walk().evaluate("Object.keys(Feel.WORDS)")) == sorted(CONTRACT.split())


def test_a_word_that_nobody_knows_is_an_error_that_checks_see(walk: Walk) -> None:
    page = walk(level(happens={"5": ["explode"]}))
    with pytest.raises(Error, match="a level tells of what nobody knows: explode"):
        page.evaluate("gamefactory.advance(10)")


def test_what_happens_throws_sparks_which_are_soon_over(walk: Walk) -> None:
    words = [word for word in CONTRACT.split() if word not in ("combo", "shuffle", "last")]
    page = walk(level(length=3000, happens={str(100 * i + 50): [what] for i, what in enumerate(words)}))
    page.evaluate("gamefactory.advance(49)")
    for what in words:
        assert page.evaluate(SPARKS) == 0, what
        page.evaluate("gamefactory.advance(2)")
        assert page.evaluate(SPARKS) > 0, what
        page.evaluate("gamefactory.advance(98)")


def test_much_at_once_is_bounded(walk: Walk) -> None:
    page = walk(
        level(happens={str(frame): ["blast", {"many": 3, "words": "Boom!"}] for frame in range(2, 90)})
    )
    page.evaluate("gamefactory.advance(90)")
    assert 100 < page.evaluate(SPARKS) <= 220
    assert page.evaluate("Cries.settle(Play.frame())") <= 6


def test_a_level_looks_the_same_twice(walk: Walk) -> None:
    one = level(happens={"20": ["blast"], "25": ["gather", {"words": "+5"}]})
    drawn = "(gamefactory.advance(30), document.querySelector('canvas').toDataURL())"
    assert walk(one).evaluate(drawn) == walk(one).evaluate(drawn)


def test_what_is_gathered_flies_to_its_counter_which_then_is_bumped(walk: Walk) -> None:
    page = walk(level(happens={"10": ["gather", {"to": "pickups"}]}), live=True)
    bumped = (
        """() => document.getAnimations().filter((one) => one.effect.target.matches(".pickups")).length"""
    )
    assert page.evaluate(f"(pictures(60, 14), ({bumped})())") == 0
    assert page.locator("#hud .pickups b").text_content() == "1/3"
    assert page.evaluate(f"(pictures(60, 40), ({bumped})())") == 1


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_a_flight_ends_where_the_counter_is(walk: Walk, size: tuple[int, int]) -> None:
    page = walk(level(), width=size[0], height=size[1])
    box = page.locator("#hud .pickups").bounding_box()
    end = page.evaluate(
        """() => {
          const { x, y } = Hud.place("pickups"), to = Stage.toLogical(x, y);
          const [left, top] = Flights.place({ from: [400, 300], to }, Flights.LIFE);
          return Stage.toClient(left, top);
        }"""
    )
    assert box is not None
    assert box["x"] <= end["x"] <= box["x"] + box["width"]
    assert box["y"] <= end["y"] <= box["y"] + box["height"]


def apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    wide = (len(one["text"]) * one["size"] + len(other["text"]) * other["size"]) * 0.25
    return abs(one["x"] - other["x"]) >= wide or abs(one["y"] - other["y"]) >= min(one["size"], other["size"])


def test_a_long_word_leaves_the_picture_in_sight_and_can_still_be_read(walk: Walk) -> None:
    shown = {"words": "Unbelievable! +1200", "many": 3, "x": 480, "y": 300}
    for width, height, broadest in ((1280, 720, 0.64), (320, 568, 1)):
        page = walk(level(happens={"12": ["combo", shown]}), width=width, height=height)
        page.evaluate(WATCH)
        (one,) = written(page, 40)
        assert one["size"] >= 20, "pixels of the screen"
        assert len(one["text"]) * one["size"] * 0.68 <= broadest * width


@pytest.mark.parametrize("size", [(1280, 720), (360, 640), (320, 568)])
def test_words_are_large_and_never_lie_over_each_other(walk: Walk, size: tuple[int, int]) -> None:
    words = ["Combo x2!", "+30", "Great!", "Mega blast!", "Coin!", "Combo x3!"]
    happens = {
        str(12 + 3 * i): ["combo", {"words": text, "x": 300 + i, "y": 300}] for i, text in enumerate(words)
    }
    page = walk(level(happens=happens), width=size[0], height=size[1])
    page.evaluate(WATCH)
    for frames in (30, 1, 5, 10):
        seen = written(page, frames)
        assert len(seen) >= 3
        assert all(one["size"] >= 20 for one in seen), "pixels of the screen"
        assert all(0 < one["x"] < size[0] for one in seen)
        assert all(apart(*pair) for pair in combinations(seen, 2)), seen


def test_of_numbers_that_follow_each_other_the_sum_is_shown(walk: Walk) -> None:
    page = walk(level(happens={str(20 + 4 * i): ["gather", {"words": "+5"}] for i in range(4)}))
    page.evaluate(WATCH)
    assert [one["text"] for one in written(page, 34)] == ["+20"]


def test_a_win_is_celebrated_over_the_picture_before_the_result_comes(walk: Walk) -> None:
    page = walk(level(length=30), live=True)
    page.evaluate(WATCH)
    page.evaluate("pictures(60, 60)")
    assert page.evaluate("document.body.dataset.screen") == "play"
    assert page.evaluate("Sparks.settle(Play.frame() + 28)") > 60
    assert "Perfect!" in page.evaluate("written.map(({ text }) => text)")
    page.evaluate("pictures(60, 80)")
    assert page.evaluate("document.body.dataset.screen") == "win"
    page.evaluate("pictures(60, 300)")
    still_drawn = page.evaluate("Play.view().asked.length")
    page.evaluate("pictures(60, 10)")
    assert page.evaluate("Play.view().asked.length") == still_drawn, "the last of it is over"


def test_a_loss_is_felt_before_the_result_comes(walk: Walk) -> None:
    page = walk(level(lost=30), live=True)
    middle = "[...document.querySelector('canvas').getContext('2d').getImageData(500, 60, 1, 1).data]"
    page.evaluate("pictures(60, 20)")
    before = page.evaluate(middle)
    page.evaluate("pictures(60, 70)")
    assert page.evaluate("document.body.dataset.screen") == "play"
    assert sum(page.evaluate(middle)) < sum(before) * 0.8, "it grows dark"
    page.evaluate("pictures(60, 90)")
    assert page.evaluate("document.body.dataset.screen") == "lose"


def test_a_lost_level_that_goes_on_is_light_again(walk: Walk) -> None:
    page = walk(level(lost=30), live=True)
    look = "(Play.draw(), document.querySelector('canvas').toDataURL())"
    page.evaluate("pictures(60, 80)")
    dark = page.evaluate(look)
    page.evaluate("Feel.react([])")
    assert page.evaluate(look) != dark


def test_under_reduced_motion_only_words_remain_and_stay_where_they_are(walk: Walk) -> None:
    words = {"words": "Ouch!", "to": "hearts"}
    one = level(
        happens={"20": ["hit", words], "21": ["blast"], "22": ["gather", {"to": "pickups"}]}, length=60
    )
    page = walk(one, reduced_motion="reduce")
    page.evaluate(WATCH)
    (first,) = written(page, 25)
    (later,) = written(page, 12)
    assert first == later
    assert page.evaluate(SPARKS) == 0
    assert page.evaluate("Flights.settle(0, () => {})") == 0
    drawn = "(gamefactory.advance(22), document.querySelector('canvas').toDataURL())"
    quiet = walk(level(happens={"20": ["hit"], "21": ["gather"]}), reduced_motion="reduce").evaluate(drawn)
    assert quiet == walk(level(), reduced_motion="reduce").evaluate(drawn)
    assert quiet != walk(level(happens={"20": ["hit"], "21": ["gather"]})).evaluate(drawn)
    page.evaluate("gamefactory.advance(100)")
    assert page.evaluate(SPARKS) == 0, "nor is there confetti"


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_words_never_rise_under_the_counters(walk: Walk, size: tuple[int, int]) -> None:
    happens = {"12": ["combo", {"words": "Great!", "x": 200, "y": 20}]}
    page = walk(level(happens=happens), width=size[0], height=size[1])
    page.evaluate(WATCH)
    (one,) = written(page, 66)
    top = page.evaluate("Stage.within().top") * page.evaluate(
        "Stage.toClient(0, 1).y - Stage.toClient(0, 0).y"
    )
    assert one["y"] - one["size"] / 2 >= top, "they are nearly gone, and as high as ever"


def test_words_that_have_no_room_above_what_they_are_of_go_beside_it(walk: Walk) -> None:
    for y, beside in ((0, True), (300, False)):
        page = walk(
            level(happens={"12": ["near", {"words": "Close!", "x": 200, "y": y}]}), width=960, height=540
        )
        page.evaluate(WATCH)
        (one,) = written(page, 13)
        left = one["x"] - len(one["text"]) * one["size"] * 0.34
        assert (left > 230) == beside
