"""The pages of requests in a real browser: from the box to play by hand, and nothing written acts."""

import pytest

from tests.arcade.conftest import serving
from tests.arcade.screens import SCREENS, go_and_read, opened
from tests.arcade.test_browser import boxes
from tests.arcade.test_gallery import read
from tests.studio.reading.prompts import HOSTILE, ODD, PLAIN

from . import orders
from .conftest import desk

pytestmark = pytest.mark.browser

WIDE = """[...document.querySelectorAll('body *')].filter(
  one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.hidden')
).map(one => one.outerHTML.slice(0, 200))"""
"""What sticks out of the window."""

LONG = "an_unreasonably_long_word_of_somebody_who_asks_" * 8


@pytest.fixture
def pictures():
    import io

    from PIL import Image

    drawn = io.BytesIO()
    Image.new("RGB", (960, 540), (60, 120, 200)).save(drawn, "PNG")
    png = drawn.getvalue()
    return [("splash", "splash", 960, 540, 1, png), ("hero", "sprite", 96, 128, 6, png)]


READ = (".path a", ".kind", ".prompt", "h1", ".tagline", ".tags li", ".aside", ".walk b", ".walk .took",
        ".reading h2", ".facets q", ".facets b", ".facets .kind", ".over li", ".notes li")  # fmt: skip


DESK, PHONE = (screen.values[0] for screen in SCREENS)


def test_a_game_is_asked_for_followed_and_played(browser, patient, engine, pictures):
    with (
        serving(patient, engine, pages=desk(patient, engine)) as arcade,
        opened(browser, arcade.url, PHONE) as page,
    ):
        go_and_read(page, "/", (".ask h2", ".ask .button", ".examples .chip", ".empty p"))
        page.get_by_role("link", name="A calm puzzle with lighthouses at night").click()
        box = page.get_by_label("Describe your game")
        assert box.input_value() == "A calm puzzle with lighthouses at night"
        box.fill("x" * 3700)
        assert page.get_by_text("3,700 of 4,000 characters").is_visible()
        box.fill(orders.PROMPT)
        assert page.get_by_text("of 4,000").is_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url("**/requests/*")
        number = int(page.url.rpartition("/")[2])
        page.get_by_text("You are next").wait_for()
        game = orders.take_to(engine, number, "phase_3")
        page.get_by_role("heading", name="Lantern Hush").wait_for()
        orders.draw(engine, patient, game, pictures)
        orders.take_to(engine, number, "phase_4")
        splash = page.locator(".canvas img")
        assert splash.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 960
        assert page.locator(".cast image").count() == 1
        published = patient.published / f"lantern-hush-{number}"
        published.mkdir(parents=True)
        (published / "index.html").write_text("<!doctype html><title>Playing</title>")
        orders.rows(engine, "UPDATE games SET status = 'published'")
        orders.take_to(engine, number, "completed")
        play = page.get_by_role("link", name="Play", exact=True)
        play.wait_for()
        assert page.errors == []
        go_and_read(page, f"/requests/{number}", READ)
        assert all(box["height"] >= 32 for box in boxes(page, ".button, .chip"))
        with opened(browser, arcade.url, DESK) as other:
            go_and_read(other, f"/requests/{number}", READ)
            go_and_read(other, "/", (".ask h2", ".ask .button", ".examples .chip"))
        play.click()
        page.wait_for_url(f"http://lantern-hush-{number}.localhost:*/")
        assert page.title() == "Playing"


def test_nothing_that_is_asked_for_acts(browser, patient, engine):
    prompts = [plain.text for plain in PLAIN] + [*ODD, *HOSTILE, LONG]
    numbers = [orders.ask(engine, patient, prompt=prompt) for prompt in prompts]
    for number, prompt in zip(numbers, prompts, strict=True):
        evil = prompt[:50]
        reading = {"understood": [{"words": evil, "facet": evil, "value": evil, "how": evil}],
                   "ignored": [prompt], "notes": [evil]}  # fmt: skip
        error = {"phase": "phase1", "message": prompt}
        said = {"phase1": {"reading": reading}}
        orders.change(engine, number, game_name=evil, status="failed", error=error, phase_outputs=said)
    with (
        serving(patient, engine, pages=desk(patient, engine)) as arcade,
        opened(browser, arcade.url, PHONE) as page,
    ):
        asked, acted = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (acted.append(dialog.message), dialog.dismiss()))
        listed = [
            "/requests",
            "/requests?after=" + read(arcade, "/requests").links[-1].partition("after=")[2],
        ]
        paths = [*listed, *(f"/requests/{number}" for number in numbers[-len(HOSTILE) - 1 :: 2])]
        for path in paths:
            page.goto(path)
            wide = page.evaluate(WIDE)
            assert wide == [], path
            assert page.locator("script").count() == 1, path
            assert page.locator("main img, main iframe, main a[href^=javascript]").count() == 0, path
    looks = {"/requests.js", "/requests.css", "/parts.css", "/gallery.css", "/favicon.svg"}
    assert {url.removeprefix(arcade.url) for url in asked} <= looks | set(paths)
    assert (acted, page.errors) == ([], [])
