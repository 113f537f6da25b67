"""What a game will be built of and look like, in a few numbers."""

from typing import Any

from gamefactory_dagster.studio.design.similarity import LOOKS, similarity
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.families.looks import elements, looks

RUNNER = FAMILIES["runner"]


def test_elements_are_counted_by_list_and_by_kind() -> None:
    level = {
        "number": 3, "seed": 9, "speed": 96, "hold": 0, "gaps": [[300, 40], [900, 50]],
        "hazards": [[1, 500, 0, 0], [0, 700, 0, 0], [1, 800, 0, 0]], "covers": [12, 14], "none": [],
        "goals": [{"kind": 1}],
    }  # fmt: skip
    assert elements(level) == {
        "speed": 96, "gaps": 2, "hazards": 3, "hazards 0": 1, "hazards 1": 2, "covers": 2, "goals": 1,
    }  # fmt: skip


def test_every_familys_games_say_what_they_are(make_gdd: Any) -> None:
    for name, family in FAMILIES.items():
        said = looks(family, make_gdd(family=name, mechanics=family.core))
        assert tuple(said) == LOOKS
        assert len(said["structure"]) == 10
        assert all(len(level) >= 4 for level in said["structure"])
        assert len(said["colours"]) == len({*said["colours"]}) == 9


def test_two_runners_in_one_skin_are_told_apart_by_their_levels(make_gdd: Any) -> None:
    """The same but for the seed and the mechanics, whose weight alone would leave them alike."""
    one = make_gdd(mechanics=("tap_jump", "collision_detection"), seed=1)
    other = make_gdd(mechanics=("tap_jump", "spawner"), seed=2)
    plain = similarity(one, other)
    seen = [{**gdd.model_dump(), **looks(RUNNER, gdd)} for gdd in (one, other)]
    built = {"structure": seen[0]["structure"]}, {"structure": seen[1]["structure"]}
    assert similarity(*built) < 0.8
    assert similarity({"colours": seen[0]["colours"]}, {"colours": seen[1]["colours"]}) == 1.0
    assert similarity(*seen) != plain
    assert similarity(seen[0], seen[0]) == 1.0


def test_two_skins_are_told_apart_by_their_colours(make_gdd: Any) -> None:
    def coloured(**guide: Any) -> dict[str, Any]:
        style = {"style": "flat_modern", "theme": "reef", "hue": 190, "mood": "bright", "tempo": 120} | guide
        return {"colours": looks(RUNNER, make_gdd(style_guide=style))["colours"]}

    reef, near, dark = coloured(), coloured(hue=196), coloured(style="neon_futuristic", theme="volcano")
    assert similarity(reef, near) > similarity(reef, dark) + 0.2
