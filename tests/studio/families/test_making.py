"""How a level is brought to its aim, whatever the family: with a laboratory in which hardness is a number."""

import random
from typing import Any

import pytest

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.families.base import Budget, Certificate
from gamefactory_dagster.studio.families.difficulty import DIP, FALLING, aim, dips, spearman
from gamefactory_dagster.studio.families.lab import Ease, Idle, Replay, SolveReport, Steadiness
from gamefactory_dagster.studio.families.levels import (
    DRAFTS,
    KEPT_LUCK,
    LIFT,
    ROUNDS,
    SECOND_THOUGHTS,
    TUNINGS,
    Lean,
    make_level,
    make_levels,
)
from gamefactory_dagster.studio.families.proof import check, idle_fault
from gamefactory_dagster.studio.families.runner import FAMILY


class Drafting(type(FAMILY)):  # type: ignore[misc]
    """Levels of one number: what share of games is lost. ``bias`` makes drafts easier than the curve says."""

    softens = False

    def __init__(self, bias: int = 0, noise: int = 0, step: int = 0) -> None:
        self.bias, self.noise, self.step = bias, noise, step
        self.drafts: list[int] = []

    def generate(self, gdd: Any, number: int, rng: random.Random) -> Any:
        self.drafts.append(number)
        lost = 55 * gdd.difficulty_curve[number - 1] // 90 - self.bias + rng.randint(-self.noise, self.noise)
        return {"number": number, "seed": 1, "lost": min(100, max(0, lost))}

    def repair(self, level: Any, report: Any, rng: random.Random) -> Any:
        return {**level, "lost": level["lost"] - self.step} if self.step else None

    def harden(self, level: Any, rng: random.Random) -> Any:
        return {**level, "lost": level["lost"] + self.step} if self.step else None


class Pretended:
    """A laboratory in which ``lost`` of a hundred games are lost, evenly."""

    measured = 0

    def solve(self, level: Any) -> SolveReport:
        return SolveReport(level["lost"] <= 95, True, [[1, 9]], 9, 1, {"cause": "hard", "blocked_at": 3})

    def idle(self, level: Any, frames: int) -> Idle:
        return Idle(2, 400, "", {}, timed=True, kept=False, safe=300)

    def replay(self, level: Any, trace: Any) -> Replay:
        return Replay(1, 9, "aa", {})

    def tremble(self, level: Any, trace: Any, runs: int, least: float) -> Steadiness:
        return Steadiness(1.0, ())

    def ease(self, level: Any, trace: Any, games: int = 24) -> Ease:
        share = min(1.0, 1.1 - level["lost"] / 100)
        return Ease(share, ({"cause": "hard", "frames": 5},) if share < 1 else ())

    def completion(self, level: Any, trace: Any, skills: Any, first: int, games: int) -> float:
        self.measured += 1
        return len(skills) * games * (1 - level["lost"] / 100)


def made(family: Drafting, gdd: Any) -> tuple[list[Any], Pretended]:
    lab = Pretended()
    return make_levels(family, gdd, lab), lab  # type: ignore[arg-type]


def fall_as_they_should(shares: list[float]) -> bool:
    return spearman(shares) <= FALLING and dips(shares, DIP) == []


@pytest.mark.parametrize("bias", [-8, 0, 12])
def test_levels_come_to_lie_on_the_designs_curve_however_easy_the_family_drafts_them(
    make_gdd: Any, bias: int
) -> None:
    gdd = make_gdd()
    family = Drafting(bias, noise=6)
    levels, _ = made(family, gdd)
    for level, certificate in levels:
        wanted = aim(gdd.difficulty_curve, level["number"])
        assert abs(certificate.completion - wanted.target) < 0.15, level
    shares = [certificate.completion for _, certificate in levels]
    assert fall_as_they_should(shares)
    assert len(family.drafts) < 35, "what one level taught helps the next"


