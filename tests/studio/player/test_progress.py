"""Progress as a person meets it: levels in order, money, going on after a loss, other modes, skins."""

import random

import pytest
from playwright.sync_api import Page, expect

from tests.studio.player import toy
from tests.studio.player.pages import button
from tests.studio.player.toy_pages import (
    AD,
    Begin,
    begin,
    cell,
    events,
    in_balance,
    kept,
    lose,
    names,
    url,
    win,
)

__all__ = ["begin", "url"]

pytestmark = pytest.mark.browser


def test_play_leads_from_level_to_level_and_then_to_the_offer(begin: Begin) -> None:
    page = begin()
    button(page, "Play").click()
    for _ in range(3):
        win(page)
        button(page, "Next level").click()
    assert page.evaluate("gamefactory.state().screen") == "unlock"
    assert events(page)[-1] == ("unlock_prompt_shown", 4, {"purpose": "unlock"})
    button(page, "Not now").click()
    expect(cell(page, 4, "locked, opens for an ad or 500 sea pearls")).to_be_focused()
    expect(cell(page, 5, "locked, first comes level 4")).to_be_visible()


def test_a_level_whose_turn_has_not_come_is_neither_played_nor_offered(begin: Begin) -> None:
    page = begin()
    button(page, "Levels").click()
    for number, said in ((2, "win level 1"), (4, "first comes level 3"), (10, "first comes level 9")):
        locked = cell(page, number, f"locked, {said}")
        expect(locked).to_have_attribute("aria-disabled", "true")
        locked.click(force=True)  # Playwright itself would wait for it to be enabled
        assert page.evaluate("gamefactory.state().screen") == "levels"
        expect(page.get_by_role("status")).to_contain_text(f"Level {number} is locked.")
    assert names(page) == []
    page.clock.run_for(3100)
    expect(page.get_by_role("status")).to_be_empty()


def test_the_currency_opens_a_level_without_an_ad(begin: Begin) -> None:
    page = begin(stars={"1": 1, "2": 1}, wallet=620)
    button(page, "Levels").click()
    cell(page, 4).click()
    button(page, "Open for 500 sea pearls").click()
    assert names(page) == ["unlock_prompt_shown", "level_unlocked"]
    assert events(page)[-1] == ("level_unlocked", 4, {"method": "currency"})
    expect(page.get_by_role("img", name="120 sea pearls", exact=True)).to_be_visible()
    button(page, "Play level 4").click()
    assert page.evaluate("gamefactory.state().screen") == "play"
    assert kept(page)["wallet"] == 120


def test_too_little_money_opens_nothing_and_says_how_much_is_missing(begin: Begin) -> None:
    page = begin(stars={"1": 1, "2": 1}, wallet=499)
    button(page, "Levels").click()
    cell(page, 4).click()
    expect(button(page, "Open for 500 sea pearls")).to_be_disabled()
    expect(page.get_by_text("Or for 500 sea pearls: you have 499.", exact=True)).to_be_visible()


def test_a_lost_level_goes_on_for_an_ad_and_has_one_end(begin: Begin) -> None:
    page = begin()
    button(page, "Play").click()
    lose(page, counted=15)
    assert names(page) == ["game_start", "level_start", "unlock_prompt_shown"]
    expect(page.get_by_role("img", name="75 % of the way")).to_be_visible()
    expect(button(page, "Try again")).to_be_focused()
    button(page, "Go on, for a short ad").click()
    page.clock.run_for(AD)
    assert page.evaluate("gamefactory.state().screen") == "play"
    page.keyboard.down("Space")
    page.evaluate("gamefactory.advance(5)")
    page.keyboard.up("Space")
    assert names(page)[3:] == ["rewarded_ad_started", "rewarded_ad_completed", "level_complete"]
    assert events(page, "rewarded_ad_completed") == [
        ("rewarded_ad_completed", 1, {"purpose": "continue", "revenue_micros": 4000})
    ]


