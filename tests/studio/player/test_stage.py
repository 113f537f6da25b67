"""The picture uses the screen: an upright phone is filled by it and by what continues it, never by bands."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.live import wait_for
from tests.studio.player.walks import Walk, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser

SKY, GROUND = (0x9F, 0xD0, 0xEA), (0x3C, 0x6E, 0x47)


def screen(page: Page) -> Image.Image:
    page.add_style_tag(content="#hud, #pads { display: none !important; }")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def near(one: tuple[int, ...], other: tuple[int, ...], most: int = 12) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("size", [(360, 640), (320, 568), (390, 844), (768, 1024), (600, 640)])
def test_an_upright_screen_is_filled(walk: Walk, size: tuple[int, int]) -> None:
    page = walk(width=size[0], height=size[1])
    page.evaluate("gamefactory.advance(10)")
    box = page.locator("canvas").first.bounding_box()
    assert box is not None
    assert box["x"] == 0
    assert box["width"] == pytest.approx(size[0], abs=1)
    assert size[1] - box["height"] >= 129, "there is room for counters and pads"
    seen = screen(page)
    top, bottom = int(box["y"]), int(box["y"] + box["height"])
    for x in (4, size[0] // 2, size[0] - 5):
        assert near(seen.getpixel((x, top - 3)), SKY), "the sky goes on above the picture"
        assert near(seen.getpixel((x, bottom + 3)), GROUND), "and the ground below it"
        high, low = seen.getpixel((x, 2)), seen.getpixel((x, size[1] - 3))
        assert max(high) > 50 and high[2] > high[0], high
        assert low[1] > low[0] and low[1] > low[2] and max(low) > 15, low


@pytest.mark.parametrize("size", [(844, 390), (1024, 768)])
def test_what_a_broad_screen_has_besides_is_filled_too(walk: Walk, size: tuple[int, int]) -> None:
    page = walk(width=size[0], height=size[1])
    page.evaluate("gamefactory.advance(10)")
    seen = screen(page)
    if size[0] == 844:
        assert near(seen.getpixel((3, 40)), SKY) and near(seen.getpixel((840, 380)), GROUND)
    else:
        assert near(seen.getpixel((512, 3)), SKY) and near(seen.getpixel((512, 764)), GROUND)


def test_a_screen_that_is_turned_is_filled_anew(walk: Walk) -> None:
    page = walk(width=390, height=844)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator("#above")).to_have_count(0)
    box = page.locator("canvas").first.bounding_box()
    assert box is not None and box["height"] == pytest.approx(390, abs=1)
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator("#around")).to_have_count(0)


def test_a_view_may_fill_an_upright_screen_itself(walk: Walk) -> None:
    page = walk(width=390, height=844)
    page.evaluate("window.fills = true")
    page.set_viewport_size({"width": 390, "height": 840})
    expect(page.locator("#around, #above")).to_have_count(0)
    box = page.locator("canvas").first.bounding_box()
    assert box is not None and (box["y"], box["height"]) == (0, 840)
    room = page.evaluate("Stage.room()")
    scale = 390 / 560
    assert (room["to"] - room["from"]) * scale == pytest.approx(840)
    assert room["from"] < room["top"] < room["bottom"] < room["to"]
    hud = page.locator("#hud").bounding_box()
    under = page.evaluate("Stage.toClient(400, Stage.room().top).y")
    assert hud is not None and under == pytest.approx(hud["y"] + hud["height"], abs=1)
    assert page.evaluate("Stage.toLogical(195, 420)[1]") == pytest.approx(270, abs=120), (
        "pointers hit what is seen"
    )
    page.set_viewport_size({"width": 844, "height": 390})
    # evaluated from outside: the page's content policy forbids what page.wait_for_function does inside
    wait_for("the lying size", 30, lambda: page.evaluate("Stage.room() === null"))


def test_what_flies_above_the_picture_is_drawn_there_and_is_gone_after(walk: Walk) -> None:
    page = walk(width=390, height=844)
    drawn = """() => {
      const paper = document.getElementById("above"), { width, height } = paper;
      return paper.getContext("2d").getImageData(0, 0, width, height).data.some((value) => value > 0);
    }"""
    page.evaluate(
        """() => {
          const { x, y } = Hud.place("pickups"), to = Stage.toLogical(x, y);
          Flights.add({ name: "pickups", from: [400, 300], to, frame: null, tint: "#fff", born: 0, unit: 1 });
          gamefactory.advance(34);
        }"""
    )
    assert page.evaluate(drawn)
    page.evaluate("gamefactory.advance(40)")
    assert not page.evaluate(drawn)
