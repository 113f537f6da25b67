import itertools
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageFilter

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.studio.art import backdrop
from gamefactory_dagster.studio.art.atlas import pack
from gamefactory_dagster.studio.art.backdrop import draw_backgrounds
from gamefactory_dagster.studio.art.checks import (
    MAX_BYTES,
    find_problems,
    silhouette_overlap,
)
from gamefactory_dagster.studio.art.draw import draw_kit
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.pen import Pen
from gamefactory_dagster.studio.art.picture import decode
from gamefactory_dagster.studio.art.poster import title_box
from gamefactory_dagster.studio.art.requests import Placed, SpriteRequest
from gamefactory_dagster.studio.art.seams import seam_difference
from gamefactory_dagster.studio.art.sheet import contact_sheet
from gamefactory_dagster.studio.art.sprites import SpriteMaker
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design.gdd import STYLES, Theme
from gamefactory_dagster.studio.design.parts import OWN_PARTS, TILES

from .conftest import PUZZLE, RUNNER, kit_of

THEMES = tuple(THEME_ART)
DIAGONAL = [
    pytest.param(
        STYLES[i % len(STYLES)], theme, 31 * i % 360, bool(i % 2), marks=[pytest.mark.slow] * (i >= 4)
    )
    for i, theme in enumerate(THEMES)
]
"""Every theme and every style once; the first four among the quick tests."""


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_brought_home_is_no_tile_and_no_twin_of_one(theme: str) -> None:
    parts = OWN_PARTS[theme]
    assert parts["item"] not in [parts[tile] for tile in TILES]


def test_the_styles_and_themes_are_those_of_the_design_document():
    assert tuple(STYLE_TABLE) == STYLES
    assert set(THEMES) == set(get_args(Theme))


@pytest.mark.parametrize(("style", "theme", "hue", "puzzle"), DIAGONAL)
def test_every_theme_and_every_style_gives_a_kit_without_problems(style, theme, hue, puzzle):
    kit = kit_of(style, theme, hue, puzzle=puzzle)
    assert find_problems(kit) == []
    wanted = {sprite.name for sprite in kit.request.sprites} | {
        "bg_far",
        "bg_mid",
        "bg_near",
        "icon",
        "splash",
        "crest",
    }
    assert {picture.name for picture in kit.pictures} == wanted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param(row, column, marks=[pytest.mark.exhaustive] if (row + column) % 15 else [])
        for row in range(len(THEMES))
        for column in range(len(STYLES))
        if (row + column) % 5 == 0
    ],
)
def test_styles_fit_themes_they_were_not_drawn_for(row, column):
    """A fifth of all pairs: each style with two themes or three, a game's long name on each."""
    style, theme = STYLES[column], THEMES[row]
    request = PUZZLE if (row + column) % 2 else RUNNER
    hue = (row * 67 + column * 41) % 360
    kit = draw_kit(
        replace(request, style=style, theme=theme, hue=hue, seed=9, name="A Rather Long Game Name")
    )
    assert find_problems(kit) == []
    assert len(contact_sheet(kit)) <= 150_000


