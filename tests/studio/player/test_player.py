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
    for number in (1, 2):
        play(page, number, site.certificates[number - 1].trace)
    unlock(page, 4)
    page.reload()
    button(page, "Levels").click()
    expect(page.get_by_role("button", name=re.compile(r"Level 1, [123] of 3 stars"))).to_be_visible()
    expect(page.get_by_role("button", name="Level 4, 0 of 3 stars")).to_be_visible()
    expect(page.get_by_role("button", name="Level 5, locked")).to_be_visible()


def advanced(page: Page) -> Page:
    """The same page as somebody who won two levels before."""
    page.evaluate("""localStorage.setItem("gf:reef-dash", '{"stars": {"1": 1, "2": 1}}')""")
    page.reload()
    return page


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
    page = advanced(opened())
    unlock(page, 4)
    sold = [event for event in events(page) if "ad" in event["event_type"] or "unlock" in event["event_type"]]
    assert [event["event_type"] for event in sold] == [
        "unlock_prompt_shown",
        "rewarded_ad_started",
        "rewarded_ad_completed",
        "level_unlocked",
    ]
    assert {event["level"] for event in sold} == {4}
    assert sold[2]["properties"] == {"purpose": "unlock", "revenue_micros": 4000}
    assert sold[3]["properties"] == {"method": "ad"}
    button(page, "Play level 4").click()
    assert page.evaluate("gamefactory.state().screen") == "play"


def test_an_ad_closed_early_opens_nothing(opened: Open) -> None:
    page = advanced(opened())
    open_levels(page)
    page.get_by_role("button", name="Level 4, locked").click()
    button(page, "Watch ad").click()
    button(page, "Close ad").click()
    page.clock.run_for(AD_SECONDS * 2000)
    assert counts(page)["rewarded_ad_started"] == counts(page)["rewarded_ad_failed"] == 1
    assert counts(page)["rewarded_ad_completed"] == counts(page)["level_unlocked"] == 0
    assert events(page)[-1]["properties"] == {"purpose": "unlock", "reason": "closed"}
    expect(page.get_by_role("button", name="Level 4, locked")).to_be_visible()


def test_every_started_level_ends_once(opened: Open, site: Site) -> None:
    page = opened()
    button(page, "Play").click()
    page.evaluate("gamefactory.advance(30)")
    page.keyboard.press("Escape")
    button(page, "Restart").click()
    page.evaluate("gamefactory.advance(30)")
    page.keyboard.press("Escape")
    button(page, "Levels").click()
    page.get_by_role("button", name="Level 1, 0 of 3 stars").click()
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
    expect(button(page, "Effects")).to_have_attribute("aria-pressed", "true")


def test_an_ad_is_not_over_a_moment_early(opened: Open) -> None:
    page = advanced(opened())
    open_levels(page)
    page.get_by_role("button", name="Level 4, locked").click()
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
