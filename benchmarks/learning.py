"""Does the factory learn? Rules of choosing mechanics, in worlds whose hidden effects only we know."""

import math
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.measure import console, measured, print_table
from gamefactory_dagster.learning.choice import COUNT, Weighted, choose
from gamefactory_dagster.learning.model import Sample
from gamefactory_dagster.learning.simulation import (
    MEAN,
    MECHANICS,
    SPREAD,
    Chooser,
    our_rule,
    share,
    simulate,
)

SEEDS = 200
BATCHES = 50
LATE = 10
"""Batches at the end that are also looked at alone."""


def main() -> None:
    """Print the table."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # two threads wait for each other longer than they work
    rules = {
        "regression and a curious draw (ours)": our_rule,
        "fixed increments, +0.1 or -0.05": increments,
        "UCB1": ucb1,
        "greedy means": greedy,
        "uniform": uniform,
    }
    rows = []
    for name, rule in rules.items():
        with measured() as cost:
            runs = [simulate(rule, seed, BATCHES) for seed in range(SEEDS)]
        whole = [share(gains) for gains in runs]
        late = [share(gains[-LATE:]) for gains in runs]
        rows.append((name, _percent(whole), _percent(late), 1000 * cost.cpu / SEEDS / BATCHES))
    print_table(
        f"Share of the way from uniform choice to the best, {SEEDS} worlds, {BATCHES} batches of 10",
        ("rule", "all batches: mean (5th-95th)", f"last {LATE}", "CPU ms a batch"),
        rows,
    )
    console.print(
        "20 mechanics in 6 genres, three chosen a game. In variances: luck 0.8, genre 0.5, mechanic 0.10, "
        "mechanic in genre 0.06."
    )


def _percent(shares: Sequence[float]) -> str:
    low, *_, high = statistics.quantiles(shares, n=20)
    return f"{statistics.fmean(shares):.0%} ({low:.0%} to {high:.0%})"


def uniform(_games: Sequence[Sample]) -> Chooser:
    """Draw by lot."""
    return lambda genre, seed: random.Random(seed).sample(MECHANICS, COUNT)


def increments(games: Sequence[Sample]) -> Chooser:
    """+0.1 for each mechanic of a game at or above the mean, -0.05 below; drawn as ours are."""
    weights: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for game in games:
        step = 0.1 if game.outcome >= MEAN else -0.05
        for name in game.mechanics:
            pair = name, game.genre
            weights[pair] = min(10.0, max(0.1, weights[pair] + step))
            counts[pair] += 1

    def choose_mechanics(genre: str, seed: int) -> Sequence[str]:
        weighted = [Weighted(name, weights[name, genre], counts[name, genre]) for name in MECHANICS]
        return choose(weighted, seed, core=()).names

    return choose_mechanics


def ucb1(games: Sequence[Sample]) -> Chooser:
    """The untried first, then by mean outcome plus sqrt(2 ln(games) / tries) of a deviation of outcomes.

    The textbook's bonus is of the whole range of rewards, here 100 points, with which it never stops trying.
    """
    tried = _outcomes(games)
    played: dict[str, int] = defaultdict(int)
    for game in games:
        played[game.genre] += 1

    def bound(name: str, genre: str) -> float:
        outcomes = tried[name, genre]
        if not outcomes:
            return math.inf
        return statistics.fmean(outcomes) + SPREAD * math.sqrt(2 * math.log(played[genre]) / len(outcomes))

    def choose_mechanics(genre: str, seed: int) -> list[str]:
        rng = random.Random(seed)
        return _top({name: (bound(name, genre), rng.random()) for name in MECHANICS})

    return choose_mechanics


def greedy(games: Sequence[Sample]) -> Chooser:
    """The best means so far; an untried one counts as the mean of all."""
    tried = _outcomes(games)

    def choose_mechanics(genre: str, seed: int) -> list[str]:
        rng = random.Random(seed)
        means = {name: statistics.fmean(tried[name, genre] or [MEAN]) for name in MECHANICS}
        return _top({name: (mean, rng.random()) for name, mean in means.items()})

    return choose_mechanics


def _outcomes(games: Sequence[Sample]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for game in games:
        for name in game.mechanics:
            found[name, game.genre].append(game.outcome)
    return found


def _top(keys: Mapping[str, tuple[float, float]]) -> list[str]:
    return sorted(keys, key=lambda name: keys[name], reverse=True)[:COUNT]
