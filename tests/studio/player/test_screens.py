"""What the menus say, checked against what the families can do."""

import re

import pytest

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.tools import v8

ENDS = re.compile(r"""\b(?:finish\(\w+, 2|lose\(\w+|hurt\(\w+), (?:"(\w*)"|\w+)\)""")


def causes_of(name: str) -> set[str]:
    with Lab(FAMILIES[name]) as lab:
        return set(lab.call("(() => Rules.CAUSES)")) - {""}


def explained(name: str, causes: set[str]) -> dict[str, str]:
    screens = player.sources(FAMILIES[name])["screens.js"].decode()
    with v8.context() as context:
        context.eval(f"const Dom = {{}};{screens}")
        return {cause: context.call("Screens.explain", cause) for cause in causes}


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_cause_of_a_loss_has_its_own_words(name: str) -> None:
    causes = causes_of(name)
    texts = explained(name, causes | {"nothing known"})
    assert len(causes) >= 3
    assert len(set(texts.values())) == len(causes) + 1
    assert {cause: texts[cause] for cause in causes} == FAMILIES[name].causes


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_rules_give_no_cause_that_they_do_not_list(name: str) -> None:
    family = FAMILIES[name]
    code = "".join((family.folder / file).read_text() for file in family.rules)
    given = {cause for cause in ENDS.findall(code) if cause}
    assert given == causes_of(name)
