"""What holds in many games: all made whole, and every level and section of them played in Chromium.

What belongs here: making and counting. What does not: what is asked of a game, which is read in the report of
``production/steps/testing.py``.
"""

import multiprocessing
import os
import statistics
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from rich.progress import track

from benchmarks.factory import bench_factory
from benchmarks.measure import console, measured, print_table, spread
from gamefactory_dagster.database.engine import get_engine
from gamefactory_dagster.errors import PermanentError, TransientError
from gamefactory_dagster.production import dispatch, worker
from gamefactory_dagster.production.steps import testing
from gamefactory_dagster.production.workshop import Workshop
from gamefactory_dagster.settings import Settings
from gamefactory_dagster.studio.browser.play import play_game
from gamefactory_dagster.studio.design.gdd import LEVELS
from gamefactory_dagster.studio.families import difficulty
from gamefactory_dagster.studio.families.extras import DAILIES, SECTIONS
from gamefactory_dagster.studio.providers import embedded

SEED = 2027
_WON = 1
_SECONDS = 1800.0
"""Longest that one game may be played."""

_SHOP: list[Workshop] = []
"""Of a process that makes games."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one game's reports say; ``fault`` is why it was not made."""

    game: str
    family: str = ""
    played: tuple[int, int, int] = (0, 0, 0)
    """Levels, daily levels and sections that ended in Chromium in the exact state predicted."""
    asked: tuple[int, int, int] = (0, 0, 0)
    """How many of each there are."""
    problems: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    """Share of the bots' games that win each of the ten levels."""
    cpu: float = 0.0
    """Seconds."""
    fault: str = ""


def main(games: int) -> None:
    """Make so many games and print what holds in how many of them."""
    with bench_factory(browser=True) as factory:
        if factory.settings.chromium is None:
            raise SystemExit("this needs Chromium: GAMEFACTORY_CHROMIUM says where it is")
        batch = factory.submit(games, seed=SEED)
        dispatch.plan_next(factory.engine, factory.settings)
        workers = multiprocessing.get_context("spawn").Pool(os.cpu_count(), _begin, (factory.settings,))
        with workers:
            waited = workers.imap_unordered(_make, factory.games(batch))
            made = list(track(waited, "Making and playing", games, console=console))
    _print(made)


def _begin(settings: Settings) -> None:
    """Make ready a process that plays everything there is, where the factory plays some."""
    testing.DAILIES_PLAYED = tuple(range(DAILIES))
    testing.SECTIONS_PLAYED = tuple(range(SECTIONS))
    testing.play_game = partial(play_game, seconds=_SECONDS)  # type: ignore[attr-defined]
    _SHOP.append(Workshop(get_engine(settings), settings, embedded(settings)))


def _make(game: UUID) -> Seen:
    try:
        with measured() as cost:
            done = {number: worker.perform(_SHOP[0], game, number, str(game)) for number in worker.RUN}
    except (PermanentError, TransientError) as error:
        return Seen(str(game), fault=str(error))
    levels, tested = done[9].artifacts, done[10].artifacts["report"]
    return Seen(
        str(game),
        family=done[1].artifacts.get("family", ""),
        played=_exact(tested["browser"]["levels"]),
        asked=(levels["levels"], len(levels["dailies"]), len(levels.get("sections", []))),
        problems=tuple(tested["rules"] + tested["dailies and sections"]),
        shares=tuple(levels["difficulty"]["won"]),
        cpu=cost.cpu,
    )


def _exact(played: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Levels, daily levels and sections that were won in the state their certificate ends with."""
    exact = [
        str(one["level"])
        for one in played
        if (one["outcome"], one["final_hash"], one["frames"])
        == (_WON, one["expected_hash"], one["expected_frames"])
    ]
    daily = sum(name.startswith("daily") for name in exact)
    sections = sum(name.startswith("section") for name in exact)
    return len(exact) - daily - sections, daily, sections


def _print(made: list[Seen]) -> None:
    whole = [one for one in made if not one.fault]
    falling = [one for one in whole if difficulty.spearman(one.shares) <= difficulty.FALLING]
    even = [one for one in whole if not difficulty.dips(one.shares)]
    rows: list[tuple[str, object, object]] = [("games made and published", len(whole), len(made))]
    for place, name in enumerate(("levels", "daily levels", "sections of the endless mode")):
        exact, asked = (sum(of(one)[place] for one in whole) for of in (_played, _asked))
        rows.append((f"{name} played in Chromium to the exact state", exact, asked))
    rows += [
        ("games without a complaint of the rules", sum(not one.problems for one in whole), len(whole)),
        ("games whose levels get harder in order", len(falling), len(whole)),
        ("games without a level far harder than both its neighbours", len(even), len(whole)),
    ]
    print_table(f"What holds in {len(made)} games", ("", "holds", "of"), rows)
    if whole:
        last = statistics.median(one.shares[-1] for one in whole)
        console.print(f"Level {LEVELS} is won by {last:.0%} of the bots in the median game.")
        console.print(f"CPU seconds a game without Chromium's: {spread([one.cpu for one in whole])}")
    for one in made:
        faults = [one.fault] if one.fault else [*one.problems, *difficulty.faults(one.shares)]
        for fault in faults:
            console.print(f"{one.game}: {fault}")


def _played(one: Seen) -> tuple[int, int, int]:
    return one.played


def _asked(one: Seen) -> tuple[int, int, int]:
    return one.asked
