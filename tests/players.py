"""People at the arcade, in a real browser: what they press, and what the page complained about.

Many may play at once, each in a profile of its own; waits are long because machines are busy.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gamefactory_dagster.studio.browser.chromium import opened
from gamefactory_dagster.studio.browser.play import play_in
from gamefactory_dagster.studio.browser.report import BrowserReport
from gamefactory_dagster.studio.families.base import Certificate
from tests.live import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

PATIENCE = 60_000
"""Milliseconds any single thing may take."""

STORY = Counter(
    game_start=1,
    level_start=2,
    level_fail=2,
    unlock_prompt_shown=2,
    rewarded_ad_started=2,
    rewarded_ad_completed=1,
    rewarded_ad_failed=1,
    level_unlocked=1,
)
"""What a person's visit reports when every step below was taken once."""


class Person:
    """Somebody who opens a game from the arcade's front page and goes through its menus."""

    def __init__(self, browser: "Browser", arcade: str, name: str, slug: str) -> None:
        self.page = browser.new_page(viewport={"width": 960, "height": 540})
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.arcade = arcade
        self.name = name
        self.slug = slug

    def arrive(self) -> None:
        """Find the game in the gallery, having won two levels before, and play a moment, with a break."""
        self.page.goto(f"{self.arcade}/")
        self.page.get_by_role("link", name=self.name, exact=True).click()
        self.button("Play").wait_for()
        save = 'slug => localStorage.setItem(\'gf:\' + slug, \'{"stars": {"1": 1, "2": 1}}\')'
        self.page.evaluate(save, self.slug)
        self.page.reload()
        self.button("Play").click()
        self.screen("play")
        self.page.keyboard.press("Escape")
        self.button("Resume").click()
        self.screen("play")
        self.page.keyboard.press("Space")
        self.button("Pause").click()

    def quit(self) -> None:
        """Leave the level for the list of levels."""
        self.page.get_by_role("dialog", name="Paused").get_by_role("button", name="Levels").click()
        self.screen("levels")

    def accept_an_ad(self, level: int) -> None:
        """Choose the locked level that comes next and say yes to the ad that opens it."""
        self.cell(level, "locked").click()
        self.button("Watch ad").click()
        self.screen("ad")

    def watch_to_the_end(self, level: int) -> None:
        """Wait for the ad to end, and go back to the levels, of which one more is open."""
        self.page.get_by_role("dialog", name="Level unlocked").wait_for()
        self.button("Levels").click()
        self.cell(level, "0 of 3 stars").wait_for()

    def close_early(self, level: int) -> None:
        """Close the ad before it ends; the level stays locked."""
        self.button("Close ad").click()
        self.cell(level, "locked").wait_for()

    def begin_again(self, level: int) -> None:
        """Begin a level, and take a break in it until all that happened so far was reported."""
        self.cell(level).click()
        self.screen("play")
        self.page.keyboard.press("Escape")
        self.screen("pause")
        wait_until_reported(self.page.evaluate, self.slug)

    def leave(self) -> None:
        """Go away in the middle of the level; the page reports that with its last breath."""
        self.page.goto(f"{self.arcade}/")

    def button(self, name: str) -> "Locator":
        """The button with exactly this accessible name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def cell(self, level: int, state: str = "") -> "Locator":
        """A level on the map, of which this is known."""
        return self.page.get_by_role("button", name=re.compile(f"^Level {level}, {state}"))

    def screen(self, name: str) -> None:
        """Wait for a screen of the game."""
        self.page.locator(f"body[data-screen={name}]").wait_for()


def wait_until_reported(run: Callable[[str], Any], slug: str) -> None:
    """Wait until a game's page, in which functions can be ``run``, has no event left to send."""
    # evaluated from outside: the arcade's content policy forbids what page.wait_for_function does inside
    waiting = f"() => Object.keys(localStorage).filter((name) => name.startsWith('gf:{slug}:event:'))"
    wait_for(f"the reports of {slug}", PATIENCE / 1000, lambda: run(waiting) == [])


@dataclass(frozen=True)
class Visit:
    """A game (its row) that was played by its certificates and by a person."""

    game: Any
    driven: BrowserReport
    complaints: list[str]

    @property
    def reported(self) -> Counter[str]:
        """Every event that the two visits emitted."""
        return Counter(self.driven.events) + STORY


def visit_all(
    chromium: Path, browser: "Browser", arcade: str, games: Sequence[tuple[Any, list[Certificate]]]
) -> list[Visit]:
    """Play each game by its certificates, one after the other; then people play all of them at once."""
    driven = []
    with opened(chromium, 900) as session:
        for game, proofs in games:
            driven.append(play_in(session, game.play_url, range(1, 11), proofs))
            wait_until_reported(session.page.run, game.slug)
    people = [Person(browser, arcade, game.name, game.slug) for game, _ in games]
    for deed in (
        Person.arrive,
        Person.quit,
        lambda person: person.accept_an_ad(4),
        lambda person: person.watch_to_the_end(4),
        lambda person: person.accept_an_ad(5),
        lambda person: person.close_early(5),
        lambda person: person.begin_again(1),
        Person.leave,
    ):
        for person in people:
            deed(person)
    rows = [game for game, _ in games]
    return [
        Visit(row, report, person.complaints)
        for row, report, person in zip(rows, driven, people, strict=True)
    ]
