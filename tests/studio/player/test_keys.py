"""Keys are places on the keyboard: whatever else is held, locked or laid out, what is let go is let go."""

import pytest
from playwright.sync_api import Page

from tests.studio.player.pages import Open, button, opened

__all__ = ["opened"]

pytestmark = pytest.mark.browser

JUMP, DUCK = 1, 2


@pytest.fixture
def page(opened: Open) -> Page:
    """A level of a runner in which one can jump and duck."""
    page = opened()
    page.evaluate("(gamefactory.startLevel(2), 0)")
    return page


def held(page: Page) -> int:
    return page.evaluate("Play.view().input(Play.state())")


def send(page: Page, type_: str, **event: object) -> None:
    """A key event as a browser gives it where Playwright's keyboard has no such key."""
    page.evaluate("([type, event]) => dispatchEvent(new KeyboardEvent(type, event))", [type_, event])


def jumps(page: Page, key: str) -> bool:
    """Whether pressing a key makes the hero leave the ground."""
    page.keyboard.down(key)
    up = page.evaluate("(gamefactory.advance(2), !Play.state().ground)")
    page.keyboard.up(key)
    return up


@pytest.mark.parametrize(("low", "high", "code", "bit"), [("w", "W", "KeyW", JUMP), ("s", "S", "KeyS", DUCK)])
def test_a_key_let_go_with_shift_or_caps_lock_is_let_go(
    page: Page, low: str, high: str, code: str, bit: int
) -> None:
    send(page, "keydown", key=low, code=code)
    assert held(page) == bit
    send(page, "keyup", key=high, code=code, shiftKey=True)
    assert held(page) == 0
    assert jumps(page, "Space")


def test_letters_play_with_caps_lock_on_and_in_other_alphabets(page: Page) -> None:
    for key, code, bit in (
        ("W", "KeyW", JUMP),
        ("S", "KeyS", DUCK),
        ("ц", "KeyW", JUMP),
        ("Process", "KeyS", DUCK),
    ):
        send(page, "keydown", key=key, code=code)
        assert held(page) == bit, key
        send(page, "keyup", key=key, code=code)
        assert held(page) == 0, key


@pytest.mark.parametrize("modifier", ["ctrlKey", "altKey", "metaKey"])
def test_a_key_let_go_while_another_makes_it_the_browsers_is_let_go(page: Page, modifier: str) -> None:
    send(page, "keydown", key="w", code="KeyW")
    send(page, "keyup", key="w", code="KeyW", **{modifier: True})
    assert held(page) == 0
    send(page, "keydown", key="w", code="KeyW", **{modifier: True})
    assert held(page) == 0, "pressed so, it is none of the game's"


def test_meta_lets_go_of_everything_as_macos_tells_of_nothing_until_it_is_up(page: Page) -> None:
    send(page, "keydown", key="w", code="KeyW")
    send(page, "keydown", key="Meta", code="MetaLeft", metaKey=True)
    assert held(page) == 0


def test_a_page_that_loses_the_focus_holds_nothing(page: Page) -> None:
    page.keyboard.down("ArrowDown")
    assert held(page) == DUCK
    page.evaluate("dispatchEvent(new Event('blur'))")
    assert held(page) == 0


def test_two_keys_for_one_thing_are_held_until_both_are_let_go(page: Page) -> None:
    page.keyboard.down("Space")
    page.keyboard.down("w")
    page.keyboard.down("Numpad8")
    for key, left in (("Space", JUMP), ("w", JUMP), ("Numpad8", 0)):
        page.keyboard.up(key)
        assert held(page) == left, key


def test_a_keyboard_that_names_no_places_plays_too(page: Page) -> None:
    for key, bit in ((" ", JUMP), ("ArrowUp", JUMP), ("ArrowDown", DUCK)):
        send(page, "keydown", key=key, code="")
        assert held(page) == bit
        send(page, "keyup", key=key, code="")
        assert held(page) == 0


@pytest.mark.parametrize(
    ("key", "code"), [("P", "KeyP"), ("з", "KeyP"), ("Escape", "Escape"), ("Escape", "")]
)
def test_pausing_goes_by_place_too(page: Page, key: str, code: str) -> None:
    send(page, "keydown", key=key, code=code)
    assert page.evaluate("gamefactory.state().screen") == "pause"


def test_what_was_held_when_the_focus_went_is_not_held_after_going_on(opened: Open) -> None:
    page = opened(drive=False)
    button(page, "Play").click()
    page.keyboard.down("w")
    page.evaluate("dispatchEvent(new Event('blur'))")
    assert page.evaluate("document.body.dataset.screen") == "pause"
    page.keyboard.press("Escape")
    assert page.evaluate("document.body.dataset.screen") == "play"
    assert held(page) == 0
