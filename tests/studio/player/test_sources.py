"""The player's files: whole, in order, and the same for every family but for its own two."""

import json
from typing import Any

import pytest

from gamefactory_dagster.studio.build import WebBuilder
from gamefactory_dagster.studio.event_spec import event_spec, javascript
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.player import OF_FAMILY, page, sources


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_the_manifest_names_every_file_and_the_generated_one(name: str) -> None:
    files = sources(FAMILIES[name])
    manifest = json.loads(files.pop("manifest.json"))
    assert set(manifest) == {*files, "events.js"}
    assert manifest[0] == "core.js"
    assert manifest[-1] == "main.js"
    for own in OF_FAMILY:
        assert files[own] == (FAMILIES[name].folder / own).read_bytes()


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
    assert len(player) < 60_000
    assert b"Solver" not in player, "the solver is not shipped"


def test_the_page_says_the_games_name_safely(make_gdd: Any) -> None:
    text = page(make_gdd(name='Tom & "Jerry" <b>', tagline="$5 a run")).decode()
    assert "<title>Tom &amp; &quot;Jerry&quot; &lt;b&gt;</title>" in text
    assert 'content="$5 a run"' in text
    assert "<b>" not in text
