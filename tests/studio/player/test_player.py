"""The player shell in a real Chromium: it boots, plays, saves, sells levels for ads, and counts right."""

import re
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.studio.player.conftest import AD_SECONDS, Site
from tests.studio.player.pages import Open, button, opened

__all__ = ["opened"]

pytestmark = pytest.mark.browser

Gesture = dict[str, Any]


def perform(page: Page, gestures: list[Gesture]) -> None:
    for gesture in gestures:
        match gesture["type"]:
            case "keydown":
                page.keyboard.down(gesture["key"])
            case "keyup":
                page.keyboard.up(gesture["key"])
            case kind:
                page.mouse.move(gesture["x"], gesture["y"])
                (page.mouse.down if kind == "pointerdown" else page.mouse.up)()


def play(page: Page, number: int, trace: list[list[int]]) -> dict[str, Any]:
    """Play a trace with real events; give what the game says at the end."""
    page.evaluate("n => gamefactory.startLevel(n)", number)
    before, now = 0, {}
    for step, frames in trace:
        perform(page, page.evaluate("([a, b]) => gamefactory.gestures(a, b)", [before, step]))
        now = page.evaluate("n => gamefactory.advance(n)", frames)
        before = step
    perform(page, page.evaluate("a => gamefactory.gestures(a, 0)", before))
    return now


def events(page: Page) -> list[dict[str, Any]]:
    return page.evaluate("gamefactory.events")


def counts(page: Page) -> Counter[str]:
    return Counter(event["event_type"] for event in events(page))


def test_it_boots_without_a_complaint_and_hides_its_insides(opened: Open) -> None:
    page = opened(drive=False)
    assert page.title() == "Reef Dash"
    assert page.evaluate("typeof window.gamefactory") == "undefined"
    button(page, "Play").click()
    page.wait_for_timeout(400)
    assert page.evaluate("document.body.dataset.screen") == "play"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (844, 390)])
@pytest.mark.parametrize("number", [1, 2])
def test_a_certificate_played_by_hand_ends_in_the_predicted_state(
    opened: Open, site: Site, size: tuple[int, int], number: int
) -> None:
    page = opened(width=size[0], height=size[1])
    certificate = site.certificates[number - 1]
    gestures = page.evaluate("n => (gamefactory.startLevel(n), gamefactory.gestures(0, 1))", number)
    assert [gesture["type"] for gesture in gestures] == [["pointerdown"], ["keydown"]][number % 2]
    now = play(page, number, certificate.trace)
    assert now == {"outcome": 1, "hash": certificate.final_hash, "frame": certificate.frames}
    assert page.evaluate("gamefactory.state().screen") == "win"
    assert page.evaluate("gamefactory.errors") == []


def test_doing_nothing_loses_and_says_why(opened: Open) -> None:
    page = opened()
    page.evaluate("gamefactory.startLevel(1)")
    assert page.evaluate("gamefactory.advance(3000).outcome") == 2
    assert page.evaluate("gamefactory.state().screen") == "lose"
    last = events(page)[-1]
    assert (last["event_type"], last["level"]) == ("level_fail", 1)
    assert last["properties"]["cause"] in ("hit", "fell")
    expect(button(page, "Try again")).to_be_focused()


def test_stars_and_unlocked_levels_survive_a_reload(opened: Open, site: Site) -> None:
    page = opened()
    play(page, 1, site.certificates[0].trace)
    unlock(page, 6)
    page.reload()
    button(page, "Levels").click()
    expect(page.get_by_role("button", name=re.compile(r"Level 1, [123] of 3 stars"))).to_be_visible()
    expect(page.get_by_role("button", name="Level 6, 0 of 3 stars")).to_be_visible()
    expect(page.get_by_role("button", name="Level 7, locked")).to_be_visible()


def unlock(page: Page, number: int) -> None:
    open_levels(page)
    page.get_by_role("button", name=f"Level {number}, locked").click()
    button(page, "Watch ad").click()
    page.clock.run_for(AD_SECONDS * 1000 + 100)
    expect(button(page, f"Play level {number}")).to_be_visible()


def open_levels(page: Page) -> None:
    if page.evaluate("document.body.dataset.screen") != "levels":
        button(page, "Levels").click()


