"""The step that makes pictures and sounds: what it files, and what it enters about each file."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

from gamefactory_dagster.production.steps import asset_generation
from gamefactory_dagster.production.steps.game_data import sounds_of
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.providers import ProceduralIllustrator
from tests.studio.conftest import design

GUIDE = {
    "style": "flat_modern", "theme": "reef", "hue": 190, "mood": "bright", "tempo": 120,
    "cast": {"hero": "turtle", "scenery": "lighthouse"},
}  # fmt: skip


def test_every_file_has_a_row_with_its_type_size_and_checksum_and_whose_work_it_is() -> None:
    gdd, family = design(mechanics=("tap_jump",), style_guide=GUIDE), FAMILIES["runner"]
    providers = SimpleNamespace(illustrator=ProceduralIllustrator())
    job: Any = SimpleNamespace(gdd=gdd, family=family, providers=providers, check=lambda: None)
    result = asset_generation.run(job)
    assert result.checks == {"art": [], "sound": []}
    rows = {row["filename"]: row for row in result.assets if row["asset_type"] in ("sound_effect", "music")}
    files = {path: data for path, data in result.changes.items() if path.startswith("web/audio/")}
    assert set(files) == {f"web/audio/{name}" for name in rows}
    for name, row in rows.items():
        content = files[f"web/audio/{name}"] or b""
        assert row["size_bytes"] == len(content) > 0
        assert row["checksum"] == hashlib.sha256(content).hexdigest()
        assert row["format"] == name.rpartition(".")[2]
    assert {row["asset_type"] for row in rows.values()} == {"sound_effect", "music"}
    score = json.loads(files["web/audio/score.json"] or b"")
    assert set(score["effects"]) == set(sounds_of(family, gdd))
    assert rows["score.json"]["metadata"]["seconds"] >= 45
    pictures = {row["filename"]: row["metadata"] for row in result.assets if "width" in row}
    credited = {name for name, about in pictures.items() if "credit" in about}
    heroes = {"hero.png", "hero_jump.png", "hero_fall.png", "hero_hurt.png", "hero_cheer.png"}
    assert credited == heroes | {"icon.png", "splash.png", "crest.png"}, "what shows the turtle of Twemoji"
    assert pictures["hero.png"]["credit"]["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert pictures["bg_near.png"]["subjects"] == ["lighthouse"], "which is the factory's own"