def test_a_level_goes_on_once(begin: Begin) -> None:
    page = begin()
    button(page, "Play").click()
    lose(page)
    button(page, "Go on, for a short ad").click()
    page.clock.run_for(AD)
    lose(page)
    assert names(page)[-1] == "level_fail"
    expect(button(page, "Go on, for a short ad")).to_have_count(0)
    button(page, "Try again").click()
    lose(page)
    expect(button(page, "Go on, for a short ad")).to_be_visible()


@pytest.mark.parametrize("way", ["Try again", "Levels", "Escape", "leave"])
def test_an_offer_that_is_refused_ends_the_level_as_it_was_lost(begin: Begin, way: str) -> None:
    page = begin()
    button(page, "Play").click()
    lose(page, counted=3)
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "leave":
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    else:
        button(page, way).click()
    score = 10 * 3
    told = {"mode": "level", "score": score, "cause": "time", "frames": toy.LIMIT}
    assert events(page, "level_fail") == [("level_fail", 1, told)]
    assert kept(page)["wallet"] == 15


def test_an_ad_closed_early_leaves_the_offer_and_one_left_in_the_middle_ends_all(begin: Begin) -> None:
    page = begin()
    button(page, "Play").click()
    lose(page)
    button(page, "Go on, for a short ad").click()
    button(page, "Close ad").click()
    assert page.evaluate("gamefactory.state().screen") == "lose"
    assert not events(page, "level_fail")
    button(page, "Go on, for a short ad").click()
    page.clock.run_for(3000)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert [told for _, _, told in events(page, "rewarded_ad_failed")] == [
        {"purpose": "continue", "reason": "closed"},
        {"purpose": "continue", "reason": "left"},
    ]
    assert events(page, "level_fail")[0][2]["cause"] == "time"
    assert in_balance(page)


