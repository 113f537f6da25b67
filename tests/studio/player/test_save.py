"""What is kept between visits, and what it opens and pays: the shell's own scripts in V8, a tab each."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.tools import v8

FOLDER = Path(player.__file__).parent
WORLD = """
const kept = {};
let full = false;
const localStorage = {
  getItem: (name) => (name in kept ? kept[name] : null),
  setItem(name, text) {
    if (full) throw new Error("full");
    kept[name] = text;
  },
};
let now = Date.UTC(2026, 2, 10, 12);
const events = [];
const Analytics = { emit: (...event) => events.push(event) };
const tabs = [];
const game = {
  free_levels: 3, levels: [...Array(10).keys()].map((i) => ({ number: i + 1 })),
  dailies: [...Array(30).keys()],
  economy: { par: 100, pickup_value: 5, price: 500 },
};
"""
TAB = """tabs.push((() => {
  const Date_ = Date;
  SAVE
  return (() => {
    const Date = class extends Date_ { static now() { return now; } };
    PROGRESS
    Save.open("game");
    Progress.open(game);
    return { Save, Progress };
  })();
})());"""


class World:
    """A browser's storage, and tabs of one game that share it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        engine.eval(WORLD)

    def store(self, save: object) -> None:
        self.run(f"kept['gf:game'] = {json.dumps(json.dumps(save))}")

    def tab(self) -> int:
        save, progress = (FOLDER / "save.js").read_text(), (FOLDER / "progress.js").read_text()
        text = TAB.replace("SAVE", save).replace("PROGRESS", progress)
        return int(self.run(text)) - 1

    def run(self, code: str) -> Any:
        return json.loads(self.engine.eval(f"JSON.stringify((0, eval)({json.dumps(code)})) ?? 'null'"))

    def ask(self, tab: int, code: str) -> Any:
        return self.run(f"(({{ Save, Progress }}) => {code})(tabs[{tab}])")

    def win(self, tab: int, number: int, **summary: int) -> None:
        told = {"stars": 2, "score": 70, "pickups": 4, "progress": 1000} | summary
        self.ask(tab, f"Progress.ended({{ number: {number} }}, 'level', 1, {json.dumps(told)})")

    def end(self, tab: int, mode: str, outcome: int, **summary: int) -> None:
        told = {"stars": 0, "score": 70, "pickups": 0, "progress": 500} | summary
        self.ask(tab, f"Progress.ended({{ number: 0 }}, '{mode}', {outcome}, {json.dumps(told)})")

    @property
    def kept(self) -> dict[str, Any]:
        return json.loads(self.run("kept['gf:game']"))


@pytest.fixture
def world() -> Iterator[World]:
    with v8.context() as engine:
        yield World(engine)


def opened(world: World, tab: int) -> list[int]:
    return [n for n in range(1, 11) if world.ask(tab, f"Progress.isOpen({n})")]


def test_a_level_opens_when_the_one_before_is_won_and_from_the_fourth_on_only_if_it_is_paid_for(
    world: World,
) -> None:
    tab = world.tab()
    for won, before in ((1, [1]), (2, [1, 2]), (3, [1, 2, 3])):
        assert opened(world, tab) == before
        assert world.ask(tab, "Progress.next()") == won
        world.win(tab, won)
    assert opened(world, tab) == [1, 2, 3]
    assert world.ask(tab, "Progress.next()") == 4


def test_only_the_first_level_that_is_not_open_is_offered_and_only_past_the_free_ones(world: World) -> None:
    tab = world.tab()
    assert world.ask(tab, "Progress.offered()") == 0, "level 2 is to be won, not to be bought"
    world.win(tab, 1)
    world.win(tab, 2)
    assert world.ask(tab, "Progress.offered()") == 4
    world.ask(tab, "Progress.unlock(4, 'ad')")
    assert world.ask(tab, "Progress.offered()") == 5
    assert world.run("events") == [["level_unlocked", 4, {"method": "ad"}]]


