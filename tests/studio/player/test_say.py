"""Who cannot see the picture is told what happens, joined and thinned, and what screens open."""

import pytest

from tests.studio.player.pages import button
from tests.studio.player.walks import Walk, level, told, walk, walker

__all__ = ["walk", "walker"]

pytestmark = pytest.mark.browser


def test_after_each_of_twenty_actions_the_text_says_what_happened(walk: Walk) -> None:
    actions = ["jump", "gather", "hit", "bounce", "break"] * 4
    happens = {str(60 * i + 60): [what] for i, what in enumerate(actions)}
    page = walk(level(length=2000, hearts=20, happens=happens))
    page.evaluate("gamefactory.advance(59)")
    gathered = 0
    for what in actions:
        gathered += what == "gather"
        page.evaluate("gamefactory.advance(60)")
        assert told(page).strip("\u00a0") == f"It was a {what}, number {gathered}."


def test_what_happens_at_once_is_joined_and_what_is_outdated_left_out(walk: Walk) -> None:
    happens = {
        "70": ["hit", {"told": "Hit, two hearts left."}],
        "72": ["gather", {"told": "Coin, 6 of 12."}],
        "80": ["gather", {"told": "Coin, 7 of 12. Gap ahead."}],
    }
    page = walk(level(happens=happens))
    page.evaluate("gamefactory.advance(150)")
    assert told(page) == "Coin, 7 of 12. Gap ahead."
    page = walk(level(happens={"31": ["land", {"told": "Landed."}], **happens}))
    page.evaluate("gamefactory.advance(150)")
    assert told(page) == "Hit, two hearts left. Coin, 7 of 12. Gap ahead."


def test_much_is_told_seldom_and_shortly(walk: Walk) -> None:
    happens = {
        str(frame): ["step", {"told": f"This is {chr(65 + frame % 26)}."}] for frame in range(2, 600, 2)
    }
    page = walk(level(happens=happens))
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => said.push(document.getElementById("told").textContent))
            .observe(document.getElementById("told"), { childList: true });
        }"""
    )
    for _ in range(50):
        page.evaluate("gamefactory.advance(10)")
    said = page.evaluate("said")
    assert 5 <= len(said) <= 10
    assert all(text.count(".") <= 4 for text in said)


def test_the_same_again_is_told_again(walk: Walk) -> None:
    page = walk(
        level(happens={"60": ["jump", {"told": "Jumped it."}], "160": ["jump", {"told": "Jumped it."}]})
    )
    texts = []
    for _ in range(2):
        page.evaluate("gamefactory.advance(100)")
        texts.append(told(page))
    assert texts[0] != texts[1]
    assert {text.strip("\u00a0") for text in texts} == {"Jumped it."}


def test_a_level_and_every_screen_say_what_they_are(walk: Walk) -> None:
    page = walk(level(length=120))
    assert told(page) == "Level 1."
    page.keyboard.press("Escape")
    assert "Paused." in told(page)
    button(page, "Resume").click()
    assert told(page) == "Playing on."
    page.evaluate("gamefactory.advance(120)")
    assert told(page).startswith("Level 1 done!")
    assert page.locator("#told").get_attribute("aria-live") == "polite"


def test_what_happened_last_is_told_with_the_screen_that_follows(walk: Walk) -> None:
    happens = {"100": ["step", {"told": "One step."}], "119": ["goal", {"told": "The flag."}]}
    page = walk(level(length=120, happens=happens))
    page.evaluate("gamefactory.advance(120)")
    assert told(page).startswith("The flag. Level 1 done!")
