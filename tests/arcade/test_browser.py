"""The gallery in a real browser: at a desk and on a phone, in light and dark, by keyboard and by hand."""

from uuid import uuid4

import pytest

from gamefactory_dagster.arcade.gallery import PICTURE

from .conftest import GAME, add_published, add_score, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def arcade(settings, engine, published):
    from PIL import Image

    Image.new("RGB", (960, 540), (60, 120, 200)).save(published / PICTURE)
    (published / "index.html").write_text("<!doctype html><title>Playing</title>")
    add_published(engine)
    add_score(engine, GAME, "2026-03-01", 88)
    for number in range(9):
        name = "An Unreasonably Long Name of a Game " * 4 if number == 3 else f"Game {number}"
        add_published(
            engine, id=str(uuid4()), slug=f"game-{number}", name=name, genre="puzzle", style="hand_drawn",
            write_key="k", gdd_spec={"tagline": "word " * 5 * number},
        )  # fmt: skip
    with serving(settings, engine) as arcade:
        yield arcade


@pytest.fixture(params=[(1280, 900, "light"), (390, 844, "dark")], ids=["desk", "phone"])
def page(browser, arcade, request):
    width, height, scheme = request.param
    viewport = {"width": width, "height": height}
    with browser.new_page(viewport=viewport, color_scheme=scheme) as page:
        page.errors = []
        page.on("console", lambda message: page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(arcade.url)
        page.wait_for_load_state("networkidle")
        yield page


def boxes(page, selector):
    return [element.bounding_box() for element in page.query_selector_all(selector)]


CONTRAST = """selector => {
  const light = css => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = css.match(/[\\d.]+/g).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  return [...document.querySelectorAll(selector)].map(element => {
    let behind = element;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(behind).backgroundColor)];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  });
}"""


def test_the_gallery_fits_its_window_and_reads_well(page):
    width = page.viewport_size["width"]
    assert page.errors == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    cards = boxes(page, ".card")
    assert len(cards) == 10
    columns = {round(card["x"]) for card in cards}
    assert len(columns) == (1 if width < 600 else 4)
    assert all(card["width"] >= 240 and card["height"] < 480 for card in cards)
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") == 960
    for selector in ("h1 a", ".tally", ".chip", ".card h2 a", ".tagline", ".tags li", ".score b", ".button"):
        assert min(page.evaluate(CONTRAST, selector)) >= 4.5, selector
    for selector in (".chip", ".button", "input[type=search]"):
        assert all(box["height"] >= 32 for box in boxes(page, selector)), selector


def test_a_game_is_found_and_opened_by_keyboard_alone(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the games"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.get_by_role("searchbox", name="Search games").focus()
    page.keyboard.type("reef")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=reef")
    link = page.get_by_role("link", name="Reef Run")
    link.focus()
    outline = "getComputedStyle(document.activeElement, '::after').outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/games/reef-run/")
    assert page.title() == "Playing"


def test_genres_filter_and_a_press_anywhere_on_a_card_opens_the_game(page):
    page.get_by_role("link", name="Puzzle 9").click()
    page.wait_for_url("**/?genre=puzzle")
    assert page.locator(".card").count() == 9
    assert page.locator(".chip[aria-current=true]").inner_text().split() == ["Puzzle", "9"]
    page.get_by_role("link", name="Runner 1").click()
    page.wait_for_url("**/?genre=runner")
    [picture] = boxes(page, ".picture")
    page.mouse.click(picture["x"] + 9, picture["y"] + 9)
    page.wait_for_url("**/games/reef-run/")
