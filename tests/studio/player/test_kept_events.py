"""Events wait in the browser's storage until they are answered; what else is found there does no harm."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.studio.player.conftest import Site
from tests.studio.player.pages import Open, button, opened
from tests.studio.player.test_analytics import EVENT, UUID7, kept, received, wait_for

__all__ = ["opened"]

pytestmark = pytest.mark.browser

USER = "gf:reef-dash:user"


def play(page: Page, level: int = 1) -> list[dict[str, Any]]:
    """Play a moment of a level; gives what the page reported so far."""
    return page.evaluate(
        "n => (gamefactory.startLevel(n), gamefactory.advance(50), gamefactory.events)", level
    )


def put(page: Page, entries: dict[str, str]) -> None:
    """Leave the game for another page of its site and put texts by name into storage there."""
    page.goto(page.url.partition("#")[0] + "config.json")
    page.evaluate("entries => { for (const name in entries) localStorage[name] = entries[name]; }", entries)


def visit(page: Page, site: Site) -> None:
    page.goto(site.url + "#drive")
    expect(button(page, "Play")).to_be_visible()


def ids(events: list[dict[str, Any]]) -> set[str]:
    return {event["event_id"] for event in events}


def test_play_that_ends_while_the_collector_is_away_arrives_with_the_next_visit(
    opened: Open, site: Site
) -> None:
    page = opened()
    site.away = True
    started = play(page)
    page.clock.run_for(4000)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    site.away = False
    assert received(site) == []
    visit(page, site)
    wait_for(page, lambda: len(ids(received(site))) == 3)
    assert [event["event_type"] for event in received(site)] == ["game_start", "level_start", "level_fail"]
    assert ids(started) < ids(received(site))
    wait_for(page, lambda: kept(page) == [])


def test_what_was_answered_is_not_sent_again(opened: Open, site: Site) -> None:
    page = opened()
    before = play(page)
    wait_for(page, lambda: kept(page) == [])
    for _ in range(2):
        page.goto("about:blank")
        visit(page, site)
        wait_for(page, lambda: kept(page) == [])  # who leaves before the answer has it to send again
    times = Counter(event["event_id"] for event in received(site))
    assert {times[event["event_id"]] for event in before} == {1}
    assert len(times) == 3
    assert max(times.values()) <= 2, "what left with the page came once more, and not a third time"


def test_two_tabs_of_a_game_lose_nothing_of_each_other(opened: Open, site: Site) -> None:
    one = opened()
    two = one.context.new_page()
    two.clock.install()
    visit(two, site)
    site.away = True
    played = [event for turn in range(1, 6) for page in (one, two) for event in play(page, turn % 2 + 1)]
    for page in (two, one):
        page.close(run_before_unload=False)
    site.away = False
    three = opened_beside(one, site)
    wait_for(three, lambda: kept(three) == [])
    assert ids(played) <= ids(received(site))


def opened_beside(page: Page, site: Site) -> Page:
    """Another tab with the storage of ``page``."""
    tab = page.context.new_page()
    tab.clock.install()
    visit(tab, site)
    return tab


def test_an_answer_to_one_tab_leaves_what_another_waits_for(opened: Open, site: Site) -> None:
    offline = opened()
    offline.route("**/v1/events", lambda route: route.abort())
    online = opened_beside(offline, site)
    waiting = play(offline)
    play(online)
    wait_for(online, lambda: len(received(site)) >= 2)
    wait_for(online, lambda: ids(kept(online)) == ids(waiting))


@pytest.mark.parametrize("room", [0, 2000])
def test_storage_that_is_full_costs_no_event_of_a_page_that_stays(
    opened: Open, site: Site, room: int
) -> None:
    page = opened()
    page.evaluate(
        """room => {
          localStorage.clear();
          localStorage.setItem("room", "x".repeat(room));
          for (let n = 0, size = 1 << 20; size; ) {
            try { localStorage.setItem("full" + (n += 1), "x".repeat(size)); } catch { size >>= 1; }
          }
          localStorage.removeItem("room");
        }""",
        room,
    )
    for _ in range(4):
        played = play(page)
    if room:
        assert 0 < len(kept(page)) < len(played)
        assert kept(page) == played[-len(kept(page)) :], "the newest are kept"
    wait_for(page, lambda: ids(received(site)) == ids(played))
    assert page.evaluate("gamefactory.errors") == []


def test_a_browser_without_storage_reports_all_the_same(opened: Open, site: Site) -> None:
    page = opened()
    forbidden = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    page.add_init_script(forbidden)
    page.reload()
    page.evaluate("gamefactory.ready")
    played = play(page)
    wait_for(page, lambda: ids(received(site)) == ids(played))
    assert page.evaluate("gamefactory.errors") == []


@pytest.mark.parametrize(
    "junk", ["5", "{}", "[]", "true", "{", '"a\\u0000b"', '""', '" "', '"\\ud800"', json.dumps("u" * 300)]
)
def test_a_player_who_is_no_name_is_a_new_one(opened: Open, site: Site, junk: str) -> None:
    page = opened()
    put(page, {USER: junk})
    visit(page, site)
    user = play(page)[0]["user_id"]
    assert UUID7.match(user)
    assert json.loads(page.evaluate("name => localStorage.getItem(name)", USER)) == user
    wait_for(page, lambda: len(received(site)) == 2)


def test_entries_that_are_no_events_are_dropped_and_the_rest_is_sent(opened: Open, site: Site) -> None:
    page = opened()
    site.away = True
    good = play(page)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    site.away = False
    spoiled = [
        {"event_id": 5},
        {"event_id": "x"},
        {"event_type": "other"},
        {"event_type": "toString"},
        {"user_id": 5},
        {"user_id": "a\0b"},
        {"session_id": None},
        {"timestamp": "then"},
        {"level": {}},
        {"properties": None},
        {"properties": {"cause": "\ud800"}},
        {"properties": {"cause": "x" * 5000}},
    ]
    alike = [{**good[0], "event_id": str(UUID(int=n)), **change} for n, change in enumerate(spoiled)]
    entries = {EVENT + str(event["event_id"]): event for event in (*alike, *good[:2])}
    for number, other in enumerate((None, 5, "x", True, {}, [], [[]], good[0])):
        entries[f"{EVENT}{number}"] = other
    visit(page, site)
    wait_for(page, lambda: kept(page) == [])
    put(page, {name: json.dumps(entry) for name, entry in entries.items()})
    site.batches.clear()
    visit(page, site)
    wait_for(page, lambda: kept(page) == [])
    assert received(site) == good[:2]
    fresh = play(page)
    wait_for(page, lambda: ids(received(site)[2:]) == ids(fresh))


@pytest.mark.parametrize("junk", ["[null]", "null", "5", '"text"', "{", json.dumps([None] * 1000)])
def test_an_entry_of_nothing_but_junk_is_no_obstacle(opened: Open, site: Site, junk: str) -> None:
    page = opened()
    put(page, {EVENT + "junk": junk})
    visit(page, site)
    played = play(page)
    wait_for(page, lambda: received(site) == played)
    wait_for(page, lambda: kept(page) == [])
    assert page.evaluate("gamefactory.errors") == []
