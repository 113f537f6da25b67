"""Drafts of tile swap levels along a difficulty curve, and how a draft is made easier or harder.

What belongs here: numbers that make a level easier or harder. What does not: which mechanics and outlines a
game's levels have (``grammar.py``), the rules (``rules.js``), search (``solver.js``), or whether a level is
fit to ship (``levels.py``).

A level holds, beside ``number``, ``seed`` and ``teaches`` (absent mechanics are 0 or an empty list):

==================================  ====================================================================
``columns rows holes``              the board, and the cells that are no part of it
``kinds moves``                     tile kinds 1..kinds, and swaps a player has
``goals``                           ``{"type": "collect" | "score" | "item", "kind", "count"}``, all to be met
``combos``                          1: cascades multiply points
``clock time_bonus time_one_in``    frames on the clock, frames a clock tile adds, one tile in so many has one
``hearts fuses``                    ``fuses`` is ``[[cell, turns], ...]``
``fuse_every fuse_turns``           every so many turns another, and how many turns it burns
``covers cover_rate``               cells that start face down; per cent of new tiles that do
``paths``                           cells of each item's way, from its start to its exit
``stones spawn_every spawn_limit``  ``[[cell, hits], ...]``; every so many turns another, up to a limit
``turning``                         1: the side tiles fall to turns with every swap
``pace``                            frames the solver leaves between a still board and a swap
==================================  ====================================================================
"""

import random
from collections.abc import Callable
from typing import Any

from gamefactory_dagster.studio.families.base import Level

from .grammar import Grammar
from .outlines import holes

MOST_MOVES, FEWEST_MOVES = 30, 7
SHORTEST_PATH = 3
SMALLEST_GOAL = {"collect": 6, "score": 200}
STEP = {"collect": 1, "score": 50}

WAYS = 24
"""Ways down that are drawn before a board gives up its holes."""

_COLLECTED = {4: 4.4, 5: 1.5, 6: 0.92}
"""Tiles of one wanted kind that a player who looks at four swaps a turn clears each turn, by kinds on the
board (measured over 60 boards of 7x7 with ``Solver.casual``)."""

_SCORED = {4: 430, 5: 145, 6: 82}
"""Points such a player makes each turn when cascades multiply, under the mean, which rare cascades lift."""

_STEPS = {4: 1.1, 5: 0.75}
"""Cells an item moves each turn, a little under what such a player makes; six kinds would be too slow."""


def draft(game: Grammar, number: int, difficulty: int, rng: random.Random) -> Level:
    """Draft level ``number`` (1..10) of a game, ``difficulty`` 0..100 hard; nobody has won it yet."""
    level = _draft(game, game.mechanics(number), game.outline(number), difficulty, rng)
    return {**level, "number": number, "teaches": game.teaches(number)}


def draft_daily(game: Grammar, number: int, rng: random.Random) -> Level:
    """Draft the level of day ``number`` (0..29): two of the game's mechanics, neither easy nor hard."""
    difficulty = 30 + 5 * (number * 7 % 10)
    picked = (
        {game.order[(number * turn + turn) % len(game.order)] for turn in (1, 2)} if game.order else set()
    )
    mechanics = tuple(name for name in game.order if name in picked)
    level = _draft(game, mechanics, (game.mild, *game.bold)[number % 4], difficulty, rng)
    return {**level, "number": 0, "teaches": []}


def _draft(
    game: Grammar, mechanics: tuple[str, ...], outline: str, difficulty: int, rng: random.Random
) -> Level:
    columns, rows = game.sizes[difficulty >= 30]
    level: Level = {
        "seed": rng.randrange(2**31),
        "columns": columns,
        "rows": rows,
        "holes": holes(outline, columns, rows),
        "kinds": 4 if difficulty < 12 else 5 if difficulty < 75 else 6,
        "moves": 22 - difficulty // 25 - rng.randrange(3),
        "goals": [],
        "combos": int("score_system" in mechanics),
        "clock": 0,
        "time_bonus": 0,
        "time_one_in": 0,
        "hearts": 0,
        "fuses": [],
        "fuse_every": 0,
        "fuse_turns": 0,
        "covers": [],
        "cover_rate": 0,
        "paths": [],
        "stones": [],
        "spawn_every": 0,
        "spawn_limit": 0,
        "turning": int("physics_gravity" in mechanics),
        "pace": 48 - difficulty // 8,
    }
    if "path_following" in mechanics:
        level["kinds"] = min(5, level["kinds"])
        level["paths"] = _paths(level, difficulty, rng)
    _obstacles(level, mechanics, game.layout, difficulty, rng)
    _pressures(level, mechanics, difficulty, rng)
    level["goals"] = _goals(level, mechanics, difficulty, rng)
    return level