def test_the_currency_opens_the_level_that_comes_next_and_no_other(world: World) -> None:
    world.store({"stars": {"1": 1, "2": 1, "3": 1}, "wallet": 999})
    tab = world.tab()
    assert world.ask(tab, "Progress.buy(5)") is False
    assert world.ask(tab, "Progress.buy(4)") is True
    assert world.ask(tab, "Progress.buy(5)") is False, "499 are not 500"
    assert (world.kept["wallet"], world.kept["unlocked"]) == (499, [4])
    assert world.run("events") == [["level_unlocked", 4, {"method": "currency"}]]


def test_two_tabs_pay_for_one_level_once(world: World) -> None:
    world.store({"stars": {"1": 1, "2": 1}, "wallet": 1200})
    one, two = world.tab(), world.tab()
    assert world.ask(one, "Progress.buy(4)") is True
    assert world.ask(two, "Progress.buy(4)") is True, "it is open"
    assert (world.kept["wallet"], world.kept["unlocked"]) == (700, [4])
    assert len(world.run("events")) == 1
    world.win(two, 3, stars=0, pickups=2)
    assert world.kept["wallet"] == 710, "what one tab spent is not there for the other"


def test_what_two_tabs_won_and_earned_is_kept_together(world: World) -> None:
    one, two = world.tab(), world.tab()
    world.win(one, 1, stars=3, score=50, pickups=2)
    world.win(two, 1, stars=1, score=90, pickups=4)
    world.ask(two, "Progress.unlock(4, 'ad')")
    world.ask(one, "Progress.unlock(5, 'ad')")
    world.ask(one, "Save.learn('jump')")
    world.ask(two, "Save.learn('duck')")
    kept = world.kept
    assert (kept["stars"], kept["best"]) == ({"1": 3}, {"1": 90})
    assert (sorted(kept["unlocked"]), sorted(kept["learned"])) == ([4, 5], ["duck", "jump"])
    assert kept["wallet"] == 2 * 5 + 3 * 20 + 4 * 5, "stars that another tab won are not paid twice"


def test_one_tab_does_not_turn_on_what_another_turned_off(world: World) -> None:
    one, two = world.tab(), world.tab()
    world.ask(one, "Save.toggle('music')")
    world.win(two, 1)
    assert world.kept["music"] is False
    assert world.kept["sound"] is True


def test_a_full_storage_takes_nothing_away_and_is_caught_up_with(world: World) -> None:
    tab = world.tab()
    world.win(tab, 1, pickups=2)
    world.run("full = true")
    world.win(tab, 2, pickups=2, stars=1)
    world.ask(tab, "Save.toggle('sound')")
    world.ask(tab, "Save.sync()")
    seen = world.ask(tab, "Save.data")
    assert (seen["stars"], seen["wallet"], seen["sound"]) == ({"1": 2, "2": 1}, 10 + 40 + 10 + 20, False)
    world.run("full = false")
    world.win(tab, 3, pickups=0, stars=1)
    assert (world.kept["wallet"], world.kept["sound"]) == (seen["wallet"] + 20, False)


def test_a_save_of_an_earlier_version_is_read_and_takes_no_level_away(world: World) -> None:
    world.store({"stars": {"3": 2}, "unlocked": [6], "sound": False, "music": True})
    tab = world.tab()
    assert opened(world, tab) == [1, 3, 6]
    assert world.ask(tab, "Save.data.sound") is False
    assert world.ask(tab, "Progress.next()") == 1


@pytest.mark.parametrize(
    "save",
    [
        7,
        "text",
        [],
        {"stars": 7, "best": "x", "daily": [1], "unlocked": {}, "wallet": "9", "skin": 3, "learned": 1},
        {"stars": {"1": 9.5, "x": 3, "-1": 2}, "wallet": -5, "endless": 1e400, "skins": [None, 4, "x" * 99]},
        {"unlocked": [None, "4", 0, -1, 4.5], "daily": {"yesterday": 5, "2026-03-10": -1}},
    ],
)
def test_whatever_is_no_part_of_a_save_is_as_if_it_were_not_there(world: World, save: object) -> None:
    world.store(save)
    tab = world.tab()
    seen = world.ask(tab, "Save.data")
    assert opened(world, tab) == [1]
    assert (seen["wallet"], seen["endless"], seen["skins"], seen["skin"]) == (0, 0, [], "")
    assert (seen["daily"], seen["best"], seen["stars"]) == ({}, {}, {})


