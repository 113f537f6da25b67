"""The analytics client against a loopback collector: nothing lost, nothing doubled, nothing made up."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.studio.player.conftest import Site

pytestmark = pytest.mark.browser

EVENT = "gf:reef-dash:event:"
"""What an event's id follows in its name in storage."""

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(site.url + "#drive")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    yield page
    context.close()


def wait_for(page: Page, condition: Callable[[], bool], tick: int = 500) -> None:
    """Wait for something, while the page's own time runs ``tick`` milliseconds ahead at each look."""
    for _ in range(100):
        if condition():
            return
        if tick:
            page.clock.run_for(tick)
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen in time")


def kept(page: Page) -> list[dict[str, Any]]:
    """Events of the game in the page's storage, oldest first."""
    return page.evaluate(
        """start => Object.entries(localStorage).filter(([name]) => name.startsWith(start)).sort()
            .map(([name, text]) => JSON.parse(text))""",
        EVENT,
    )


def received(site: Site) -> list[dict[str, Any]]:
    return [event for batch in site.batches for event in batch["events"]]


def test_events_arrive_whole_with_the_games_key(page: Page, site: Site) -> None:
    page.evaluate("(gamefactory.startLevel(1), gamefactory.advance(3000), 0)")
    wait_for(page, lambda: len(received(site)) == 3)
    assert {(batch["game_id"], batch["write_key"]) for batch in site.batches} == {("g1", "k1")}
    got = received(site)
    assert got == page.evaluate("gamefactory.events")
    assert [event["event_type"] for event in got] == ["game_start", "level_start", "level_fail"]
    assert all(UUID7.match(event["event_id"]) for event in got)
    assert [event["event_id"] for event in got] == sorted(event["event_id"] for event in got) or len(
        {event["timestamp"] for event in got}
    ) < len(got)
    assert len({(event["user_id"], event["session_id"]) for event in got}) == 1
    assert set(got[2]["properties"]) == {"mode", "score", "cause", "frames"}


def test_the_player_stays_the_same_and_the_session_does_not(page: Page) -> None:
    def ids() -> tuple[str, str]:
        page.evaluate("(gamefactory.startLevel(1), 0)")
        event = page.evaluate("gamefactory.events[0]")
        return event["user_id"], event["session_id"]

    first = ids()
    page.reload()
    page.evaluate("gamefactory.ready")
    second = ids()
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_a_collector_that_is_down_gets_everything_later_and_once(page: Page, site: Site) -> None:
    site.answers[:] = [503, 429]
    page.evaluate("(gamefactory.startLevel(1), gamefactory.advance(3000), 0)")
    wait_for(page, lambda: len(received(site)) == 3)
    assert site.answers == []
    assert len({event["event_id"] for event in received(site)}) == 3


def test_refused_events_are_dropped_with_one_warning(page: Page, site: Site) -> None:
    warnings: list[str] = []
    page.on("console", lambda message: message.type == "warning" and warnings.append(message.text))
    site.answers[:] = [400, 400]
    page.evaluate("(gamefactory.startLevel(1), 0)")
    wait_for(page, lambda: len(site.answers) == 1)
    page.evaluate("(gamefactory.startLevel(2), 0)")
    wait_for(page, lambda: site.answers == [])
    page.wait_for_timeout(300)
    assert warnings == ["events refused: 400"]
    assert received(site) == []
    assert kept(page) == []


def test_twenty_events_are_sent_at_once(page: Page, site: Site) -> None:
    page.wait_for_timeout(200)
    page.evaluate("for (let i = 0; i < 12; i += 1) gamefactory.startLevel(1)")
    wait_for(page, lambda: len(received(site)) >= 20, tick=0)
    assert len(site.batches[0]["events"]) == 20


def test_what_is_left_goes_out_with_the_page(page: Page, site: Site) -> None:
    page.evaluate("(gamefactory.startLevel(1), gamefactory.advance(50), 0)")
    page.goto("about:blank")
    wait_for(page, lambda: len(received(site)) == 3, tick=0)
    assert received(site)[-1]["properties"]["cause"] == "quit"


def test_the_queue_is_bounded_and_survives_a_reload(page: Page, site: Site) -> None:
    site.answers[:] = [503] * 50
    page.evaluate("for (let i = 0; i < 400; i += 1) gamefactory.startLevel(1)")
    stored = kept(page)
    assert len(stored) == 500
    site.answers.clear()
    page.reload()  # ends the last level, which pushes the oldest event out
    wait_for(page, lambda: {e["event_id"] for e in stored[1:]} <= {e["event_id"] for e in received(site)})


def test_without_a_collector_the_game_plays_on(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.route("**/config.json", lambda route: route.abort())
    page.goto(site.url + "#drive")
    page.evaluate("gamefactory.ready")
    page.evaluate("(gamefactory.startLevel(1), 0)")
    assert page.evaluate("gamefactory.advance(30).frame") == 30
    assert len(page.evaluate("gamefactory.events")) == 2
    assert kept(page) == []
    page.close()
