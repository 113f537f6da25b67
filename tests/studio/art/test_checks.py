import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.studio.art.checks import find_problems
from gamefactory_dagster.studio.art.colour import contrast, from_hex, from_oklch, luminance
from gamefactory_dagster.studio.art.palette import make_palette
from gamefactory_dagster.studio.art.picture import decode, encode
from gamefactory_dagster.studio.art.styles import STYLE_TABLE
from gamefactory_dagster.studio.art.themes import THEME_ART
from gamefactory_dagster.studio.design.gdd import STYLES


def planted(kit, name, change):
    """The kit with the picture ``name`` changed."""
    pictures = [
        dataclasses.replace(picture, png=change(picture.png)) if picture.name == name else picture
        for picture in kit.pictures
    ]
    return dataclasses.replace(kit, pictures=tuple(pictures))


def drowned(kit):
    """A hero in the very colour of what is behind him."""
    from PIL import Image

    from gamefactory_dagster.studio.art.poster import stack

    layers = {name: decode(kit.picture(name).png) for name in ("bg_far", "bg_mid", "bg_near")}
    layers["bg_far"] = layers["bg_far"].convert("RGB")
    colour = stack(layers).crop((0, 240, 960, 480)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))

    def repaint(png):
        hero = decode(png)
        painted = Image.new("RGBA", hero.size, (*colour, 255))
        painted.putalpha(hero.getchannel("A"))
        return encode(painted)

    return planted(kit, "hero", repaint)


def half_black(image):
    image.paste((0, 0, 0, 255), (image.width // 2, 0, image.width, image.height))
    return image


def test_a_hero_that_drowns_in_the_background_is_found(runner_kit):
    assert find_problems(runner_kit) == []
    problems = find_problems(drowned(runner_kit))
    assert len(problems) == 6
    assert all(problem.startswith("hero: frame") and "contrast" in problem for problem in problems)


def test_a_tile_in_the_colour_of_its_cell_is_found(puzzle_kit):
    from PIL import Image

    cell = decode(puzzle_kit.picture("cell").png)

    def repaint(png):
        tile = decode(png)
        painted = Image.new("RGBA", tile.size, cell.getpixel((32, 32)))
        painted.putalpha(tile.getchannel("A"))
        return encode(painted)

    problems = find_problems(planted(puzzle_kit, "tile_2", repaint))
    assert [problem.split(":")[0] for problem in problems] == ["tile_2"]


def test_two_tiles_of_one_shape_are_found_even_in_two_colours(puzzle_kit):
    from PIL import ImageOps

    first = puzzle_kit.picture("tile_0").png

    def recoloured(_):
        image = decode(first)
        other = ImageOps.invert(image.convert("RGB"))
        other.putalpha(image.getchannel("A"))
        return encode(other)

    problems = find_problems(planted(puzzle_kit, "tile_4", recoloured))
    assert any(problem.startswith("tile_0 and tile_4: silhouettes") for problem in problems)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("hero", lambda png: b"not a picture", "not a readable PNG"),
        ("bg_near", lambda png: encode(decode(png).convert("RGB")), "partly transparent"),
        ("bg_far", lambda png: encode(decode(png).resize((480, 270))), "is (480, 270)"),
        ("coin", lambda png: encode(decode(png).point(lambda value: 0)), "is empty"),
        ("bg_mid", lambda png: encode(decode(png).crop((0, 0, 480, 540)).resize((960, 540), 0)), "seam"),
        ("ground", lambda png: encode(half_black(decode(png))), "seam"),
    ],
)
def test_a_broken_picture_is_found(runner_kit, name, change, words):
    problems = find_problems(planted(runner_kit, name, change))
    assert any(problem.startswith(name) and words in problem for problem in problems)


def test_a_missing_picture_and_a_faint_palette_are_found(runner_kit):
    fewer = dataclasses.replace(runner_kit, pictures=runner_kit.pictures[1:])
    assert find_problems(fewer) == ["hero: missing"]
    faint = dataclasses.replace(
        runner_kit, palette={**runner_kit.palette, "ink": runner_kit.palette["paper"]}
    )
    assert any(problem.startswith("palette: ink on paper") for problem in find_problems(faint))


@settings(deadline=None)
@given(st.integers(0, 359), st.sampled_from(sorted(THEME_ART)), st.sampled_from(STYLES))
def test_text_can_be_read_in_every_palette(hue, theme, style):
    shell = make_palette(hue, THEME_ART[theme], STYLE_TABLE[style]).shell
    assert set(shell) == {"sky", "ground", "ink", "accent", "panel", "paper"}
    colours = {name: from_hex(value) for name, value in shell.items()}
    for one, other in (("ink", "paper"), ("ink", "panel"), ("accent", "paper")):
        assert contrast(colours[one], colours[other]) >= 4.5


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 0.4), st.floats(-720, 720))
def test_every_colour_is_in_gamut_and_as_light_as_asked(lightness, chroma, hue):
    colour = from_oklch(lightness, chroma, hue)
    assert all(0 <= channel <= 255 for channel in colour)
    # A grey of the same OKLab lightness has luminance lightness**3; hue moves it, never across the range.
    assert abs(luminance(colour) ** (1 / 3) - lightness) < 0.16


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
