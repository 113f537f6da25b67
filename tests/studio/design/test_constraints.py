"""What a batch may ask for, and how it is told when it asks for something else."""

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.design.constraints import Constraints
from gamefactory_dagster.studio.design.library import PRESENTATION

EVERYTHING = {
    "styles": ["low_poly", "watercolor"],
    "themes": ["reef"],
    "mechanics_required": ["spawner"],
    "mechanics_excluded": ["health_system"],
    "free_levels": 2,
    "max_difficulty": 60,
}

FOUR = ["spawner", "score_system", "card_flip", "tap_jump"]


def test_every_key_is_kept_as_given():
    assert Constraints.from_json(EVERYTHING).as_json() == EVERYTHING
    assert Constraints.from_json({}).as_json() == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "constraints"),
        ("styles", "constraints"),
        ({"budget": 3}, "constraints"),
        ({"styles": ["baroque"]}, "constraints.styles"),
        ({"styles": "low_poly"}, "constraints.styles"),
        ({"styles": ["low_poly", "low_poly"]}, "constraints.styles"),
        ({"styles": ["low_poly"] * 5000}, "constraints.styles"),
        ({"themes": ["moon"]}, "constraints.themes"),
        ({"themes": None}, "constraints.themes"),
        ({"mechanics_required": ["teleport"]}, "constraints.mechanics_required"),
        ({"mechanics_required": FOUR}, "constraints.mechanics_required"),
        ({"mechanics_required": FOUR[:1], "mechanics_excluded": FOUR[:1]}, "constraints.mechanics_required"),
        ({"mechanics_excluded": [7]}, "constraints.mechanics_excluded"),
        ({"free_levels": 0}, "constraints.free_levels"),
        ({"free_levels": 4}, "constraints.free_levels"),
        ({"free_levels": "2"}, "constraints.free_levels"),
        ({"free_levels": True}, "constraints.free_levels"),
        ({"max_difficulty": 29}, "constraints.max_difficulty"),
        ({"max_difficulty": 101}, "constraints.max_difficulty"),
        ({"max_difficulty": 50.5}, "constraints.max_difficulty"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(given, field):
    with pytest.raises(InputError) as caught:
        Constraints.from_json(given)
    assert caught.value.field == field
    assert caught.value.expected
    assert len(str(caught.value)) < 700


def test_narrowing_keeps_the_core_and_what_the_family_realises():
    constraints = Constraints.from_json(
        {"mechanics_required": ["card_flip", "spawner"], "mechanics_excluded": ["health_system"]}
    )
    realised = {"tap_jump", "spawner", "health_system", "score_system"}
    assert constraints.narrow(("tap_jump",), realised) == (("tap_jump", "spawner"), ("score_system",))


def test_what_is_only_seen_is_in_every_game_and_neither_takes_a_place_nor_can_be_left_out():
    realised = {"tap_jump", "spawner", *PRESENTATION}
    asked = Constraints.from_json({"mechanics_required": ["particle_effects", "spawner"]})
    assert asked.narrow(("tap_jump",), realised) == (("tap_jump", "spawner"), ())
    assert Constraints().narrow(("tap_jump",), realised) == (("tap_jump",), ("spawner",))
    still = Constraints.from_json({"mechanics_excluded": ["camera_follow"]})
    with pytest.raises(InputError, match=r"mechanics_excluded.*camera_follow"):
        still.narrow(("tap_jump",), realised)
    assert still.narrow(("tap_jump",), {"tap_jump", "spawner"}) == (("tap_jump",), ("spawner",))


def test_the_core_of_a_family_cannot_be_excluded():
    constraints = Constraints.from_json({"mechanics_excluded": ["tap_jump"]})
    with pytest.raises(InputError, match=r"mechanics_excluded.*tap_jump"):
        constraints.narrow(("tap_jump",), {"tap_jump", "spawner"})