def _paths(level: Level, difficulty: int, rng: random.Random) -> list[list[int]]:
    """Ways down that meet no hole; where none is found, the board has no holes."""
    for _ in range(WAYS):
        paths = _ways(level, difficulty, rng)
        if not {cell for path in paths for cell in path} & set(level["holes"]):
            return paths
    level["holes"] = []
    return paths


def _ways(level: Level, difficulty: int, rng: random.Random) -> list[list[int]]:
    """Ways down, winding more the harder the level; from difficulty 60 on two, each in its own half."""
    columns = level["columns"]
    if difficulty < 60:
        return [_path(level, 1, columns - 2, difficulty, rng)]
    middle = columns // 2
    return [
        _path(level, left, right, difficulty, rng)
        for left, right in ((0, middle - 1), (middle + 1, columns - 1))
    ]


def _path(level: Level, left: int, right: int, difficulty: int, rng: random.Random) -> list[int]:
    """One way from the top row to the bottom row, never up, within the columns ``left`` to ``right``."""
    columns, rows = level["columns"], level["rows"]
    x = rng.randint(left, right)
    path = [x]
    for y in range(1, rows):
        path.append(y * columns + x)
        aside = x + rng.choice((-1, 1))
        if y < rows - 1 and left <= aside <= right and rng.randrange(120) < difficulty:
            x = aside
            path.append(y * columns + x)
    return path


