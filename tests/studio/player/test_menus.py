"""The menus: every one fits every screen, lies on the game's own landscape, and is left by Escape."""

import pytest
from playwright.sync_api import expect

from tests.studio.player import toy
from tests.studio.player.pages import button
from tests.studio.player.toy_pages import AD, Begin, begin, cell, lose, url, win

__all__ = ["begin", "url"]

pytestmark = pytest.mark.browser


def test_escape_goes_back_from_every_menu(begin: Begin) -> None:
    page = begin(stars={"1": 1, "2": 1})
    for name, screen in (
        ("Levels", "levels"),
        ("Daily", "daily"),
        ("Skins", "skins"),
        ("Settings", "settings"),
    ):
        button(page, name).click()
        assert page.evaluate("gamefactory.state().screen") == screen
        page.keyboard.press("Escape")
        assert page.evaluate("gamefactory.state().screen") == "title"
        expect(button(page, "Play")).to_be_focused()
    button(page, "Levels").click()
    cell(page, 4).click()
    page.keyboard.press("Escape")
    assert page.evaluate("gamefactory.state().screen") == "levels"


def test_arrow_keys_go_through_the_buttons_and_round(begin: Begin) -> None:
    page = begin()
    expect(button(page, "Play")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(button(page, "Levels")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    expect(button(page, "Settings")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("gamefactory.state().screen") == "settings"


FAULTS = """() => {
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls sideways");
  const boxes = [];
  for (const node of document.querySelectorAll("#screen button, #screen h2, #screen .wallet")) {
    const box = node.getBoundingClientRect();
    const name = node.getAttribute("aria-label") || node.textContent;
    if (!name.trim()) faults.push("a control without a name");
    if (box.left < 0 || box.right > innerWidth + 1) faults.push(name + " is off the side");
    if (box.top < 0 || box.bottom > innerHeight + 1) faults.push(name + " is off the bottom or top");
    const small = box.width < 40 || box.height < 40;
    if (node.tagName === "BUTTON" && small) faults.push(name + " is too small to touch");
    for (const [other, there] of boxes) {
      const wide = Math.min(box.right, there.right) - Math.max(box.left, there.left);
      const high = Math.min(box.bottom, there.bottom) - Math.max(box.top, there.top);
      if (wide > 4 && high > 4) faults.push(name + " lies on " + other);
    }
    boxes.push([name, box]);
  }
  return faults;
}"""


RESTED = """() => Promise.all(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
    .map((one) => one.finished)
)"""
"""All that moves once has moved; what goes on for ever may."""


@pytest.mark.parametrize(
    "size",
    [
        (320, 568),
        (1280, 720),
        pytest.param((360, 640), marks=pytest.mark.exhaustive),
        pytest.param((844, 390), marks=pytest.mark.exhaustive),
    ],
)
def test_every_menu_fits_and_nothing_lies_on_anything_else(begin: Begin, size: tuple[int, int]) -> None:
    stars = {"1": 3, "2": 2, "3": 1}
    page = begin(width=size[0], height=size[1], stars=stars, best={"1": 12345, "2": 7}, wallet=123456)

    def look(screen: str) -> None:
        assert page.evaluate("document.body.dataset.screen") == screen
        for _ in range(20 if screen == "win" else 5):  # stars are counted in one by one
            page.clock.run_for(200)
        page.evaluate(RESTED)
        assert page.evaluate(FAULTS) == [], screen

    look("title")
    for name, screen in (
        ("Levels", "levels"),
        ("Daily", "daily"),
        ("Skins", "skins"),
        ("Settings", "settings"),
    ):
        button(page, name).click()
        look(screen)
        page.keyboard.press("Escape")
    button(page, "Levels").click()
    cell(page, 4).click()
    look("unlock")
    button(page, "Watch ad").click()
    assert page.evaluate(FAULTS) == []
    page.clock.run_for(AD)
    look("unlocked")
    button(page, "Play level 4").click()
    lose(page, counted=10)
    look("lose")
    button(page, "Try again").click()
    page.keyboard.press("Escape")
    look("pause")
    button(page, "Resume").click()
    win(page)
    look("win")


def test_reduced_motion_shows_a_win_at_once(begin: Begin) -> None:
    page = begin()
    page.emulate_media(reduced_motion="reduce")
    button(page, "Play").click()
    win(page)
    page.clock.run_for(2500)
    page.clock.run_for(100)
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.locator(".flying").count() == 0
    expect(page.locator(".panel > .wallet")).to_have_text(str(5 * toy.NEED + 60))


def test_menus_lie_on_the_games_own_landscape(begin: Begin) -> None:
    page = begin(stars={"1": 1, "2": 1})
    for name in ("Levels", "Daily", "Skins", "Settings"):
        button(page, name).click()
        assert page.locator(".scene img").count() == 3
        assert page.evaluate("[...document.querySelectorAll('.scene img')].every((one) => one.naturalWidth)")
        page.keyboard.press("Escape")


def test_the_help_is_read_whole(begin: Begin) -> None:
    for width, height in ((960, 540), (1280, 720), (390, 844)):
        page = begin(width=width, height=height)
        button(page, "Settings").click()
        page.evaluate("""() => {
          const list = document.querySelector(".help");
          const line = "Three in a line clear. Four make a line tile, an L or T a bomb.";
          list.replaceChildren(...Array(6).fill(line)
            .map((line) => Object.assign(document.createElement("li"), { textContent: line })));
        }""")
        cut = page.evaluate(
            """[...document.querySelectorAll(".help, .panel")]
              .map((one) => one.scrollHeight - one.clientHeight)"""
        )
        assert max(cut) <= 1, (width, height)


def test_an_upright_title_has_a_picture_of_its_own(begin: Begin) -> None:
    for width, height, shown in ((390, 844, ".crest"), (320, 568, ".crest"), (1280, 720, ".splash")):
        page = begin(width=width, height=height)
        other = ".splash" if shown == ".crest" else ".crest"
        assert page.locator(shown).is_visible() and page.locator(other).is_hidden()
        assert page.locator(".cover > .scene").is_visible() == (shown == ".crest")
        box = page.locator(shown).bounding_box()
        assert box is not None and box["height"] > 0.25 * height
        first = button(page, "Play").bounding_box()
        assert first is not None and (shown == ".splash" or box["y"] + box["height"] <= first["y"])


@pytest.mark.parametrize(
    ("size", "fit"), [((1280, 720), "cover"), ((1280, 800), "contain"), ((1024, 768), "contain")]
)
def test_no_side_of_a_title_is_cut_off_on_a_squarer_screen(
    begin: Begin, size: tuple[int, int], fit: str
) -> None:
    page = begin(width=size[0], height=size[1])
    splash = page.locator(".splash").evaluate(
        "(one) => ({ ...getComputedStyle(one), wide: one.clientWidth })"
    )
    assert (splash["objectFit"], splash["wide"]) == (fit, size[0])
