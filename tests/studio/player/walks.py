"""A game made for tests of the shell: its levels say what happens in them, frame by frame.

What belongs here: opening it in Chromium, driven or in real time, with a clock that the test moves. What does
not: real families, which the shell must not need to know.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from gamefactory_dagster.production.steps.game_data import game_data
from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.browser.loopback import serving
from gamefactory_dagster.studio.design.event_spec import event_spec, javascript
from gamefactory_dagster.studio.families.base import Family, Level
from gamefactory_dagster.studio.families.runner import FAMILY
from gamefactory_dagster.studio.shipping.build import WebBuilder
from tests.studio.conftest import design

from .pages import button

Walk = Callable[..., Page]

WALKER = cast(
    Family,
    SimpleNamespace(
        scripts=("rules.js", "view.js"), folder=Path(__file__).with_name("walker"), causes={"lost": "Lost."}
    ),
)
CONFIG = b'{"game_id": "g1", "write_key": "k1", "endpoint": "/v1/events"}'

CLOCK = """(() => {
  let waiting = [], now = 5000;
  window.requestAnimationFrame = (wake) => waiting.push(wake);
  // So many pictures of a screen of `hertz`, told the time in steps of `round` milliseconds.
  window.pictures = (hertz, count, round = 0) => {
    for (let i = 0; i < count; i += 1) {
      now += 1000 / hertz;
      const due = waiting;
      waiting = [];
      due.forEach((wake) => wake(round ? Math.round(now / round) * round : now));
    }
  };
})()"""
"""Instead of the screen's clock one that the test moves."""


def level(**changes: Any) -> Level:
    """Ten seconds in which nothing happens; ``happens`` is ``{frame: [word, what more the view tells]}``."""
    plain = {"number": 1, "seed": 1, "length": 600, "hearts": 3, "clock": 0, "teaches": [], "happens": {}}
    return plain | {"lost": 0} | changes


@pytest.fixture(scope="session")
def walker() -> Iterator[str]:
    """Address of the game, served."""
    gdd = design()
    files = {f"web/src/{name}": content for name, content in player.sources(WALKER).items()}
    files |= {
        "web/src/events.js": javascript(event_spec(gdd)),
        "web/index.html": player.page(gdd),
        "web/game.json": json.dumps(game_data(gdd, FAMILY, [level()])).encode(),
    }
    bundle = WebBuilder().build(files, "1.0.0")
    with serving({**bundle.files, "config.json": CONFIG}) as server:
        yield f"{server.url}/"


@pytest.fixture
def walk(browser: Browser, walker: str) -> Iterator[Walk]:
    """Open the game with one level: ``walk(level(...), live=True, width=390, height=844)``."""
    contexts = []

    def open_page(
        one: Level | None = None, live: bool = False, width: int = 1280, height: int = 720, **options: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        levels = [one or level()]
        context.route("**/game.json", lambda route: _with_levels(route, levels))
        page = context.new_page()
        if live:
            page.add_init_script(CLOCK)
        page.goto(walker + ("" if live else "#drive"))
        expect(button(page, "Play")).to_be_visible()
        if live:
            page.evaluate("pictures(60, 3)")
            button(page, "Play").click()
        else:
            page.evaluate("gamefactory.startLevel(1)")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _with_levels(route: Route, levels: list[Level]) -> None:
    response = route.fetch()
    route.fulfill(response=response, json=response.json() | {"levels": levels})


def told(page: Page) -> str:
    """What a screen reader was told last."""
    return page.locator("#told").text_content() or ""
