"""Pages on a desk and on a phone, in light and dark: whether they fit there and read well."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from .test_browser import CONTRAST

SCREENS = [
    pytest.param((1280, 800, "light"), id="desk"),
    pytest.param((390, 844, "dark"), id="phone"),
]


@contextmanager
def opened(browser: Browser, url: str, screen: tuple[int, int, str]) -> Iterator[Page]:
    """A page of the arcade at ``url`` on a screen; its ``errors`` are what the console was told."""
    width, height, scheme = screen
    viewport = {"width": width, "height": height}
    with browser.new_page(viewport=viewport, color_scheme=scheme, base_url=url) as page:
        page.errors = []
        page.on("console", lambda message: page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        yield page


def go_and_read(page: Page, path: str, selectors: Sequence[str]) -> None:
    """Open ``path``: no error, as wide as its window, and what the selectors find stands out enough."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.errors == [], path
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"], path
    for selector in selectors:
        found = page.evaluate(CONTRAST, selector)
        assert found, selector
        assert min(found) >= 4.5, selector
