"""What a playtest asks of the rules beside a try: going on after a loss, endless runs, what happens."""

import pytest

from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.playtest.hands import Again, endless_run
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.bots import Try

from .conftest import MECHANICS

every_family = pytest.mark.parametrize("family", sorted(MECHANICS))


@pytest.fixture
def lost(bots, family):
    """Tries that are lost, and how."""
    tries = [Try(level, 40, luck) for level in (6, 8, 10) for luck in range(40)]
    return [(one, end) for one, end in zip(tries, bots[family].play(tries), strict=True) if end.outcome == 2]


@every_family
def test_a_lost_try_goes_on_where_it_was_lost(bots, family, lost):
    assert bots[family].revives
    went_on = bots[family].play([Again(one) for one, _ in lost])
    assert len(lost) > 10
    for (_, before), after in zip(lost, went_on, strict=True):
        assert after.outcome in (1, 2)
        assert after.frames > before.frames
        assert after.progress >= before.progress
        assert after.score >= before.score
    assert sum(end.outcome == 1 for end in went_on) > len(lost) / 10, "a second chance is one"


@every_family
def test_going_on_again_is_the_same_and_changes_no_other_try(bots, family, lost):
    again, tries = [Again(one) for one, _ in lost], [one for one, _ in lost]
    mixed = bots[family].play([*again, *tries, *again])
    assert mixed[: len(lost)] == mixed[-len(lost) :]
    assert mixed[len(lost) : -len(lost)] == [end for _, end in lost]


@every_family
def test_a_bot_that_begins_elsewhere_is_refused(made, family):
    hands, _ = made[family, "hard"].opened()
    with hands, pytest.raises(PermanentError, match="does not go on from where it is put"):
        hands._lab.call(
            "Hands.open", "const Bot = { play: () => ({}) };", [(made[family, "hard"].levels[0], [])]
        )


@every_family
def test_what_happens_in_later_levels_is_more_than_in_the_first(opened, family):
    hands, shell = opened[family]
    happenings = hands.happenings(10)
    assert len(happenings) == len(shell.freshness) == 10
    assert all(sum(one.values()) > 10 for one in happenings)
    assert not any("+" in name for one in happenings for name in one), "higher is not another thing"
    assert shell.freshness[0] == 0
    assert max(shell.freshness) > 0.1
    assert shell.fresh(10) == shell.fresh(None) == shell.freshness[-1]


def test_an_endless_run_is_proven_and_the_last_of_the_levels(made, opened):
    game = made["runner", "hard"]
    run, proof = endless_run(FAMILIES["runner"], game.sections)
    assert run["endless"]
    hands, shell = opened["runner"]
    assert 0 < shell.tenth < 1000
    clumsy, skilled = hands.play([Try(11, 5, 3), Try(11, 90, 3)])
    assert clumsy.progress < skilled.progress
    assert skilled.frames <= proof.frames + 1
    assert skilled.progress > shell.tenth


def test_where_there_are_no_sections_there_is_no_endless_run(opened):
    assert endless_run(FAMILIES["tile_swap"], []) is None
    assert opened["tile_swap"][1].tenth is None