@pytest.mark.parametrize("junk", ["{", '"text"', "null", '{"stars": 7, "unlocked": {}}'])
def test_a_spoiled_save_is_no_obstacle(opened: Open, junk: str) -> None:
    page = opened()
    page.evaluate("junk => localStorage.setItem('gf:reef-dash', junk)", junk)
    page.evaluate("localStorage.setItem('gf:reef-dash:event:x', '{}')")
    page.reload()
    button(page, "Levels").click()
    expect(page.get_by_role("button", name="Level 4, locked")).to_be_visible()
    assert page.evaluate("gamefactory.errors") == []


def test_it_plays_where_storage_is_forbidden(opened: Open) -> None:
    page = opened()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    page.reload()
    button(page, "Play").click()
    assert page.evaluate("gamefactory.advance(10).frame") == 10
    assert page.evaluate("gamefactory.errors") == []


def test_an_ad_watched_to_the_end_opens_the_level(opened: Open) -> None:
    page = opened()
    unlock(page, 4)
    sold = [event for event in events(page) if "ad" in event["event_type"] or "unlock" in event["event_type"]]
    assert [event["event_type"] for event in sold] == [
        "unlock_prompt_shown",
        "rewarded_ad_started",
        "rewarded_ad_completed",
        "level_unlocked",
    ]
    assert {event["level"] for event in sold} == {4}
    assert sold[2]["properties"] == {"revenue_micros": 4000}
    button(page, "Play level 4").click()
    assert page.evaluate("gamefactory.state().screen") == "play"


def test_an_ad_closed_early_opens_nothing(opened: Open) -> None:
    page = opened()
    open_levels(page)
    page.get_by_role("button", name="Level 5, locked").click()
    button(page, "Watch ad").click()
    button(page, "Close ad").click()
    page.clock.run_for(AD_SECONDS * 2000)
    assert counts(page)["rewarded_ad_started"] == counts(page)["rewarded_ad_failed"] == 1
    assert counts(page)["rewarded_ad_completed"] == counts(page)["level_unlocked"] == 0
    assert events(page)[-1]["properties"] == {"reason": "closed"}
    expect(page.get_by_role("button", name="Level 5, locked")).to_be_visible()


def test_every_started_level_ends_once(opened: Open, site: Site) -> None:
    page = opened()
    button(page, "Play").click()
    page.evaluate("gamefactory.advance(30)")
    page.keyboard.press("Escape")
    button(page, "Restart").click()
    page.evaluate("gamefactory.advance(30)")
    page.keyboard.press("Escape")
    button(page, "Levels").click()
    page.get_by_role("button", name="Level 2, 0 of 3 stars").click()
    page.evaluate("gamefactory.advance(3000)")
    button(page, "Try again").click()
    play(page, 1, site.certificates[0].trace)
    button(page, "Next level").click()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    seen = counts(page)
    assert seen["game_start"] == 1
    assert seen["level_start"] == seen["level_complete"] + seen["level_fail"] == 6
    causes = [
        event["properties"].get("cause") for event in events(page) if event["event_type"] == "level_fail"
    ]
    assert causes.count("quit") == 4


def test_space_on_a_button_that_kept_the_focus_plays_and_presses_nothing(opened: Open) -> None:
    page = opened()
    button(page, "Play").click()
    page.evaluate("document.querySelector('#hud button').focus()")
    page.evaluate("gamefactory.advance(5)")
    page.keyboard.down(" ")
    page.evaluate("gamefactory.advance(8)")
    page.keyboard.up(" ")
    assert page.evaluate("gamefactory.state().screen") == "play"
    assert counts(page)["level_start"] == 1
    jumped = page.evaluate("gamefactory.state().hash")
    page.evaluate("gamefactory.startLevel(1)")
    page.evaluate("gamefactory.advance(13)")
    assert page.evaluate("gamefactory.state().hash") != jumped, "the same key must have made the hero jump"


