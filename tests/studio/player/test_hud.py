"""Every number has a sign and a word, whatever the screen; what is lost or runs out is seen."""

import pytest
from playwright.sync_api import Page

from tests.studio.player.walks import Walk, level, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (360, 640), (320, 568), (390, 844), (844, 390), (768, 1024)]
ALL = level(number=1, hearts=3, clock=99, happens={str(f): ["gather"] for f in range(2, 40)})
ANIMATED = """([frames, name]) => {
  gamefactory.advance(frames);
  return document.getAnimations().filter((one) => one.effect.target.matches(name)).length;
}"""


@pytest.mark.parametrize("size", SIZES)
def test_every_number_is_labelled_and_everything_has_room(walk: Walk, size: tuple[int, int]) -> None:
    page = walk(ALL, width=size[0], height=size[1])
    page.evaluate("gamefactory.advance(60)")
    hud = page.locator("#hud")
    text = (hud.inner_text() or "").split("\n")
    for word in ("Level", "Coins", "Points", "Way to the flag", "Hearts", "Time"):
        assert word in text
    faults = page.evaluate(
        """() => {
          document.getAnimations().forEach((one) => one.finish());
          const boxes = [...document.querySelectorAll("#hud > *")].map((one) => one.getBoundingClientRect());
          const faults = [], over = (a, b, one, other) => a[one] < b[other] - 1 && b[one] < a[other] - 1;
          boxes.filter(({ width }) => width).forEach((a, i) => {
            if (a.left < 0 || a.right > innerWidth || a.top < 0) faults.push(i + " is outside");
            boxes.slice(i + 1).forEach((b, j) => {
              if (over(a, b, "left", "right") && over(a, b, "top", "bottom")) faults.push(i + " over " + j);
            });
          });
          for (const text of document.querySelectorAll("#hud small, #hud b")) {
            const { textContent, scrollWidth, clientWidth } = text;
            if (clientWidth && scrollWidth > clientWidth + 1) faults.push("cut: " + textContent);
            if (textContent && parseFloat(getComputedStyle(text).fontSize) < 11) faults.push("too small");
          }
          const way = document.querySelector("#hud .way").getBoundingClientRect();
          if (way.width < 100) faults.push("no room for the way: " + way.width);
          return faults;
        }"""
    )
    assert faults == []


def test_on_a_phone_it_lies_above_the_picture_and_pads_below(walk: Walk) -> None:
    for width, height in ((360, 640), (320, 568), (390, 844)):
        page = walk(ALL, width=width, height=height)
        canvas, pads = page.locator("canvas").first.bounding_box(), page.locator("#pads span").bounding_box()
        bottom = page.evaluate(
            """Math.max(...[...document.querySelectorAll("#hud > *")]
              .map((one) => one.getBoundingClientRect().bottom))"""
        )
        assert canvas and pads
        assert bottom <= canvas["y"] + 16
        assert pads["y"] >= canvas["y"] + canvas["height"]
        assert pads["height"] > 70
        assert pads["y"] + pads["height"] <= height


def test_a_pad_is_lit_while_it_is_touched(walk: Walk) -> None:
    page = walk(ALL, width=360, height=640)
    page.mouse.move(180, 560)
    page.mouse.down()
    assert page.locator("#pads .down").count() == 1
    page.mouse.up()
    assert page.locator("#pads .down").count() == 0


def test_a_counter_is_bumped_when_it_changes_and_not_before(walk: Walk) -> None:
    page = walk(level(happens={"30": ["gather"]}))
    assert page.evaluate(ANIMATED, [29, ".score"]) == 0
    assert page.evaluate(ANIMATED, [2, ".score"]) == 1


def test_a_heart_that_is_lost_is_seen(walk: Walk) -> None:
    page = walk(level(happens={"30": ["hit"]}))
    assert page.evaluate(ANIMATED, [31, ".hearts .icon"]) == 1
    assert page.locator("#hud .hearts .on").count() == 2
    assert page.get_by_role("img", name="Hearts: 2").count() == 1


def test_time_that_runs_out_pulses(walk: Walk) -> None:
    for options, pulses in (({}, 1), ({"reduced_motion": "reduce"}, 0)):
        page = walk(level(clock=6, happens={"100": ["gather"], "110": ["hit"]}), **options)
        page.evaluate("gamefactory.advance(30)")
        assert page.locator("#hud .low").count() == 0
        assert page.evaluate(ANIMATED, [120, ".low"]) == pulses
        assert page.locator("#hud .low").count() == 1
        if options:
            assert page.evaluate("document.getAnimations().length") == 0


def shown(page: Page) -> str:
    return page.locator("#hud .level").inner_text()


def test_a_level_without_a_number_says_what_it_is(walk: Walk) -> None:
    page = walk()
    assert shown(page).split() == ["1", "Level"]
    page.evaluate("Play.start(Play.level(), 'endless')")
    assert shown(page) == "Endless"
    assert page.get_by_text("Way to the flag").is_hidden(), "nor is there a flag on the way to which it is"
    page.evaluate("Play.start(Play.level(), 'daily')")
    assert page.get_by_text("Way to the flag").is_visible()


def test_counters_that_are_bumped_do_not_touch(walk: Walk) -> None:
    for width, height in SIZES:
        page = walk(level(happens={"2": ["gather"]}), width=width, height=height)
        page.evaluate("gamefactory.advance(2)")
        gap = page.evaluate(
            """() => {
              for (const one of document.getAnimations()) { one.pause(); one.currentTime = 78; }
              const right = (css) => document.querySelector(css).getBoundingClientRect();
              return right("#hud .score").left - right("#hud .pickups").right;
            }"""
        )
        assert gap > 0, (width, height)


def test_an_endless_run_shows_the_way_to_the_best_one(walk: Walk) -> None:
    page = walk(level(happens={"5": ["gather"], "9": ["gather"], "13": ["gather"]}))
    page.evaluate("(Save.data.endless = 10, Play.start(Play.level(), 'endless'))")
    bar = page.locator("#hud .way")
    assert bar.is_visible() and bar.inner_text() == "Best 10"
    for frames, share, said in ((6, "50", "Best 10"), (4, "100", "Best 10"), (4, "100", "New best!")):
        page.evaluate("n => gamefactory.advance(n)", frames)
        assert (bar.get_attribute("aria-valuenow"), bar.inner_text()) == (share, said)
    page.evaluate("gamefactory.startLevel(1)")
    assert bar.inner_text() == "Way to the flag"


def test_a_large_screen_has_larger_counters_and_buttons(walk: Walk) -> None:
    high = {}
    for height in (540, 1080):
        page = walk(level(), width=height * 16 // 9, height=height)
        counter = page.locator("#hud .score").bounding_box()
        page.evaluate("Screens.pause()")
        page.evaluate("document.getAnimations().forEach((one) => one.finish())")
        resume = page.get_by_role("button", name="Resume").bounding_box()
        assert counter and resume
        high[height] = (counter["height"], resume["height"])
    assert high[1080][0] > 1.5 * high[540][0]
    assert high[1080][1] > 1.4 * high[540][1]
