"""The toy game of these tests, opened in Chromium by somebody who has a save, and what can be asked of it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gamefactory_dagster.studio.browser.loopback import serving
from tests.studio.player import toy
from tests.studio.player.pages import button

AD = 31_000
SAVE = "gf:reef-dash"
Begin = Callable[..., Page]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    config = b'{"game_id": "g", "write_key": "k", "endpoint": "/v1/events"}'
    with serving({**toy.files(), "config.json": config}) as server:
        yield f"{server.url}/"


@pytest.fixture
def begin(browser: Browser, url: str) -> Iterator[Begin]:
    """Open the game as somebody who has this save already; further tabs share its storage."""
    contexts = []

    def open_page(beside: Page | None = None, width: int = 1280, height: int = 720, **save: Any) -> Page:
        context = (
            beside.context if beside else browser.new_context(viewport={"width": width, "height": height})
        )
        contexts.append(context)
        page = context.new_page()
        page.clock.install(time="2026-03-10T12:00:00Z")
        if save:
            page.goto(url + "config.json")
            page.evaluate("([name, save]) => localStorage.setItem(name, save)", [SAVE, json.dumps(save)])
        page.goto(url + "#drive")
        expect(button(page, "Play")).to_be_visible()
        return page

    yield open_page
    for context in set(contexts):
        context.close()


def cell(page: Page, number: int, state: str = "") -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Level {number}, {state}"))


def win(page: Page) -> None:
    page.keyboard.down("Space")
    page.evaluate("n => gamefactory.advance(n)", toy.NEED)
    page.keyboard.up("Space")
    expect(page.locator("body[data-screen=win]")).to_be_attached()


def lose(page: Page, counted: int = 0) -> None:
    page.keyboard.down("Space")
    page.evaluate("n => gamefactory.advance(n)", counted)
    page.keyboard.up("Space")
    page.evaluate("gamefactory.advance(1000)")
    expect(page.locator("body[data-screen=lose]")).to_be_attached()


def events(page: Page, *kinds: str) -> list[tuple[str, int | None, dict[str, Any]]]:
    found = page.evaluate("gamefactory.events")
    told = [(event["event_type"], event["level"], event["properties"]) for event in found]
    return [event for event in told if not kinds or event[0] in kinds]


def names(page: Page) -> list[str]:
    return [kind for kind, _, _ in events(page)]


def kept(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate("name => localStorage.getItem(name)", SAVE) or "{}")


def in_balance(page: Page) -> bool:
    """Whatever was begun has ended, once, and exactly the ads for a level were followed by its opening."""
    seen = Counter(names(page))
    ads = [
        level for kind, level, told in events(page, "rewarded_ad_completed") if told["purpose"] == "unlock"
    ]
    opened = [level for kind, level, told in events(page, "level_unlocked") if told["method"] == "ad"]
    return (
        seen["level_start"] == seen["level_complete"] + seen["level_fail"]
        and seen["rewarded_ad_started"] == seen["rewarded_ad_completed"] + seen["rewarded_ad_failed"]
        and ads == opened
    )