def test_the_days_level_is_played_paid_once_and_counted_apart(begin: Begin) -> None:
    page = begin()
    button(page, "Daily").click()
    expect(page.get_by_text("Next one in 12 h 0 min", exact=True)).to_be_visible()
    button(page, "Play today's level").click()
    assert page.evaluate("Play.level().seed") == 20522 % 30
    win(page)
    start, complete = events(page, "level_start", "level_complete")
    assert start == ("level_start", None, {"mode": "daily"})
    assert (complete[1], complete[2]["mode"]) == (None, "daily")
    assert kept(page)["wallet"] == 100 + 5 * toy.NEED
    assert kept(page)["daily"] == {"2026-03-10": 10 * toy.NEED + (toy.LIMIT - toy.NEED) // 10}
    assert kept(page)["stars"] == {}
    button(page, "Levels").click()
    button(page, "Back").click()
    button(page, "Daily").click()
    expect(page.get_by_text("1 day in a row", exact=True)).to_be_visible()
    button(page, "Play again").click()
    win(page)
    assert kept(page)["wallet"] == 100 + 2 * 5 * toy.NEED


def test_an_endless_run_is_completed_past_its_tenth_section_and_failed_before(begin: Begin) -> None:
    page = begin()
    button(page, "Endless").click()
    lose(page, counted=4)
    assert events(page, "level_start") == [("level_start", None, {"mode": "endless"})]
    first = page.evaluate("Play.level().seed")
    button(page, "Run again").click()
    assert page.evaluate("Play.level().seed") != first
    lose(page, counted=30)
    button(page, "Levels").click()
    ends = [(kind, level, told["mode"]) for kind, level, told in events(page, "level_fail", "level_complete")]
    assert ends == [("level_fail", None, "endless"), ("level_complete", None, "endless")]
    assert kept(page)["endless"] == 300
    assert in_balance(page)


def test_a_best_score_stands_on_the_map_and_beating_it_is_said(begin: Begin) -> None:
    page = begin(stars={"1": 2}, best={"1": 40})
    button(page, "Levels").click()
    cell(page, 1, "2 of 3 stars, best 40").click()
    win(page)
    expect(page.get_by_text("New best!", exact=True)).to_be_visible()
    button(page, "Play again").click()
    win(page)
    expect(page.get_by_text("New best!", exact=True)).to_have_count(0)


def test_what_was_earned_is_counted_into_the_wallet(begin: Begin) -> None:
    page = begin(wallet=7)
    button(page, "Play").click()
    win(page)
    earned = 5 * toy.NEED + 3 * 20
    expect(page.get_by_role("img", name=f"{earned} sea pearls", exact=True)).to_be_visible()
    wallet = page.locator(".panel > .wallet")
    expect(wallet).to_have_attribute("aria-label", f"{7 + earned} sea pearls")
    expect(wallet).to_have_text("7")
    for _ in range(40):
        page.clock.run_for(100)
        page.wait_for_timeout(50)
    expect(wallet).to_have_text(str(7 + earned))


def colour(page: Page, x: int) -> list[int]:
    """What a level begun now draws at ``x`` of the picture: the hero at 80, the rock at 240."""
    page.evaluate("(gamefactory.startLevel(1), 0)")
    seen = page.evaluate(
        """(x) => {
          const canvas = document.querySelector("canvas");
          const scale = canvas.width / 960;
          return [...canvas.getContext("2d").getImageData(x * scale, 180 * scale, 1, 1).data];
        }""",
        x,
    )
    page.keyboard.press("Escape")
    button(page, "Levels").click()
    button(page, "Back").click()
    return seen


def test_a_skin_is_bought_worn_and_remembered_and_colours_only_what_the_view_names(begin: Begin) -> None:
    page = begin(wallet=450)
    assert (colour(page, 80), colour(page, 240)) == (list(toy.RED), list(toy.GREEN))
    button(page, "Skins").click()
    button(page, "Carnival, 400 sea pearls").click()
    expect(button(page, "Carnival, worn")).to_be_focused()
    button(page, "Aurora, 800 sea pearls").click()
    expect(page.get_by_role("status")).to_have_text("Not enough yet: play on to earn it.")
    page.keyboard.press("Escape")
    hero = colour(page, 80)
    assert max(abs(a - b) for a, b in zip(hero, toy.RED, strict=True)) > 60
    assert colour(page, 240) == list(toy.GREEN)
    assert (kept(page)["wallet"], kept(page)["skin"], kept(page)["skins"]) == (50, "Carnival", ["Carnival"])
    page.reload()
    expect(button(page, "Play")).to_be_visible()
    assert colour(page, 80) == hero
    button(page, "Skins").click()
    button(page, "As it was drawn, yours").click()
    page.keyboard.press("Escape")
    assert colour(page, 80) == list(toy.RED)
    button(page, "Skins").click()
    button(page, "Carnival, yours").click()
    assert kept(page)["wallet"] == 50


def test_two_tabs_end_with_what_both_earned(begin: Begin) -> None:
    one = begin()
    two = begin(beside=one)
    for page in (one, two):
        button(page, "Play").click()
        lose(page, counted=7)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert kept(one)["wallet"] == 2 * 7 * 5


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_pressed_events_stay_in_balance(begin: Begin, seed: int) -> None:
    page = begin(stars={"1": 1, "2": 1, "3": 1}, wallet=900)
    draw = random.Random(seed)
    for _ in range(60):
        deed = draw.choice(["press", "press", "press", "play", "play", "wait", "escape", "reload"])
        if deed == "press":
            open_ = page.locator("#screen button:enabled")
            if open_.count():
                open_.nth(draw.randrange(open_.count())).click(force=True)
        elif deed == "play" and page.evaluate("document.body.dataset.screen") == "play":
            page.keyboard.down("Space")
            page.evaluate("n => gamefactory.advance(n)", draw.choice([3, toy.NEED]))
            page.keyboard.up("Space")
            page.evaluate("n => gamefactory.advance(n)", draw.choice([0, 400]))
        elif deed == "wait":
            page.clock.run_for(draw.choice([500, AD]))
        elif deed == "escape":
            page.keyboard.press("Escape")
        elif draw.random() < 0.2:
            page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
            assert in_balance(page)
            page.reload()
            expect(button(page, "Play")).to_be_visible()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert in_balance(page), names(page)
    assert page.evaluate("gamefactory.errors") == []
