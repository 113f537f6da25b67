"""What the demo shows at its end."""

import datetime as dt
import io
import json
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from rich.console import Console

from gamefactory_dagster.learning.weights import Learned
from gamefactory_dagster.local import demo
from gamefactory_dagster.local.demo import NOTHING_MOVED, moved_table, played_table
from gamefactory_dagster.report.facts import GameLine, Window
from gamefactory_dagster.settings import Settings


def shown(table: object) -> list[str]:
    screen = io.StringIO()
    Console(width=160, file=screen).print(table)
    return screen.getvalue().splitlines()


def learned(mechanic: str, weight: str | None, games: int) -> Learned:
    number = None if weight is None else Decimal(weight)
    return Learned(UUID(int=0), mechanic, "runner", number, games, None, None, None)


def test_weights_that_moved_are_shown_farthest_first() -> None:
    before = [learned(name, weight, 0) for name, weight in zip("abcd", (None, "1", "1", "2"), strict=True)]
    after = [learned("a", "1.5", 3), learned("b", "0.5", 2), learned("c", "9", 0), learned("d", "2", 4)]
    lines = shown(moved_table(before, after))
    assert lines[0].strip() == "What the factory learned: 2 weights moved"
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert rows == [["b", "runner", "1.0000", "0.5000", "2"], ["a", "runner", "1.0000", "1.5000", "3"]]


def game(name: str, score: str | None, **counts: int) -> GameLine:
    names = ("installs", "cohort_d1", "retained_d1", "cohort_d7", "retained_d7", "levels_completed")
    more = ("levels_failed", "ad_prompts", "ad_impressions", "ad_revenue_cents", "iap_revenue_cents")
    return GameLine(
        id=uuid4(),
        slug=name,
        name=name,
        genre="runner",
        play_url=f"http://127.0.0.1:1/games/{name}/",
        dau=0,
        score=None if score is None else Decimal(score),
        **{**dict.fromkeys((*names, *more), 0), **counts},
    )


def test_games_are_shown_best_first_with_a_dash_for_what_nobody_knows() -> None:
    lines = shown(played_table([game("quiet", None), game("[loud]", "61.25", cohort_d1=8, retained_d1=2)]))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert [row[:4] for row in rows] == [["[loud]", "runner", "0", "25.0%"], ["quiet", "runner", "0", "-"]]
    assert [row[7] for row in rows] == ["61.2", "-"]


def test_when_nothing_was_learned_it_says_why() -> None:
    assert moved_table([], []).row_count == 0
    assert NOTHING_MOVED.endswith("no weight moved; a game teaches from 100 installs on.")


@pytest.mark.parametrize(
    ("first_day", "begins"), [("2026-02-01", "2026-03-01"), ("2026-03-05", "2026-03-05")]
)
def test_metrics_are_asked_for_of_days_that_are_partitions(monkeypatch, tmp_path, first_day, begins) -> None:
    started = []

    class Child:
        def __init__(self, _name: str, arguments: list[str], *_: object) -> None:
            started.append(json.loads(arguments[-1]))

        def finish(self) -> None:
            pass

    monkeypatch.setattr(demo, "Child", Child)
    settings = Settings(home=tmp_path, database_url=None)
    window = Window(dt.date(2026, 3, 2), dt.date(2026, 3, 15))
    demo.compute(settings, {"GAMEFACTORY_FIRST_DAY": first_day}, window)
    [tags] = started
    assert tags["dagster/asset_partition_range_start"] == begins
    assert tags["dagster/asset_partition_range_end"] == "2026-03-15"


def test_of_one_and_of_many_weights_it_says_how_many() -> None:
    many = [learned(f"m{number}", f"{number + 2}", 3) for number in range(9)]
    before = [learned(row.mechanic, "1", 0) for row in many]
    assert "1 weight moved" in shown(moved_table(before[:1], many[:1]))[0]
    assert "9 weights moved, these most" in shown(moved_table(before, many))[0]
