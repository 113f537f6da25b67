"""Kits of games that somebody wished something of: a cast in its parts, scenery, day and night."""

from dataclasses import replace

import numpy as np
import pytest

from gamefactory_dagster.studio.art.backdrop import draw_backgrounds
from gamefactory_dagster.studio.art.checks import find_problems
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.picture import decode
from gamefactory_dagster.studio.art.requests import SpriteRequest
from gamefactory_dagster.studio.art.seams import seam_difference
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART, dressed
from gamefactory_dagster.studio.art.tints import dealt
from gamefactory_dagster.studio.art.visibility import relative_luminance
from tools.outlines import TABLE, outline

from .conftest import PUZZLE, RUNNER

WISHED = [
    pytest.param(PUZZLE, "watercolor", "arctic", {"tile_0": "lighthouse", "scenery": "lighthouse"}, "night"),
    pytest.param(
        RUNNER, "flat_modern", "garden",
        {"hero": "turtle", "coin": "pear", "hazard_tall": "fox", "scenery": "windmill"}, "day",
    ),
    pytest.param(PUZZLE, "low_poly", "reef", {f"tile_{i}": name for i, name in enumerate(
        ("submarine", "treasure chest", "pirate ship", "anchor", "octopus", "lantern"))}, "day",
        marks=pytest.mark.slow),
    pytest.param(
        RUNNER, "pixel_retro", "castle", {"hero": "pirate", "hazard_low": "dragon", "scenery": "school"},
        "night", marks=pytest.mark.slow,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "style", "theme", "cast", "light"),
    WISHED,
    ids=["lighthouses at night", "turtle by day", "six tiles", "pirate at night"],
)
def test_a_kit_with_a_cast_has_no_problems_and_says_what_it_shows(asked, style, theme, cast, light):
    request = replace(asked, style=style, theme=theme, hue=200, seed=3, cast=cast, light=light)
    kit = draw_kit(request)
    assert find_problems(kit) == []
    shown = {name for picture in kit.pictures for name in request.cast_in(picture.name)}
    assert shown == set(cast.values())
    for part, subject in cast.items():
        if part in {"hero", "tile_0"}:
            assert subject in request.cast_in("icon")
            assert subject in request.cast_in("splash")
            assert request.cast_in("coin") == tuple(filter(None, [cast.get("coin")]))
    (dark,) = np.quantile(relative_luminance(np.asarray(decode(kit.picture("bg_far").png))[:, :, :3]), [0.5])
    assert (dark < 0.2) == (light == "night")


@pytest.mark.parametrize(
    ("style", "subject"),
    [("colorful_cartoon", "lighthouse"), ("hand_drawn", "hot air balloon"), ("pixel_retro", "fairy castle")],
    ids=["lighthouse", "balloon", "castle"],
)
def test_scenery_stands_in_every_layer_and_has_no_seam(style, subject):
    look = STYLE_TABLE[style]
    theme = dressed("castle", {"scenery": subject}, "night")
    palette = make_palette(200, theme, look, "night")
    with_it = draw_backgrounds(look, theme, palette, 5)
    without = draw_backgrounds(look, replace(theme, scenery=""), palette, 5)
    for name, image in with_it.items():
        assert image.tobytes() != without[name].tobytes()
        seam, usual = seam_difference(image.convert("RGBA"))
        assert seam <= max(1.0, usual * 1.5)


def test_night_is_dark_in_styles_of_the_day_and_styles_of_the_night_know_no_day():
    theme = THEME_ART["desert"]
    for style in STYLE_TABLE.values():
        assert make_palette(40, theme, style, "night").night
        assert make_palette(40, theme, style, "day").night == (style.light == "night")


def test_no_tile_is_tinted_as_one_is_that_brings_its_own_colours():
    tiles = [SpriteRequest(f"tile_{i}", "tile", f"tile_{i}", 64, 64, tint=f"tile{i}") for i in range(6)]
    alone = dealt(tiles, THEME_ART["city"])
    assert alone == tuple(tiles)
    found = dealt(tiles, dressed("city", {"tile_4": "fire truck"}, None))
    assert [sprite.tint for sprite in found] == ["tile4", *(f"tile{i}" for i in range(1, 6))]


def test_the_table_of_outlines_is_that_of_what_is_drawn():
    rows = dict(line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines())
    for name in ("lighthouse", "tile_fish", "fox"):
        assert rows[name] == outline(name)