def test_a_whole_game_goes_by_keyboard_alone(opened: Open) -> None:
    page = opened()
    expect(button(page, "Play")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("gamefactory.state().screen") == "play"
    page.keyboard.press("Escape")
    expect(button(page, "Resume")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(button(page, "Done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(page, "Resume")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("gamefactory.state().screen") == "play"


def test_sound_and_music_are_remembered(opened: Open) -> None:
    page = opened()
    button(page, "Settings").click()
    button(page, "Music").click()
    expect(button(page, "Music")).to_have_attribute("aria-pressed", "false")
    page.reload()
    button(page, "Settings").click()
    expect(button(page, "Music")).to_have_attribute("aria-pressed", "false")
    expect(button(page, "Sound")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", [(390, 844), (320, 568), (844, 390), (1280, 720)])
def test_every_screen_fits_and_names_its_buttons(opened: Open, site: Site, size: tuple[int, int]) -> None:
    page = opened(width=size[0], height=size[1])

    def look(screen: str) -> None:
        assert page.evaluate("document.body.dataset.screen") == screen
        page.wait_for_function("document.getAnimations().every((one) => one.playState === 'finished')")
        faults = page.evaluate(
            """() => {
              const faults = [];
              if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls sideways");
              for (const button of document.querySelectorAll("button")) {
                const box = button.getBoundingClientRect();
                if (!box.width || getComputedStyle(button).visibility === "hidden") continue;
                const name = button.getAttribute("aria-label") || button.textContent;
                if (!name.trim()) faults.push("a button without a name");
                if (box.left < 0 || box.right > innerWidth + 1) faults.push(name + " is off the side");
                if (box.width < 40 || box.height < 40) faults.push(name + " is too small to touch");
              }
              return faults;
            }"""
        )
        assert faults == [], screen

    look("title")
    open_levels(page)
    look("levels")
    page.get_by_role("button", name="Level 9, locked").click()
    look("unlock")
    button(page, "Watch ad").click()
    look("ad")
    button(page, "Close ad").click()
    page.get_by_role("button", name="Level 1, 0 of 3 stars").click()
    look("play")
    page.keyboard.press("Escape")
    look("pause")
    button(page, "Settings").click()
    look("settings")
    play(page, 1, site.certificates[0].trace)
    look("win")
    page.evaluate("(gamefactory.startLevel(1), gamefactory.advance(3000), 0)")
    look("lose")


def test_an_ad_is_not_over_a_moment_early(opened: Open) -> None:
    page = opened()
    open_levels(page)
    page.get_by_role("button", name="Level 5, locked").click()
    button(page, "Watch ad").click()
    page.clock.run_for(AD_SECONDS * 1000 - 2000)
    expect(page.get_by_role("timer")).to_be_visible()
    assert counts(page)["rewarded_ad_completed"] == 0


def test_reduced_motion_stops_every_animation(opened: Open) -> None:
    animated_ones = """
        [...document.querySelectorAll("*")].filter((e) => getComputedStyle(e).animationName != "none").length
        """
    page = opened(reduced_motion="reduce")
    open_levels(page)
    assert page.evaluate("document.getAnimations().length") == 0
    animated = opened()
    open_levels(animated)
    assert animated.evaluate(animated_ones) > 0  # however long ago it ended


def picture(opened: Open, *mechanics: str, **options: Any) -> bytes:
    """Level 3, in a jump."""
    page = opened(mechanics=["tap_jump", *mechanics], **options)
    page.evaluate("gamefactory.startLevel(3)")
    page.evaluate("gamefactory.advance(46)")
    page.keyboard.down(" ")
    for _ in range(6):
        page.evaluate("gamefactory.advance(1)")
    return page.locator("canvas").screenshot()


def test_a_mechanic_of_the_picture_changes_the_picture(opened: Open) -> None:
    plain = picture(opened)
    assert picture(opened) == plain, "the same game must look the same"
    for mechanic in ("particle_effects", "parallax_scrolling", "camera_follow", "sprite_animation"):
        assert picture(opened, mechanic) != plain, mechanic
        still = picture(opened, mechanic, reduced_motion="reduce")
        assert still == plain, f"reduced motion turns {mechanic} off"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_figures_and_the_progress_have_room(opened: Open, width: int) -> None:
    page = opened(width=width, height=width * 2)
    page.evaluate("() => gamefactory.startLevel(1)")
    shown = page.locator("#hud > :visible")
    boxes = [shown.nth(i).bounding_box() for i in range(shown.count())]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    bar = page.locator("#hud .bar").bounding_box()
    assert bar["width"] > width * 0.9
    assert all(box == bar or box["y"] + box["height"] <= bar["y"] for box in boxes)
