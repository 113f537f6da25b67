"""Levels made for whole games: certified, safe to leave alone, harder along the curve, always the same."""

import json
import random
from itertools import combinations, pairwise

import pytest

from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_level, make_levels
from gamefactory_dagster.studio.families.proof import check
from gamefactory_dagster.studio.families.tile_swap import FAMILY
from gamefactory_dagster.studio.families.tile_swap.generate import (
    FEWEST_MOVES,
    MOST_MOVES,
    draft,
    eased,
    hardened,
)
from gamefactory_dagster.studio.families.tile_swap.grammar import LESSONS, grammar
from gamefactory_dagster.studio.families.tile_swap.outlines import MILD, OUTLINES, holes
from tests.studio.families.tile_swap_support import design, level

COMBINATIONS = [
    (),
    ("score_system", "timer_countdown"),
    ("path_following", "health_system"),
    ("path_following", "score_system", "card_flip", "physics_gravity"),
    ("health_system", "card_flip", "spawner", "collision_detection", "timer_countdown"),
]


@pytest.mark.parametrize(
    ("mechanics", "seed"),
    [
        pytest.param(names, seed, marks=[pytest.mark.exhaustive] if index in {1, 2} else [])
        for index, (names, seed) in enumerate(zip(COMBINATIONS, [1, 2**40 + 9] * 3, strict=False))
    ],
)
def test_ten_levels_are_certified_and_lost_by_doing_nothing_only_against_a_clock(lab, mechanics, seed):
    made = make_levels(FAMILY, design(*mechanics, seed=seed), lab)
    assert [certificate.level for _, certificate in made] == list(range(1, 11))
    for drawn, certificate in made:
        assert check(FAMILY, drawn, certificate, lab) == []
        idle = lab.idle(drawn, 4 * 60 * 60)
        assert idle.outcome == (2 if drawn["clock"] else 0)
        assert lab.idle(drawn, 300).outcome == 0
        assert certificate.steadiness >= 0.9


def test_a_spoilt_certificate_is_noticed(lab):
    drawn, certificate = make_level(FAMILY, design(), 5, lab)
    first_swap = next(run for run in certificate.trace if run[0])
    first_swap[0] += 2
    assert check(FAMILY, drawn, certificate, lab) != []


@pytest.mark.exhaustive
def test_the_same_design_gives_the_same_bytes_and_another_seed_another_first_level(lab):
    asked = design("health_system", "card_flip", seed=11)

    def written(made):
        return json.dumps([[drawn, certificate.as_json()] for drawn, certificate in made], sort_keys=True)

    once = make_levels(FAMILY, asked, lab)
    with Lab(FAMILY) as fresh:
        assert written(make_levels(FAMILY, asked, fresh)) == written(once)
    other = make_level(FAMILY, design("health_system", "card_flip", seed=12), 1, lab)
    assert written([other]) != written(once[:1])


@pytest.mark.parametrize(
    "mechanics",
    [("card_flip", "physics_gravity"), pytest.param((), marks=pytest.mark.exhaustive)],
    ids=str,
)
def test_levels_get_harder_for_a_casual_player(lab, mechanics):
    won = {"first": 0, "last": 0}
    for seed in range(3):
        made = make_levels(FAMILY, design(*mechanics, seed=seed), lab)
        for part, levels in (("first", made[:3]), ("last", made[-3:])):
            won[part] += sum(round(12 * lab.ease(drawn, proof.trace, 12).share) for drawn, proof in levels)
    assert won["first"] >= 0.7 * 108
    assert won["last"] <= won["first"] - 20


SHOWN_BY = {
    "score_system": lambda made: made["combos"] and "score" in [goal["type"] for goal in made["goals"]],
    "timer_countdown": lambda made: made["clock"] and made["time_one_in"],
    "health_system": lambda made: made["hearts"] == 3 and made["fuse_every"] and made["fuses"],
    "card_flip": lambda made: made["covers"],
    "path_following": lambda made: made["paths"] and made["goals"][0]["type"] == "item",
    "spawner": lambda made: made["spawn_every"] and made["spawn_limit"],
    "collision_detection": lambda made: made["stones"],
    "physics_gravity": lambda made: made["turning"],
}