def test_a_family_that_eases_and_hardens_needs_fewer_drafts(make_gdd: Any) -> None:
    drafting, tuning = Drafting(bias=20, noise=8), Drafting(bias=20, noise=8, step=5)
    for family in (drafting, tuning):
        assert fall_as_they_should([certificate.completion for _, certificate in made(family, make_gdd())[0]])
    assert len(tuning.drafts) < len(drafting.drafts)


def test_measuring_is_bounded_and_the_nearest_is_kept(make_gdd: Any) -> None:
    gdd = make_gdd(difficulty_curve=(5, 12, 20, 30, 40, 48, 58, 68, 78, 90))
    family = Drafting()
    family.generate = lambda gdd, number, rng: {  # type: ignore[method-assign]
        "number": number, "seed": 1, "lost": rng.choice([0, 10])
    }  # fmt: skip
    lab = Pretended()
    level, certificate = make_level(family, gdd, 10, lab)  # type: ignore[arg-type]
    assert level["lost"] == 10, "too easy, but the hardest there was"
    assert certificate.completion == pytest.approx(0.9)
    assert lab.measured <= ROUNDS * TUNINGS + 1


def test_it_is_measured_longer_only_where_it_is_not_clear(make_gdd: Any) -> None:
    def games(lost: int) -> int:
        family, lab = Drafting(), Pretended()
        family.generate = lambda gdd, number, rng: {"number": 6, "seed": 1, "lost": lost}  # type: ignore[method-assign]
        make_level(family, make_gdd(), 6, lab)  # type: ignore[arg-type]
        return lab.measured

    target = aim(make_gdd().difficulty_curve, 6)
    edge = int(100 * (1 - target.least))
    assert games(0) == TUNINGS + 1, "one round each, for it is far too easy, and what is kept once more"
    assert games(edge) == ROUNDS + 1, "just within the band: all rounds"


def dipping_at(number: int, drafts: int) -> Drafting:
    """A family whose first ``drafts`` of one level are far harder than asked for."""
    dipping = Drafting()
    generate = dipping.generate

    def harder_at_first(gdd: Any, at: int, rng: random.Random) -> Any:
        level = generate(gdd, at, rng)
        hard = at == number and dipping.drafts.count(number) <= drafts
        return {**level, "lost": min(90, level["lost"] + 60)} if hard else level

    dipping.generate = harder_at_first  # type: ignore[method-assign]
    return dipping


@pytest.mark.parametrize("number", [2, 5, 9])
def test_a_level_far_below_both_neighbours_is_made_once_more(make_gdd: Any, number: int) -> None:
    dipping = dipping_at(number, TUNINGS)
    levels, _ = made(dipping, make_gdd())
    assert dipping.drafts.count(number) > TUNINGS
    assert fall_as_they_should([certificate.completion for _, certificate in levels])


def test_a_level_that_stays_far_below_both_is_made_until_it_is_not(make_gdd: Any) -> None:
    drafts = (SECOND_THOUGHTS + 1) * TUNINGS + 1
    dipping = dipping_at(5, drafts)
    levels, _ = made(dipping, make_gdd())
    assert dipping.drafts.count(5) > drafts
    shares = [certificate.completion for _, certificate in levels]
    assert spearman(shares) <= FALLING
    assert dips(shares) == []


def test_the_same_design_gives_the_same_levels(make_gdd: Any) -> None:
    assert made(Drafting(noise=9), make_gdd())[0] == made(Drafting(noise=9), make_gdd())[0]


def test_a_lean_is_of_one_level_and_keeps_to_the_scale(make_gdd: Any) -> None:
    gdd, lean = make_gdd(), Lean()
    lean.learn(0.2)
    leant = lean.applied(gdd, 4).difficulty_curve
    assert leant[3] == gdd.difficulty_curve[3] + 24
    assert leant[:3] + leant[4:] == gdd.difficulty_curve[:3] + gdd.difficulty_curve[4:]
    for _ in range(20):
        lean.learn(1.0)
    assert lean.applied(gdd, 10).difficulty_curve[9] == 100
    assert lean.applied(gdd, 1).difficulty_curve[0] == gdd.difficulty_curve[0] + 60


