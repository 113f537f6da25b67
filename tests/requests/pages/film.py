"""A request from the box to play, photographed on a phone whenever its page changes.

    python -m tests.requests.pages.film http://127.0.0.1:3001 /tmp/film "a calm puzzle about lighthouses"

What belongs here: using a factory that runs, as a visitor does. What does not: judging it; people look at it.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio.browser.process import FLAGS

PATIENCE = 300.0
"""Seconds a game may take."""

LOOKS_LIKE = "document.querySelector('main').innerText.replace(/[0-9]+ s/g, '') + document.images.length"
"""What a page looks like, but for its clock."""


def main(url: str, folder: Path, words: str) -> None:
    """Ask for a game at ``url``, follow it and play it; each picture's name says when it was taken."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get_settings().chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844}, base_url=url, device_scale_factor=2)
        page.on("console", lambda message: print(f"console: {message.text}"))  # noqa: T201
        page.goto("/")
        page.get_by_label("Describe your game").fill(words)
        _take(page, folder, "box", 0.0)
        began = time.monotonic()
        page.keyboard.press("Enter")
        page.wait_for_url("**/requests/*")
        play = _follow(page, folder, began)
        if play is not None:
            page.goto(play)
            page.wait_for_timeout(1500)
            _take(page, folder, "title", time.monotonic() - began)
            page.get_by_role("button", name="Play", exact=True).click()
            for number in range(3):
                page.wait_for_timeout(1500)
                _take(page, folder, f"play{number}", time.monotonic() - began)
        browser.close()


def _follow(page: Page, folder: Path, began: float) -> str | None:
    """Photograph the page until its game can be played; the game's address, None where it failed."""
    last = ""
    while time.monotonic() - began < PATIENCE:
        now = page.evaluate(LOOKS_LIKE)
        if now != last:
            last = now
            page.wait_for_timeout(300)  # what appears does so slowly
            _take(page, folder, "made", time.monotonic() - began)
            if page.locator(".news .play").count():
                return page.locator(".news .play").evaluate("link => link.href")
            if page.locator(".news .fault").count():
                return None
        page.wait_for_timeout(200)
    return None


def _take(page: Page, folder: Path, name: str, seconds: float) -> None:
    page.screenshot(path=folder / f"{seconds:06.2f}-{name}.png", full_page=name == "made")
    print(f"{seconds:6.2f} s  {name}  {page.url}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
