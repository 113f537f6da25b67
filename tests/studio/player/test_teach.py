"""A lesson is shown by what the player plays with, at its place, and is gone once it is done."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page

from tests.studio.player.walks import Walk, level, told, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser

TAP = {"how": "tap", "x": 420, "y": 300, "keys": ["Space"], "words": "Jump!"}


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("canvas").first.screenshot())).convert("RGB")


def teaching(walk: Walk, lesson: dict[str, Any], **options: Any) -> Page:
    page = walk(level(teaches=["jump"], lesson=lesson), **options)
    page.evaluate("gamefactory.advance(60)")
    return page


def plain(walk: Walk, **options: Any) -> Image.Image:
    page = walk(level(), **options)
    page.evaluate("gamefactory.advance(60)")
    return picture(page)


def changed(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two pictures differ visibly."""
    return ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 24 else 0)


@pytest.mark.parametrize("how", ["tap", "hold", "drag", "swipe"])
def test_each_move_is_shown_near_its_place_and_moves(walk: Walk, how: str) -> None:
    page = teaching(walk, TAP | {"how": how, "to": [560, 300] if how in ("drag", "swipe") else None})
    seen = changed(picture(page), plain(walk))
    assert seen.getbbox() is not None
    left, top, right, bottom = (value * 0.75 for value in seen.getbbox())  # 1280 to 960
    assert 200 < left < 440 and right < 760 and 160 < top < 300 < bottom < 460
    first = picture(page)
    page.evaluate("gamefactory.advance(24)")
    assert changed(first, picture(page)).getbbox() is not None


def test_hand_pointer_and_key_are_three_things(walk: Walk) -> None:
    seen = []
    for device in ("touch", "mouse", "key"):
        page = walk(level(teaches=["jump"], lesson=TAP), has_touch=True)
        if device == "touch":
            page.touchscreen.tap(900, 600)
        elif device == "mouse":
            page.mouse.click(900, 600)
        else:
            page.keyboard.press("Shift")
        page.evaluate("(gamefactory.startLevel(1), gamefactory.advance(60))")
        seen.append(picture(page))
    for i, one in enumerate(seen):
        box = changed(one, seen[i - 1]).getbbox()
        assert box is not None and box[2] - box[0] > 20, "they differ in more than an edge"


@pytest.mark.parametrize("size", [(1280, 720), (360, 640)])
def test_it_does_not_hide_what_it_points_at(walk: Walk, size: tuple[int, int]) -> None:
    options = {"width": size[0], "height": size[1], "has_touch": size[0] < 400}
    page = teaching(walk, TAP, **options)
    middle = page.evaluate("Stage.toClient(420, 300)")
    shift = page.locator("canvas").first.bounding_box()
    assert shift is not None
    x, y = middle["x"] - shift["x"], middle["y"] - shift["y"]
    seen = changed(picture(page), plain(walk, **options)).crop(
        (int(x - 16), int(y - 16), int(x + 16), int(y + 16))
    )
    assert seen.histogram()[255] / (32 * 32) < 0.5


@pytest.mark.parametrize("size", [(1280, 720), (360, 640), (320, 568)])
def test_its_words_can_be_read(walk: Walk, size: tuple[int, int]) -> None:
    page = walk(level(teaches=["jump"], lesson=TAP), width=size[0], height=size[1])
    page.evaluate(
        """() => {
          const { prototype } = CanvasRenderingContext2D, plain = prototype.fillText;
          window.sizes = {};
          prototype.fillText = function (text, x, y) {
            sizes[text] = Number(/(\\d+)px/.exec(this.font)[1]) * this.getTransform().d / devicePixelRatio;
            return plain.call(this, text, x, y);
          };
        }"""
    )
    page.evaluate("gamefactory.advance(60)")
    assert page.evaluate("sizes['Jump!']") >= 20


def test_it_is_gone_once_it_is_done(walk: Walk) -> None:
    page = teaching(walk, TAP)
    page.keyboard.down(" ")
    page.evaluate("gamefactory.advance(15)")
    unhelped = walk(level())
    unhelped.evaluate("gamefactory.advance(75)")
    assert picture(page) == picture(unhelped)


def test_a_level_that_teaches_nothing_shows_nothing(walk: Walk) -> None:
    page = walk(level(lesson=TAP))
    page.evaluate("gamefactory.advance(60)")
    assert picture(page) == plain(walk)


def test_what_was_learned_is_not_taught_again(walk: Walk) -> None:
    page = walk(level(teaches=["jump"], lesson=TAP))
    page.evaluate("(Save.data.learned = ['jump'], gamefactory.startLevel(1), gamefactory.advance(60))")
    assert picture(page) == plain(walk)


def test_under_reduced_motion_it_is_shown_and_stands(walk: Walk) -> None:
    page = teaching(walk, TAP, reduced_motion="reduce")
    assert changed(picture(page), plain(walk)).getbbox() is not None
    page.evaluate("() => { Play.view().draw = (c) => c.fillRect(0, 0, 960, 540); }")
    drawn = "(gamefactory.advance(24), document.querySelector('canvas').toDataURL())"
    assert page.evaluate(drawn) == page.evaluate(drawn)


def test_a_screen_reader_is_told_the_move_and_the_key(walk: Walk) -> None:
    page = teaching(walk, TAP)
    assert told(page) == "Jump! Space."


def test_none_is_left_on_a_level_that_is_over(walk: Walk) -> None:
    over = {"lost": 40, "length": 600}
    page, unhelped = walk(level(teaches=["jump"], lesson=TAP, **over)), walk(level(**over))
    for one in (page, unhelped):
        one.evaluate("gamefactory.advance(60)")
        one.evaluate("document.getElementById('screen').remove()")
    assert picture(page) == picture(unhelped)


def test_words_that_would_hide_what_they_are_for_go_below_it_where_there_is_room(walk: Walk) -> None:
    words = """() => {
      const { prototype } = CanvasRenderingContext2D, plain = prototype.fillText;
      prototype.fillText = function (text, x, y) {
        window.height = y;
        return plain.call(this, text, x, y);
      };
      gamefactory.advance(1);
      return window.height;
    }"""
    for clear, below in ((380, True), (500, False)):
        assert (teaching(walk, TAP | {"clear": clear}).evaluate(words) > clear) == below