def test_where_no_draft_can_be_won_the_game_and_level_are_named(make_gdd: Any) -> None:
    family = Drafting(bias=-200)
    with pytest.raises(PermanentError, match=r"reef-dash: level 3 .* hard at frame 3"):
        make_level(family, make_gdd(), 3, Pretended())  # type: ignore[arg-type]


def idle(outcome: int, frames: int = 400, *, timed: bool = True, kept: bool = True) -> Idle:
    return Idle(outcome, frames, "", {}, timed=timed, kept=kept, safe=300)


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        (idle(2), ""),
        (idle(1), "doing nothing wins it"),
        (idle(1, timed=False), "doing nothing wins it"),
        (idle(0), "doing nothing does not lose it, though time is part of it"),
        (idle(2, 300), "doing nothing loses it at frame 300 of the first 300"),
        (idle(2, 301), ""),
        (idle(0, timed=False), ""),
        (idle(2, timed=False), "doing nothing loses it, though time is no part of it"),
        (idle(0, timed=False, kept=False), "doing nothing changes it, though time is no part of it"),
    ],
)
def test_what_doing_nothing_may_do(alone: Idle, said: str) -> None:
    assert idle_fault(alone) == said


def test_a_check_says_so(make_gdd: Any) -> None:
    class Waiting(Pretended):
        def idle(self, level: Any, frames: int) -> Idle:
            return idle(2, 12)

    certificate = Certificate(2, [[1, 9]], 9, "aa", 1.0, 1.0, 1)
    assert check(FAMILY, {"number": 2}, certificate, Waiting()) == [  # type: ignore[arg-type]
        "runner level 2: doing nothing loses it at frame 12 of the first 300"
    ]


def test_a_level_that_too_few_casual_players_win_gives_way_to_an_easier_one(make_gdd: Any) -> None:
    class Harsh(Pretended):
        """Casual players win nothing of what people lose more than two in five games of."""

        def ease(self, level: Any, trace: Any, games: int = 24) -> Ease:
            return Ease(0.0, ({"cause": "hard", "frames": 5},)) if level["lost"] > 40 else Ease(0.5, ())

    gdd, family = make_gdd(), Drafting(noise=3)
    level, certificate = make_level(family, gdd, 10, Harsh())  # type: ignore[arg-type]
    assert level["lost"] <= 40
    assert certificate.ease == 0.5
    assert len(family.drafts) > 1


class Counted(Drafting):
    """A family whose levels give moves; the more, the less is lost."""

    budget = Budget("moves", 5, 30)

    def generate(self, gdd: Any, number: int, rng: random.Random) -> Any:
        return {**super().generate(gdd, number, rng), "moves": 1, "lost": 0}


