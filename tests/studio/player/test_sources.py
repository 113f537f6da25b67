"""The player's files: whole, in order, and the same for every family but for its own two."""

import gzip
import json
import re
from typing import Any

import pytest

from gamefactory_dagster.studio.design.event_spec import event_spec, javascript
from gamefactory_dagster.studio.families import FAMILIES, lab
from gamefactory_dagster.studio.player import GENERATED, layers, page, sources
from gamefactory_dagster.studio.shipping.build import WebBuilder


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_manifest_names_every_file_and_the_generated_one(name: str) -> None:
    files = sources(FAMILIES[name])
    manifest = json.loads(files.pop("manifest.json"))
    assert set(manifest) == {*files, "events.js"}
    assert manifest[0] == "core.js"
    assert manifest[-1] == "main.js"
    for own in FAMILIES[name].scripts:
        assert files[own] == (FAMILIES[name].folder / own).read_bytes()
    assert len(set(manifest)) == len(manifest), "a family's script has the name of one of the shell's"
    for own in FAMILIES[name].laboratory:
        assert own not in files, "what only V8 runs is not shipped"


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_layers_point_one_way_in_player_and_laboratory(name: str) -> None:
    family = FAMILIES[name]
    assert layers.problems(sources(family), to_come=GENERATED) == []
    own = {file: (family.folder / file).read_bytes() for file in family.rules + family.laboratory}
    first = {path.name: path.read_bytes() for path in (lab.CORE, lab.HAND)}
    laboratory = {**first, **own, lab.LAB.name: lab.LAB.read_bytes()}
    order = json.dumps(list(laboratory)).encode()
    assert layers.problems({**laboratory, "manifest.json": order}) == []


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_rules_need_nothing_of_the_browser_and_nothing_of_the_views(name: str) -> None:
    """The scripts that V8 runs too may not even name what only a browser has."""
    family = FAMILIES[name]
    for file in family.rules:
        code = (family.folder / file).read_text()
        for word in ("document", "window", "Math.random", "Date", "performance", "View"):
            assert not re.search(rf"(?<![\w.]){re.escape(word)}\b", _without_comments(code)), (file, word)


def _without_comments(code: str) -> str:
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", code, flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_scripts_of_every_family_build_into_a_small_player(name: str, make_gdd: Any) -> None:
    gdd = make_gdd()
    files = {f"web/src/{file}": content for file, content in sources(FAMILIES[name]).items()}
    files |= {
        "web/src/events.js": javascript(event_spec(gdd)),
        "web/index.html": page(gdd),
        "web/game.json": b"{}",
    }
    player = WebBuilder().build(files, "1.0.0").files["player.js"]
    assert len(gzip.compress(player)) < 48_000, "as it travels"
    assert b"Solver" not in player, "the solver is not shipped"


def test_the_page_says_the_games_name_safely(make_gdd: Any) -> None:
    text = page(make_gdd(name='Tom & "Jerry" <b>', tagline="$5 a run")).decode()
    assert "<title>Tom &amp; &quot;Jerry&quot; &lt;b&gt;</title>" in text
    assert 'content="$5 a run"' in text
    assert "<b>" not in text
