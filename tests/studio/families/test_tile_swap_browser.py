"""The game in a real browser: certificates played by pointer and by keyboard, and what the picture shows."""

import functools
import io
from contextlib import contextmanager

import pytest

from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from gamefactory_dagster.studio.shipping.build import problems
from tests.studio.families.tile_swap_support import design
from tests.studio.whole_game import built

pytestmark = pytest.mark.browser

ADVANCE = "(frames) => gamefactory.advance(frames)"


@functools.cache
def game(*mechanics):
    gdd = design(*mechanics)
    with Lab(FAMILY) as lab:
        made = make_levels(FAMILY, gdd, lab)
    return made, built(gdd, [drawn for drawn, _ in made])


@pytest.fixture
def page(browser):
    """As large as the one certificates are played on."""
    with browser.new_page(viewport={"width": 960, "height": 540}) as page:
        yield page


@contextmanager
def loaded(page, bundle):
    with serving({**bundle.files, "config.json": b"{}"}) as server:
        page.goto(f"{server.url}/#drive")
        page.evaluate("() => gamefactory.ready")
        yield


def test_ten_certificates_play_by_pointer_to_the_exact_state(chromium):
    made, bundle = game("path_following", "health_system", "physics_gravity", "collision_detection")
    assert problems(bundle) == []
    report = play_game(bundle.files, [certificate for _, certificate in made], chromium)
    assert report.problems() == []
    assert report.warnings == []
    assert [level.final_hash for level in report.levels] == [proof.final_hash for _, proof in made]
    assert {level.idle_outcome for level in report.levels} == {0}, "nobody loses by thinking"
    assert report.events["level_complete"] == 10


def keys_for(drawn, cursor, input_):
    """Keys that carry the cursor from cell to cell and swap, and where it is afterwards."""
    columns = drawn["columns"]
    cell, down = (input_ - 1) // 2, (input_ - 1) % 2
    across, along = cell % columns - cursor % columns, cell // columns - cursor // columns
    keys = ["ArrowRight" if across > 0 else "ArrowLeft"] * abs(across)
    keys += ["ArrowDown" if along > 0 else "ArrowUp"] * abs(along)
    return [*keys, " ", "ArrowDown" if down else "ArrowRight"], cell + (columns if down else 1)


ARROWS = {
    "ArrowLeft": "ArrowLeft",
    "ArrowRight": "ArrowRight",
    "ArrowUp": "ArrowUp",
    "ArrowDown": "ArrowDown",
    " ": "Space",
}
NUMPAD = {
    "ArrowLeft": "Numpad4",
    "ArrowRight": "Numpad6",
    "ArrowUp": "Numpad8",
    "ArrowDown": "Numpad2",
    " ": "NumpadEnter",
}


@pytest.mark.parametrize(("number", "keyboard"), [(1, ARROWS), (6, NUMPAD)])
def test_a_certificate_plays_by_keyboard_to_the_exact_state(page, number, keyboard):
    made, bundle = game("card_flip", "timer_countdown")
    drawn, certificate = made[number - 1]
    with loaded(page, bundle):
        page.evaluate("(number) => gamefactory.startLevel(number)", number)
        cursor = 0
        for key, times in (("ArrowLeft", drawn["columns"]), ("ArrowUp", drawn["rows"])):
            for _ in range(times):
                page.keyboard.press(keyboard[key])
        for input_, frames in certificate.trace:
            keys, cursor = keys_for(drawn, cursor, input_) if input_ else ([], cursor)
            for key in keys:
                page.keyboard.press(keyboard[key])
            end = page.evaluate(ADVANCE, frames)
        errors = page.evaluate("() => gamefactory.errors")
    assert (end["outcome"], end["hash"], end["frame"]) == (1, certificate.final_hash, certificate.frames)
    assert errors == []


def test_picking_one_tile_and_then_its_neighbour_swaps_them(page):
    made, bundle = game()
    drawn, certificate = made[0]
    wait, swap = certificate.trace[0][1], certificate.trace[1][0]
    with loaded(page, bundle):
        page.evaluate("() => gamefactory.startLevel(1)")
        page.evaluate(ADVANCE, wait)
        first, second = [
            (gesture["x"], gesture["y"])
            for gesture in page.evaluate("(input) => gamefactory.gestures(0, input)", swap)
            if gesture["type"] != "pointerup"
        ]
        page.mouse.click(*second)
        picked = page.evaluate(ADVANCE, 1)
        assert page.evaluate("() => gamefactory.state().summary.moves") == drawn["moves"]
        page.mouse.click(*first)
        assert page.evaluate(ADVANCE, 1)["hash"] != picked["hash"]
        assert page.evaluate("() => gamefactory.state().summary.moves") == drawn["moves"] - 1


def picture(page, frames):
    """The screen after so many more frames; what the counters do in time of their own is over."""
    from PIL import Image

    page.evaluate(ADVANCE, frames)
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def differing(one, two):
    from PIL import ImageChops

    grey = ImageChops.difference(one, two).convert("L").point(lambda value: 255 if value > 8 else 0)
    return grey.histogram()[255]


def test_a_board_nobody_touches_breathes_unless_motion_is_unwanted(page):
    _, bundle = game()
    for motion, moves in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=motion)
        with loaded(page, bundle):
            page.evaluate("() => gamefactory.startLevel(10)")
            one, other = picture(page, 30), picture(page, 40)
        assert (differing(one, other) > 300) == moves


def test_a_picture_is_the_same_every_time(page):
    made, bundle = game()
    inputs = [input_ for input_, frames in made[0][1].trace for _ in range(frames)]
    pictures = []
    for _ in range(2):
        with loaded(page, bundle):
            page.evaluate("() => gamefactory.startLevel(1)")
            for input_ in inputs[:70]:
                for gesture in page.evaluate("(input) => gamefactory.gestures(0, input)", input_):
                    page.mouse.move(gesture["x"], gesture["y"])
                    if gesture["type"] == "pointerdown":
                        page.mouse.down()
                    if gesture["type"] == "pointerup":
                        page.mouse.up()
                page.evaluate(ADVANCE, 1)
            pictures.append(picture(page, 1))
    assert differing(*pictures) == 0