@pytest.mark.parametrize("mechanic", SHOWN_BY)
def test_a_mechanic_changes_the_levels_of_a_game_that_has_it_and_no_other(mechanic):
    for number in (2, 10):
        assert SHOWN_BY[mechanic](FAMILY.generate(design(mechanic), number, random.Random(3)))
        assert not SHOWN_BY[mechanic](FAMILY.generate(design(), number, random.Random(3)))


@pytest.mark.parametrize("seed", range(12))
def test_a_mechanic_is_alone_where_it_first_comes_and_taught_there(seed):
    chosen = random.Random(seed).sample(sorted(SHOWN_BY), 1 + seed % 5)
    met = []
    for number in range(1, 11):
        made = FAMILY.generate(design(*chosen, seed=seed), number, random.Random(seed))
        shown = [name for name in SHOWN_BY if SHOWN_BY[name](made)]
        new = [name for name in shown if name not in met]
        assert not new or (shown == new and len(new) == 1)
        assert made["teaches"] == [
            *(["swap"] if number == 1 else []),
            *map(LESSONS.get, new),
            *(["special"] if number <= 3 else []),
        ]
        met += new
    assert sorted(met) == sorted(chosen)
    assert sorted(shown) == sorted(chosen), "the last level has them all"


def test_two_games_of_one_batch_are_built_differently():
    def built(seed):
        made = [FAMILY.generate(design(seed=seed), number, random.Random(1)) for number in range(2, 11)]
        return [(one["columns"], one["rows"], tuple(one["holes"])) for one in made]

    games = [built(seed) for seed in range(12)]
    alike = [
        sum(a == b for a, b in zip(one, other, strict=True)) / 9 for one, other in combinations(games, 2)
    ]
    assert sum(alike) / len(alike) < 0.2
    assert max(alike) < 1


@pytest.mark.parametrize("name", OUTLINES)
@pytest.mark.parametrize(("columns", "rows"), [(6, 6), (6, 7), (7, 6), (7, 7), (8, 6), (8, 7)])
def test_an_outline_leaves_a_board_that_hangs_together(name, columns, rows):
    gone = set(holes(name, columns, rows))
    left = set(range(columns * rows)) - gone
    assert len(left) >= columns * rows * (0.85 if name in MILD else 0.6)
    reached, fringe = set(), [min(left)]
    while fringe:
        cell = fringe.pop()
        reached.add(cell)
        x = cell % columns
        beside = [
            cell - columns,
            cell + columns,
            *([cell - 1] if x else []),
            *([cell + 1] if x < columns - 1 else []),
        ]
        fringe += [near for near in beside if near in left - reached]
    assert reached == left


def test_thirty_days_are_small_and_differ():
    gdd = design("path_following", "spawner", "score_system")
    days = [FAMILY.daily(gdd, number, random.Random(number)) for number in range(30)]
    assert {day["number"] for day in days} == {0}
    assert {tuple(day["teaches"]) for day in days} == {()}
    assert len({json.dumps(day) for day in days}) == 30
    assert len(json.dumps(days, separators=(",", ":"))) < 45_000
    assert {name for day in days for name in SHOWN_BY if SHOWN_BY[name](day)} == {
        "path_following",
        "spawner",
        "score_system",
    }


@pytest.mark.slow
@pytest.mark.parametrize("mechanics", COMBINATIONS[:4], ids=lambda names: "+".join(names) or "core")
def test_the_solver_wins_most_days_as_they_are_drafted(lab, mechanics):
    days = [FAMILY.daily(design(*mechanics), number, random.Random(number)) for number in range(30)]
    assert sum(lab.solve(day).won for day in days) >= 24


def test_every_mechanic_has_a_sentence_and_its_pictures():
    assert set(FAMILY.mechanics) == {*SHOWN_BY, "tile_swap", "particle_effects", "sprite_animation"}
    plain = {sprite.name for sprite in FAMILY.sprites(design())}
    assert plain == {*(f"tile_{i}" for i in range(6)), "cell"}
    for mechanic, name in [
        ("timer_countdown", "clock_tile"), ("health_system", "fuse"), ("card_flip", "cover"),
        ("path_following", "item"), ("spawner", "stone"),
    ]:  # fmt: skip
        assert name in {sprite.name for sprite in FAMILY.sprites(design(mechanic))} - plain