def test_stars_pay_once_and_gathering_at_most_a_level_at_full_marks(world: World) -> None:
    tab = world.tab()
    world.win(tab, 1, stars=2, pickups=4)
    assert world.kept["wallet"] == 2 * 20 + 20
    world.win(tab, 1, stars=3, pickups=4)
    assert world.kept["wallet"] == 60 + 20 + 20
    world.win(tab, 1, stars=3, pickups=4000)
    assert world.kept["wallet"] == 100 + 100
    world.end(tab, "level", 2, pickups=3)
    assert world.kept["wallet"] == 215, "what was gathered in a lost try is kept"


def test_a_best_score_is_a_record_only_where_there_was_one_before(world: World) -> None:
    tab = world.tab()
    records = []
    for score in (50, 40, 60):
        world.win(tab, 1, score=score)
        records.append(world.ask(tab, "Progress.latest().record"))
    assert records == [False, False, True]
    assert world.kept["best"] == {"1": 60}


def test_the_days_level_is_the_same_for_everybody_and_pays_once_a_day(world: World) -> None:
    tab = world.tab()
    day = 20522
    assert world.ask(tab, "Progress.today()") == {
        "date": "2026-03-10",
        "number": day % 30,
        "left": 12 * 3600_000,
    }
    world.end(tab, "daily", 2)
    assert world.kept["daily"] == {}
    for score, wallet in ((70, 100), (90, 100), (80, 100)):
        world.end(tab, "daily", 1, score=score)
        assert world.kept["wallet"] == wallet
    assert world.kept["daily"] == {"2026-03-10": 90}


def test_days_in_a_row_pay_more_and_a_day_left_out_ends_them(world: World) -> None:
    tab = world.tab()
    wallets = [0]
    for _ in range(3):
        world.end(tab, "daily", 1)
        wallets.append(world.kept["wallet"])
        world.run("now += 86400000")
    assert [b - a for a, b in pairwise(wallets)] == [100, 116, 133]
    assert world.ask(tab, "Progress.streak()") == 3, "until today is over"
    world.run("now += 86400000")
    assert world.ask(tab, "Progress.streak()") == 0


def test_a_day_that_ends_while_its_level_is_played_is_the_day_that_was_won(world: World) -> None:
    tab = world.tab()
    world.ask(tab, "Progress.enter()")
    world.run("now += 13 * 3600000")
    world.end(tab, "daily", 1)
    assert world.kept["daily"] == {"2026-03-10": 70}
    assert world.ask(tab, "Progress.streak()") == 1


def test_of_days_long_ago_not_all_is_kept(world: World) -> None:
    world.store({"daily": {f"2025-{month:02}-{day:02}": 5 for month in (1, 2, 3) for day in range(1, 28)}})
    tab = world.tab()
    world.end(tab, "daily", 1)
    kept = sorted(world.kept["daily"])
    assert len(kept) == 60
    assert kept[-1] == "2026-03-10"


def test_an_endless_run_keeps_its_best_and_counts_as_completed_past_its_tenth_section(world: World) -> None:
    tab = world.tab()
    for score in (50, 90, 70):
        world.end(tab, "endless", 2, score=score)
    assert world.kept["endless"] == 90

    def passed(progress: int, **level: Any) -> bool:
        return bool(world.ask(tab, f"Progress.passed({json.dumps(level)}, {{ progress: {progress} }})"))

    assert (passed(83), passed(84)) == (False, True)
    marks = [100 * section for section in range(50)]
    assert (passed(200, marks=marks, length=5000), passed(201, marks=marks, length=5000)) == (False, True)
