"""Boards and designs the tile swap tests share."""

from gamefactory_dagster.studio.design.gdd import GDD

KIND, HIDDEN, TIME, STONE, ITEM, PRISM, HOLE = 15, 16, 32, 7, 8, 9, 10
ROW, COLUMN, BLAST, COLOUR, CROSS, WIDE, BIG, STORM, ALL = range(1, 10)
READY, SWAP_PHASE, BOUNCE, CLEAR, FALL = range(5)

PLAIN = {
    "number": 1, "seed": 5, "columns": 6, "rows": 6, "kinds": 5, "moves": 20,
    "goals": [{"type": "collect", "kind": 1, "count": 30}], "combos": 0,
    "clock": 0, "time_bonus": 0, "time_one_in": 0, "holes": [], "teaches": [],
    "hearts": 0, "fuses": [], "fuse_every": 0, "fuse_turns": 0, "covers": [], "cover_rate": 0,
    "paths": [], "stones": [], "spawn_every": 0, "spawn_limit": 0, "turning": 0, "pace": 36,
}  # fmt: skip

EVERYTHING = {
    "clock": 6000, "time_bonus": 180, "time_one_in": 8, "hearts": 3, "fuses": [[8, 4], [20, 6]],
    "fuse_every": 3, "fuse_turns": 4, "holes": [0, 5], "covers": [13, 16, 31], "cover_rate": 20, "combos": 1,
    "paths": [[2, 3, 9, 15, 14]], "stones": [[24, 2], [29, 1]],
    "spawn_every": 2, "spawn_limit": 5, "turning": 1,
    "goals": [{"type": "item", "kind": 0, "count": 1}, {"type": "score", "kind": 0, "count": 900}],
}  # fmt: skip


def level(**changes):
    return {**PLAIN, **changes}


def board_of(*rows):
    """Cells from rows of letters: a..f are kinds, ``.`` is empty, ``#`` a stone with one hit left, ``*`` a
    colour tile, ``o`` a hole."""
    codes = {".": 0, "#": STONE | 256, "*": PRISM, "o": HOLE}
    codes |= {letter: 1 + i for i, letter in enumerate("abcdef")}
    return [codes[letter] for row in rows for letter in row]


def swap(cell, down=False):
    return 1 + cell * 2 + int(down)


BOARD = ("abcdef", "bcdefa", "cdefab", "defabc", "efabcd", "aabacd")
"""Swapping the last row's third and fourth tile lines up three a's, and is the only line there."""

SWAP = swap(32)


def special(what):
    """What makes a tile a special one, to be added to its kind."""
    return what << 16


def settle(lab, state, first_input=0, longest=3000):
    """Play one input and then nothing until the board lies still or the level is over; every state passed."""
    states = [lab.call("Rules.step", state, first_input)]
    while (states[-1]["phase"] != READY) and not states[-1]["outcome"]:
        states.append(lab.call("Rules.step", states[-1], 0))
        assert len(states) < longest, "a cascade never ended"
    return states


def design(*mechanics, seed=7, curve=(8, 14, 20, 30, 38, 46, 54, 64, 72, 80)):
    return GDD.model_validate(
        {
            "name": "Tile Test", "slug": "tile-test", "tagline": "Swap and match.", "genre": "puzzle",
            "family": "tile_swap", "mechanics": ["tile_swap", *mechanics],
            "core_loop": {"actions": ["swap", "match"], "summary": "Swap tiles, clear lines, meet the goal."},
            "progression": {"levels": 10, "free_levels": 3, "unlock": "rewarded_ad"},
            "economy": {"currency": "gems", "pickup_value": 5, "win_bonus": 50, "par": 300},
            "fail_states": ["No moves are left."], "difficulty_curve": list(curve),
            "analytics_plan": {"kpis": ["retention_d7"], "funnel": ["game_start", "level_complete"]},
            "style_guide": {
                "style": "clean_minimal", "theme": "candy", "hue": 20, "mood": "cheerful", "tempo": 110,
            },
            "seed": seed,
        }
    )  # fmt: skip