def _mirrored(
    level: Level, count: int, top: int, taken: set[int], layout: str, rng: random.Random
) -> list[int]:
    """About ``count`` free cells from row ``top`` down, the same to the left and the right."""
    columns, rows = level["columns"], level["rows"]
    nearest: dict[str, Callable[[int], int]] = {
        "scattered": lambda cell: 0,
        "floor": lambda cell: -(cell // columns),
        "rim": lambda cell: cell % columns,
        "middle": lambda cell: abs(2 * (cell // columns) - rows + 1) - cell % columns,
    }
    half = [y * columns + x for y in range(top, rows) for x in range((columns + 1) // 2)]
    rng.shuffle(half)
    cells: list[int] = []
    for cell in sorted(half, key=nearest[layout]):
        both = {cell, cell - cell % columns + columns - 1 - cell % columns}
        if len(cells) < count and not both & taken:
            cells.extend(sorted(both))
            taken |= both
    return sorted(cells)


def _obstacles(
    level: Level, mechanics: tuple[str, ...], layout: str, difficulty: int, rng: random.Random
) -> None:
    taken = {*level["holes"], *(cell for path in level["paths"] for cell in path)}
    if "collision_detection" in mechanics:
        cells = _mirrored(level, 3 + difficulty // 16, 2, taken, layout, rng)
        level["stones"] = [[cell, 1 + int(rng.randrange(100) < difficulty - 30)] for cell in cells]
    if "card_flip" in mechanics:
        level["covers"] = _mirrored(level, 4 + difficulty // 8, 1, taken, layout, rng)
        level["cover_rate"] = difficulty // 8
    if "spawner" in mechanics:
        level["spawn_every"] = 5 - difficulty // 40
        level["spawn_limit"] = 3 + difficulty // 20
    if "health_system" in mechanics:
        level["hearts"] = 3
        level["fuse_turns"] = 12 - difficulty // 16
        level["fuse_every"] = 6 - difficulty // 30
        cells = _mirrored(level, 1 + difficulty // 50, 1, taken, "scattered", rng)
        level["fuses"] = [[cell, level["fuse_turns"]] for cell in cells]


def _pressures(level: Level, mechanics: tuple[str, ...], difficulty: int, rng: random.Random) -> None:
    if "timer_countdown" in mechanics:
        level["clock"] = level["moves"] * (150 - difficulty // 2) + rng.randrange(60)
        level["time_bonus"] = 180
        level["time_one_in"] = 20 + difficulty // 10


def _demand(level: Level, difficulty: int) -> float:
    """Goal over what a casual player makes of his moves: 0.55 is very easy, past 1.0 most games are lost."""
    cells = level["columns"] * level["rows"] - len(level["holes"])
    blocked = (len(level["stones"]) + len(level["covers"]) / 2) / cells
    demand = 0.5 + 0.006 * difficulty - 0.8 * blocked
    if level["spawn_every"]:
        demand -= 0.08
    if level["hearts"]:
        demand -= 0.1
    if level["clock"]:
        demand -= 0.08
    return float(max(0.35, demand))


def _goals(
    level: Level, mechanics: tuple[str, ...], difficulty: int, rng: random.Random
) -> list[dict[str, Any]]:
    kinds, moves, demand = level["kinds"], level["moves"], _demand(level, difficulty)
    goals: list[dict[str, Any]] = []
    if level["paths"]:
        goals.append({"type": "item", "kind": 0, "count": len(level["paths"])})
        steps = sum(len(path) - 1 for path in level["paths"])
        level["moves"] = moves = min(
            MOST_MOVES, max(9, round(steps / (_STEPS[kinds] * demand * (0.9 + difficulty / 200))))
        )
        if level["clock"]:
            level["clock"] = moves * (150 - difficulty // 2)
        demand *= 0.6  # whoever clears a way does not go for points
    if "score_system" in mechanics:
        swing = 0.8 + difficulty / 200  # points vary more than tiles do: one cascade decides many games
        count = max(SMALLEST_GOAL["score"], round(moves * _SCORED[kinds] * demand * swing) // 50 * 50)
        goals.append({"type": "score", "kind": 0, "count": count})
    if goals:
        return goals
    wanted = sorted(rng.sample(range(1, kinds + 1), 1 if difficulty < 15 else 2 if difficulty < 65 else 3))
    share = 1.0 - 0.08 * (len(wanted) - 1)  # several colours leave less choice towards the end
    count = max(SMALLEST_GOAL["collect"], round(moves * _COLLECTED[kinds] * demand * share))
    return [{"type": "collect", "kind": kind, "count": count} for kind in wanted]


def eased(level: Level, report: dict[str, Any], rng: random.Random) -> Level | None:
    """Ease a level where the solver's best attempt fell short; None when little more can be given."""
    easier = {
        **level,
        "goals": [dict(goal) for goal in level["goals"]],
        "paths": [list(p) for p in level["paths"]],
    }
    cause = report.get("cause", "")
    if cause == "hearts":
        easier["fuse_turns"] += 2
        easier["fuses"] = [[cell, turns + 2] for cell, turns in level["fuses"]]
    if level["clock"]:
        easier["clock"] += level["clock"] // 8
    if easier["moves"] >= MOST_MOVES and not _shrunk(easier, report.get("short", [])):
        return None
    easier["moves"] = min(MOST_MOVES, easier["moves"] + 1 + rng.randrange(2))
    _shrunk(easier, report.get("short", []))
    return easier


def hardened(level: Level, rng: random.Random) -> Level | None:
    """Ask a tenth more of the same moves, or of one less; None where there is nothing to count or to take."""
    goals = [dict(goal) for goal in level["goals"]]
    counted = [goal for goal in goals if goal["type"] != "item"]
    for goal in counted:
        step = STEP[goal["type"]]
        goal["count"] += max(step, goal["count"] // 10 // step * step)
    fewer = not counted or rng.randrange(2) == 0
    if not counted and level["moves"] <= FEWEST_MOVES:
        return None
    return {**level, "goals": goals, "moves": max(FEWEST_MOVES, level["moves"] - int(fewer))}


def _shrunk(level: Level, short: list[int]) -> bool:
    """Lower every goal by what was missing of it and a little more; False when all are at their least."""
    changed = False
    for goal, missing in zip(level["goals"], short, strict=False):
        if not missing:
            continue
        if goal["type"] == "item":
            for path in level["paths"]:
                if len(path) > SHORTEST_PATH:
                    path.pop()
                    changed = True
            continue
        least = SMALLEST_GOAL[goal["type"]]
        step = STEP[goal["type"]]
        lower = max(least, (goal["count"] - missing - goal["count"] // 10) // step * step)
        changed = changed or lower < goal["count"]
        goal["count"] = lower
    return changed