class Counting(Pretended):
    """A laboratory in which a hundred games use up 1 to 25 moves, evenly, and proofs need ``needed``."""

    needed = 0

    def solve(self, level: Any) -> SolveReport:
        won = level["moves"] >= self.needed
        return SolveReport(won, True, [[1, 9]], 9, 1, {"cause": "moves", "blocked_at": 3})

    def spent(self, budget: str, level: Any, skills: Any, first: int, games: int, *_: float) -> list[int]:
        self.measured += 1
        assert (budget, level["moves"]) == ("moves", 30)
        return [1 + game // 4 for game in range(100)]

    def completion(self, level: Any, trace: Any, skills: Any, first: int, games: int) -> float:
        assert first == KEPT_LUCK, "what the level wins with these moves is known"
        return len(skills) * games * level["moves"] / 25


def test_a_budget_is_what_the_aim_asks_for_and_measured_once(make_gdd: Any) -> None:
    gdd, family, lab = make_gdd(), Counted(), Counting()
    levels = make_levels(family, gdd, lab)  # type: ignore[arg-type]
    for level, certificate in levels:
        wanted = aim(gdd.difficulty_curve, level["number"])
        assert abs(certificate.completion - wanted.target) <= 0.02
        assert certificate.completion == pytest.approx(4 * level["moves"] / 100)
    assert family.drafts == list(range(1, 11))
    assert lab.measured == 10


def test_a_budget_too_small_to_be_proven_grows_by_two_and_no_more(make_gdd: Any) -> None:
    gdd, lab = make_gdd(), Counting()
    nearest = round(25 * aim(gdd.difficulty_curve, 8).target)
    lab.needed = nearest + 2
    level, certificate = make_level(Counted(), gdd, 8, lab)  # type: ignore[arg-type]
    assert level["moves"] == nearest + 2
    assert certificate.completion == pytest.approx(4 * level["moves"] / 100)
    lab.needed = 31
    with pytest.raises(PermanentError, match="moves at frame 3"):
        make_level(Counted(), gdd, 8, lab)  # type: ignore[arg-type]


def test_a_repair_that_only_gives_more_of_a_budget_is_none(make_gdd: Any) -> None:
    class Giving(Counted):
        def repair(self, level: Any, report: Any, rng: random.Random) -> Any:
            return {**level, "moves": level["moves"] + 1}

    lab = Counting()
    lab.needed = 31
    with pytest.raises(PermanentError):
        make_level(Giving(), make_gdd(), 8, lab)  # type: ignore[arg-type]
    assert lab.measured == DRAFTS


class Softening(Drafting):
    """A family that takes from a hard draft whatever is too much."""

    softens = True

    def __init__(self) -> None:
        super().__init__(bias=-25)
        self.targets: list[float] = []

    def soften(self, level: Any, mishaps: Any, target: float) -> Any:
        assert mishaps == [{"lost": level["lost"]}]
        self.targets.append(target)
        lost = min(level["lost"], round(100 * (1 - target)))
        return {**level, "lost": lost}, 1 - lost / 100


class Telling(Pretended):
    solved = 0

    def solve(self, level: Any) -> SolveReport:
        self.solved += 1
        return super().solve(level)

    def mishaps(self, level: Any, trace: Any, skills: Any, first: int, games: int) -> Any:
        return [{"lost": level["lost"]}]


def test_a_hard_draft_is_softened_to_its_aim_and_what_won_it_is_kept(make_gdd: Any) -> None:
    gdd, family, lab = make_gdd(), Softening(), Telling()
    for level, certificate in make_levels(family, gdd, lab):  # type: ignore[arg-type]
        wanted = aim(gdd.difficulty_curve, level["number"])
        assert abs(certificate.completion - wanted.target) < 0.01
    assert family.drafts == list(range(1, 11))
    assert lab.solved == 10, "each draft once: its inputs win what is left of it"


def test_what_wins_a_draft_no_more_is_looked_for_anew(make_gdd: Any) -> None:
    class Other(Telling):
        def replay(self, level: Any, trace: Any) -> Replay:
            return Replay(1, 9, "aa", {}) if self.solved > 1 else Replay(2, 4, "bb", {})

    lab = Other()
    make_level(Softening(), make_gdd(), 8, lab)  # type: ignore[arg-type]
    assert lab.solved == 2


def test_a_level_that_is_harsh_to_casual_players_is_softened_further(make_gdd: Any) -> None:
    class Harsh(Telling):
        def ease(self, level: Any, trace: Any, games: int = 24) -> Ease:
            return Ease(0.1 if level["lost"] > 45 else 0.5, ())

    gdd, family = make_gdd(), Softening()
    level, certificate = make_level(family, gdd, 10, Harsh())  # type: ignore[arg-type]
    assert 38 <= level["lost"] <= 45
    assert certificate.ease == 0.5
    assert family.targets[:3] == pytest.approx([family.targets[0] + i * LIFT for i in range(3)])