@pytest.mark.parametrize("difficulty", [0, 15, 29, 30, 59, 60, 80, 100])
@pytest.mark.parametrize("seed", range(6))
def test_what_is_on_the_board_does_not_overlap(difficulty, seed):
    made = draft(grammar(seed, tuple(SHOWN_BY)), 10, difficulty, random.Random(seed))
    columns, rows = made["columns"], made["rows"]
    stones, fuses = [cell for cell, _ in made["stones"]], [cell for cell, _ in made["fuses"]]
    taken = [
        *made["holes"],
        *stones,
        *fuses,
        *made["covers"],
        *(cell for path in made["paths"] for cell in path),
    ]
    assert len(taken) == len(set(taken))
    assert all(0 <= cell < columns * rows for cell in taken)
    for path in made["paths"]:
        assert path[0] < columns and path[-1] >= columns * (rows - 1)
        for here, there in pairwise(path):
            beside = abs(here - there) == 1 and here // columns == there // columns
            assert beside or there - here == columns


@pytest.mark.parametrize("mechanics", COMBINATIONS, ids=lambda names: "+".join(names) or "core")
def test_moves_change_nothing_before_they_run_out(lab, mechanics):
    """So what many games used up says how many would be won with any number of moves."""
    one = FAMILY.generate(design(*mechanics), 8, random.Random(5))
    spent = lab.spent("moves", {**one, "moves": MOST_MOVES}, (30, 50, 70), 1, 6)
    for moves in range(FEWEST_MOVES, MOST_MOVES + 1, 3):
        expected = sum(0 <= used <= moves for used in spent)
        assert lab.completion({**one, "moves": moves}, [], (30, 50, 70), 1, 6) == expected, moves


def test_hardening_asks_for_more_and_never_for_less():
    asked = level(moves=20, goals=[{"type": "collect", "kind": 1, "count": 30}])
    rng = random.Random(4)
    for _ in range(6):
        harder = hardened(asked, rng)
        assert harder["goals"][0]["count"] > asked["goals"][0]["count"]
        assert harder["moves"] <= asked["moves"]
        asked = harder
    carrying = level(moves=7, goals=[{"type": "item", "kind": 0, "count": 1}])
    assert FAMILY.harden(carrying, rng) is None


def test_repair_lowers_what_was_missing_and_gives_up_at_the_least():
    rng = random.Random(1)
    hard = level(
        goals=[{"type": "collect", "kind": 1, "count": 90}, {"type": "collect", "kind": 2, "count": 30}]
    )
    easier = FAMILY.repair(hard, {"won": False, "short": [40, 0], "cause": "moves"}, rng)
    assert [goal["count"] for goal in easier["goals"]] == [41, 30]
    assert easier["moves"] > hard["moves"]
    assert hard["goals"][0]["count"] == 90
    least = level(moves=30, goals=[{"type": "collect", "kind": 1, "count": 6}])
    assert eased(least, {"short": [6], "cause": "moves"}, rng) is None


def test_repair_makes_an_impossible_level_winnable(lab):
    drawn = level(goals=[{"type": "collect", "kind": 1, "count": 400}], kinds=6, moves=8)
    report = lab.solve(drawn)
    assert not report.won
    for _ in range(6):
        if report.won:
            break
        drawn = FAMILY.repair(drawn, report.raw, random.Random(2))
        report = lab.solve(drawn)
    assert report.won


def test_repair_answers_fuses_and_the_clock():
    drawn = level(hearts=3, fuses=[[7, 4]], fuse_turns=4, fuse_every=3, clock=800)
    easier = eased(drawn, {"short": [5], "cause": "hearts"}, random.Random(1))
    assert easier["fuses"] == [[7, 6]] and easier["fuse_turns"] == 6
    assert easier["clock"] == 900
