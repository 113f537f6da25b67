"""Whether the levels of many games fall as they should, and what making them costs.

Made as step 9 makes them; judged by other games of the bots than those the factory measured by: other luck,
and more of them. Judged by the same games, whatever luck the factory chose would be praised.
"""

import statistics
import time
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.measure import console, print_table
from gamefactory_dagster.studio.design.gdd import GDD, STYLES
from gamefactory_dagster.studio.design.words import THEMES
from gamefactory_dagster.studio.designer import Brief, ProceduralDesigner
from gamefactory_dagster.studio.families import family_for, genres
from gamefactory_dagster.studio.families.difficulty import FALLING, SKILLS, dips, spearman
from gamefactory_dagster.studio.families.extras import make_dailies, make_sections
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import LEAST_EASE, make_levels

GAMES_A_GENRE = 20
FIRST_LUCK, GAMES_A_SKILL = 5001, 40
"""Far from the luck the factory measures by, which begins at 1."""

CASUAL, CASUAL_GAMES = 50, 100
"""Skill at which the bot is the casual player, and his games of level 10."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One game: CPU seconds, and the shares won of its levels."""

    levels: float
    dailies: float
    sections: float
    shares: tuple[float, ...]
    last: float
    """Of casual players' games, won of level 10."""

    @property
    def falls(self) -> bool:
        """Whether its levels get harder in order."""
        return spearman(self.shares) <= FALLING


def main() -> None:
    """Print the table, a row for each genre."""
    rows = []
    for genre in genres():
        judged = [_judge(_design(genre, seed)) for seed in range(1, GAMES_A_GENRE + 1)]
        rows.append(
            (
                genre,
                f"{sum(game.falls for game in judged)} of {len(judged)}",
                sum(len(dips(game.shares)) for game in judged),
                sum(game.last < LEAST_EASE for game in judged),
                *(
                    statistics.median(getattr(game, kind) for game in judged)
                    for kind in ("levels", "dailies", "sections")
                ),
            )
        )
    header = (
        "games",
        "fall as they should",
        "dips",
        "level 10 unfair",
        "CPU s levels",
        "dailies",
        "sections",
    )
    print_table("Levels of many games, judged by other games of the bots", header, rows)
    console.print(f"Judged by {GAMES_A_SKILL * len(SKILLS)} games a level; seconds are medians.")


def _design(genre: str, seed: int) -> GDD:
    themes = sorted(THEMES)
    brief = Brief(
        name=f"Game {seed}",
        slug=f"game-{seed}",
        genre=genre,
        theme=themes[seed % len(themes)],
        style=STYLES[seed // 3 % len(STYLES)],
        seed=seed * 7919 + 13,
    )
    return ProceduralDesigner().design(brief, 0)


def _judge(gdd: GDD) -> Judged:
    family = family_for(gdd.genre)
    with Lab(family) as lab:
        clocks = [time.process_time()]
        made = make_levels(family, gdd, lab)
        clocks.append(time.process_time())
        make_dailies(family, gdd, lab)
        clocks.append(time.process_time())
        make_sections(family, gdd, lab)
        clocks.append(time.process_time())
        games = GAMES_A_SKILL * len(SKILLS)
        shares = tuple(
            lab.completion(level, proof.trace, SKILLS, FIRST_LUCK, GAMES_A_SKILL) / games
            for level, proof in made
        )
        level, proof = made[-1]
        last = lab.completion(level, proof.trace, (CASUAL,), FIRST_LUCK, CASUAL_GAMES) / CASUAL_GAMES
    spent = [late - early for early, late in pairwise(clocks)]
    return Judged(spent[0], spent[1], spent[2], shares, last)


if __name__ == "__main__":
    main()