@pytest.mark.slow
def test_another_process_draws_the_same_bytes(runner_kit):
    program = (
        "import hashlib\n"
        "from gamefactory_dagster.studio.art.atlas import pack\n"
        "from gamefactory_dagster.studio.art.sheet import contact_sheet\n"
        "from tests.studio.art.conftest import kit_of\n"
        "kit = kit_of('watercolor', 'jungle', 77)\n"
        "parts = [p.png for p in kit.pictures] + [pack(kit.sprites())[0], contact_sheet(kit)]\n"
        "print(hashlib.sha256(b''.join(parts)).hexdigest())\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop().strip()) == 64


@pytest.mark.slow
def test_seed_hue_and_style_each_change_the_pictures():
    base = kit_of("pixel_retro", "city")
    assert kit_of("pixel_retro", "city", seed=4).picture("bg_mid").png != base.picture("bg_mid").png
    assert kit_of("pixel_retro", "city", 20).picture("bg_far").png != base.picture("bg_far").png
    assert kit_of("soft_pastel", "city").picture("hero").png != base.picture("hero").png


@pytest.mark.parametrize("style", STYLES)
def test_backgrounds_repeat_sideways_without_a_seam(style):
    theme = THEME_ART[THEMES[STYLES.index(style)]]
    look = STYLE_TABLE[style]
    for image in draw_backgrounds(look, theme, make_palette(200, theme, look), 5).values():
        seam, usual = seam_difference(image.convert("RGBA"))
        assert seam <= max(1.0, usual * 1.5)


def test_a_layer_that_has_a_wall_along_its_seam_is_drawn_anew(monkeypatch):
    walled = np.full((540, 960, 4), 255, np.uint8)
    walled[200:440, 480:] = (0, 0, 0, 255)
    drawn = []

    def draw(style, palette, theme, depth, luck):
        drawn.append(luck)
        return Image.fromarray(np.roll(walled, 99 * (luck != "5"), axis=1))

    monkeypatch.setattr(backdrop, "_drawn", draw)
    style, theme = STYLE_TABLE["flat_modern"], THEME_ART["city"]
    layers = draw_backgrounds(style, theme, make_palette(200, theme, style), 5)
    assert seam_difference(layers["bg_mid"])[0] == 0
    assert drawn == ["5", "5:1"] * 3


def test_the_seam_test_notices_a_background_that_does_not_repeat(runner_kit):
    image = decode(runner_kit.picture("bg_mid").png)
    seam, usual = seam_difference(image.crop((0, 0, 480, 540)))
    assert seam > max(1.0, usual * 1.5)


def test_an_outline_along_the_seam_is_no_seam():
    whole = np.full((540, 960, 4), 255, np.uint8)
    whole[200:240, 0] = (0, 0, 0, 255)
    seam, usual = seam_difference(Image.fromarray(whole))
    assert seam == usual > 1


def test_tiles_differ_by_shape_in_every_theme():
    style = STYLE_TABLE["flat_modern"]
    for theme in THEME_ART.values():
        maker = SpriteMaker(style, theme, make_palette(200, theme, style), 1)
        tiles = [maker.close_up(SpriteRequest(f"tile_{i}", "tile", f"tile_{i}", 64, 64), 1) for i in range(6)]
        assert max(silhouette_overlap(a, b) for a, b in itertools.combinations(tiles, 2)) < 0.93


@pytest.mark.parametrize("theme", ("city", "castle", "volcano"))
def test_where_things_glow_a_tube_of_light_goes_round_a_hero_however_grey(theme):
    style = STYLE_TABLE["neon_futuristic"]
    art = THEME_ART[theme]
    maker = SpriteMaker(style, art, make_palette(200, art, style), 1)
    hero = maker.close_up(SpriteRequest("hero", "hero", "hero", 96, 128), 1)
    solid = hero.getchannel("A").point([255 if value > 200 else 0 for value in range(256)])
    inner = np.asarray(solid.filter(ImageFilter.MinFilter(5))) > 0
    light = np.asarray(hero.convert("RGB")).max(axis=2)
    edge = (np.asarray(solid) > 0) & ~inner
    assert np.median(light[edge]) > 180
    assert np.median(light[edge]) > 1.5 * np.median(light[inner])


@pytest.mark.parametrize("theme", THEMES)
def test_no_hero_nor_its_light_is_cut_off_at_the_edge_of_its_picture(theme):
    style = STYLE_TABLE["neon_futuristic"]
    art = THEME_ART[theme]
    maker = SpriteMaker(style, art, make_palette(200, art, style), 1)
    hero = maker.close_up(SpriteRequest("hero", "hero", "hero", 96, 128), 1)
    alpha = np.asarray(hero.getchannel("A"))
    edges = (alpha[:, 0], alpha[:, -1], alpha[0], alpha[-1])
    assert max(edge.max() for edge in edges) < 110


def test_running_moves_the_legs_and_coins_turn(runner_kit):
    hero = decode(runner_kit.picture("hero").png)
    frames = [hero.crop((i * 96, 0, i * 96 + 96, 128)).tobytes() for i in range(6)]
    assert len(set(frames)) == 6
    coin = decode(runner_kit.picture("coin").png)
    boxes = [coin.crop((i * 56, 0, i * 56 + 56, 56)).getbbox() for i in range(4)]
    widths = [right - left for left, _, right, _ in boxes]
    assert widths[0] > widths[1] > widths[2] > widths[3]


@pytest.mark.parametrize("theme", THEMES)
def test_a_hero_fills_its_picture_and_holds_itself_as_it_is_asked(theme):
    look = STYLE_TABLE["flat_modern"]
    maker = SpriteMaker(look, THEME_ART[theme], make_palette(200, THEME_ART[theme], look), 1)
    poses = {
        pose: maker.close_up(SpriteRequest("hero", "hero", "hero", 96, 128, pose=pose), 1)
        for pose in ("run", "jump", "fall", "hurt", "cheer")
    }
    for pose, image in poses.items():
        left, top, right, bottom = image.getbbox()
        assert bottom - top >= 0.75 * 128, (theme, pose)
        assert right - left >= 0.7 * 96, (theme, pose)
    alike = [silhouette_overlap(a, b) for a, b in itertools.combinations(poses.values(), 2)]
    assert max(alike) < 0.97


@pytest.mark.parametrize("theme", THEMES)
def test_three_hazards_of_a_kind_are_three_pictures(theme):
    look = STYLE_TABLE["colorful_cartoon"]
    maker = SpriteMaker(look, THEME_ART[theme], make_palette(200, THEME_ART[theme], look), 1)
    for kind, size in (("hazard_low", (72, 72)), ("hazard_tall", (72, 144)), ("hazard_fly", (98, 70))):
        three = [maker.close_up(SpriteRequest(kind, "hazard", kind, *size, variant=i), 1) for i in range(3)]
        for one, other in itertools.combinations(three, 2):
            assert _difference(one, other) > 12, (theme, kind)


def _difference(one, other):
    """Mean difference of two pictures on grey, 0 to 255, where either is to be seen."""
    from PIL import Image, ImageChops, ImageStat

    shown = []
    for image in (one, other):
        grey = Image.new("RGB", image.size, (128, 128, 128))
        grey.paste(image, mask=image.getchannel("A"))
        shown.append(grey)
    either = ImageChops.lighter(one.getchannel("A"), other.getchannel("A")).point([0] * 64 + [255] * 192)
    return sum(ImageStat.Stat(ImageChops.difference(*shown), either).mean) / 3


def test_the_name_on_the_title_picture_covers_nothing():
    sizes = {sprite.name: (sprite.width, sprite.height) for sprite in RUNNER.sprites}
    left, top, right, bottom = title_box(RUNNER)
    assert right - left > 500
    for placed in RUNNER.splash:
        wide, high = (side * placed.enlarge for side in sizes[placed.sprite])
        apart = placed.x >= right or placed.x + wide <= left or placed.y >= bottom or placed.y + high <= top
        assert apart, placed
    assert title_box(PUZZLE) == (40, 18, 920, 238), "nothing of it reaches up there"


def test_the_hero_is_large_on_title_and_icon():
    heights = {sprite.name: sprite.height for sprite in RUNNER.sprites}
    for places, whole in ((RUNNER.icon, 512), (RUNNER.splash, 540)):
        heroes = [heights[p.sprite] * p.enlarge for p in places if p.sprite.startswith("hero")]
        assert max(heroes) > 0.65 * whole


def test_the_atlas_holds_every_frame_apart_from_the_others(runner_kit):
    png, index = pack(runner_kit.sprites())
    atlas = decode(png)
    frames = index["frames"]
    for sprite in RUNNER.sprites:
        strip = decode(runner_kit.picture(sprite.name).png)
        assert frames[sprite.name] == frames[f"{sprite.name}_0"]
        for frame in range(sprite.frames):
            x, y, w, h = frames[f"{sprite.name}_{frame}"]
            assert (w, h) == (sprite.width, sprite.height)
            expected = strip.crop((frame * w, 0, frame * w + w, h))
            assert _difference(atlas.crop((x, y, x + w, y + h)), expected) < 8, "its colours are a few less"
    places = sorted({tuple(box) for box in frames.values()})
    for (x, y, w, h), (x2, y2, w2, h2) in itertools.combinations(places, 2):
        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    assert all(x + w <= atlas.width and y + h <= atlas.height for x, y, w, h in places)


def test_a_kit_and_its_sheet_are_small(runner_kit, puzzle_kit):
    for kit in (runner_kit, puzzle_kit, kit_of("watercolor", "reef"), kit_of("hand_drawn", "candy")):
        published = ("bg_far", "bg_mid", "bg_near", "icon", "splash", "crest")
        assert (
            len(pack(kit.sprites())[0]) + sum(len(kit.picture(name).png) for name in published) <= MAX_BYTES
        )
        assert len(contact_sheet(kit)) <= 150_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "oil"}, "style"),
        ({"theme": "moon"}, "theme"),
        ({"hue": 360}, "hue"),
        ({"sprites": RUNNER.sprites * 2}, "sprites"),
        ({"sprites": (SpriteRequest("hero", "hero", "hero", 4000, 64),)}, "sprites"),
        ({"sprites": (SpriteRequest("gate", "ui", "portcullis", 32, 32),)}, "sprites"),
        ({"sprites": (SpriteRequest("gem", "pickup", "gem", 32, 32, tint="mauve"),)}, "sprites"),
        ({"sprites": (SpriteRequest("gem", "pickup", "gem", 32, 32, behind="cell"),)}, "sprites"),
        ({"icon": (Placed("door", 0, 0, 1),)}, "icon"),
        ({"splash": (Placed("door", 0, 0, 1),)}, "splash"),
    ],
)
def test_a_request_nobody_can_draw_is_refused_by_name(change, field):
    bare = replace(RUNNER, icon=(), splash=())
    with pytest.raises(InputError) as refusal:
        draw_kit(replace(bare, **change))
    assert refusal.value.field == field


def test_the_name_is_drawn_whatever_script_it_is_in():
    from gamefactory_dagster.studio.art.lettering import drawable

    assert drawable("Café Dash") in {"Café Dash", "Cafe Dash"}
    assert drawable("海 Runner") == "Runner"
    assert drawable("海") == "Game"


@pytest.mark.parametrize("style", STYLES)
def test_what_is_cut_off_changes_nothing_of_what_is_left(style):
    """Shapes on either side of both edges, whole lines of them included."""
    look = replace(STYLE_TABLE[style], outline=0.0, glow=0.0)
    palette = make_palette(120, THEME_ART["reef"], look)

    def drawn(cut):
        pen = Pen((240, 60), (240, 60), look, palette, seed="1", zoom=2, cut=cut)
        for x in range(0, 240, 7):
            pen.oval(x, 30 + x % 11, 9, 14, "main")
            pen.rect(x, 40, 30, 12, "teal", 3)
        return pen.finish()

    assert drawn(60).tobytes() == drawn(0).crop((60, 0, 180, 60)).tobytes()
