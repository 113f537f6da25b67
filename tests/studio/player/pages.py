"""The game of these tests, opened in Chromium."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.studio.player.conftest import Site

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Open]:
    """Open the game; ``opened(drive=True, width=390, height=844)``. Complaints are in ``page.complaints``."""
    contexts = []

    def open_page(drive: bool = True, width: int = 1280, height: int = 720, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.complaints = complaints  # type: ignore[attr-defined]
        if drive:
            page.clock.install()
        page.goto(site.url + ("#drive" if drive else ""))
        expect(button(page, "Play")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)
