"""Bots on real levels: what they do depends on skill and luck alone, and skill helps."""

from dataclasses import replace

import pytest

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.bots import Bots, Try

from .conftest import MECHANICS

every_family = pytest.mark.parametrize("family", sorted(MECHANICS))


def test_every_family_has_a_bot_and_is_tested_here():
    assert set(FAMILIES) == set(MECHANICS)
    assert all((family.folder / name).is_file() for family in FAMILIES.values() for name in family.bots)


@every_family
def test_the_better_the_player_the_more_levels_are_won(bots, family):
    def won(skill):
        tries = [Try(level, skill, luck) for level in range(1, 11) for luck in range(30)]
        return sum(played.outcome == 1 for played in bots[family].play(tries))

    clumsy, poor, casual, good, expert = (won(skill) for skill in (0, 25, 50, 75, 100))
    assert clumsy < poor < casual < good <= expert
    assert expert > 1.3 * poor


@every_family
def test_a_middling_player_is_the_one_ease_was_measured_by(bots, made, family):
    lucks = range(1, 25)
    for certificate in made[family, "hard"].certificates:
        played = bots[family].play([Try(certificate.level, 50, luck) for luck in lucks])
        share = sum(one.outcome == 1 for one in played) / len(lucks)
        assert abs(share - certificate.ease) < 0.4


@every_family
def test_equal_tries_end_alike_and_lucks_differ(bots, family):
    tries = [Try(7, 40, luck) for luck in range(20)]
    first = bots[family].play(tries)
    assert bots[family].play(tries[::-1])[::-1] == first
    assert len({played.frames for played in first}) > 1


@every_family
def test_whoever_leaves_has_neither_won_nor_lost(bots, family):
    ended, left = bots[family].play([Try(1, 90, 5), Try(1, 90, 5, most=100)])
    assert ended.outcome != 0
    assert left.outcome == 0
    assert 100 <= left.frames < ended.frames
    assert left.progress < 1000


@every_family
def test_levels_whose_certificates_do_not_win_are_refused(made, family):
    game = made[family, "hard"]
    wrong = [replace(game.certificates[0], final_hash="0" * 8), *game.certificates[1:]]
    with pytest.raises(PermanentError, match="level 1: its certificate does not win"):
        Bots(FAMILIES[family], game.levels, wrong)
